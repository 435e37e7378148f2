// The canonical bytes of a row of truth, the same in every store and on any number of shards, and the hashes over them:
// eight bytes beside each row find a flipped bit, sixteen go into the digest of the whole network.

internal import Crypto

/// One row of truth in canonical form.
package enum TruthRow: Equatable, Sendable {
    /// An account.
    case account(AccountRecord)
    /// A confirmed handle and the account that it names.
    case handle(key: String, account: UserID)
    /// A follow edge.
    case follow(FollowRecord)
    /// A post.
    case post(PostRecord)
    /// The id of a deleted post; its content is gone.
    case tombstone(PostID)
    /// A remembered command.
    case operation(OperationRecord)
}

/// A remembered command: its idempotency key, scoped by account and verb, and what it made.
package struct OperationRecord: Equatable, Sendable {
    /// Whose command it was.
    package var account: UserID
    /// The verb, such as `post create`.
    package var verb: String
    /// The idempotency key.
    package var key: String
    /// A hash of the arguments, to tell a repetition from another command under the same key.
    package var fingerprint: Int64
    /// The id of what was made.
    package var result: Int64
}

extension TruthRow {
    /// SHA-256 of the canonical bytes.
    package var digest: RowDigest {
        var hasher = RowHasher()
        switch self {
        case .account(let account):
            hasher.begin("a")
            hasher.add(account.id.rawValue)
            hasher.add(account.handle.display)
            for field in [account.profile.name, account.profile.bio, account.profile.location, account.profile.link] {
                hasher.add(field)
            }
            hasher.add(account.activeAt.milliseconds)
        case .handle(let key, let account):
            hasher.begin("h")
            hasher.add(key)
            hasher.add(account.rawValue)
        case .follow(let follow):
            hasher.begin("f")
            hasher.add(follow.follower.rawValue)
            hasher.add(follow.followee.rawValue)
            hasher.add(follow.since.milliseconds)
        case .post(let post):
            hasher.begin("p")
            hasher.add(post.id.rawValue)
            hasher.add(post.author.rawValue)
            hasher.add(post.text)
        case .tombstone(let id):
            hasher.begin("t")
            hasher.add(id.rawValue)
        case .operation(let operation):
            hasher.begin("o")
            hasher.add(operation.account.rawValue)
            hasher.add(operation.verb)
            hasher.add(operation.key)
            hasher.add(operation.fingerprint)
            hasher.add(operation.result)
        }
        return hasher.finish()
    }
}

extension FollowRecord {
    /// A 64-bit hash of the edge.
    ///
    /// Edges carry no hash of their own: each follower keeps the sum of these, which does not depend on order.
    package var mixed: UInt64 {
        let ends =
            Mixing.finalize(UInt64(bitPattern: follower.rawValue) &+ 0x9E37_79B9_7F4A_7C15)
            ^ UInt64(bitPattern: followee.rawValue)
        return Mixing.finalize(Mixing.finalize(ends) &+ UInt64(bitPattern: since.milliseconds))
    }
}

/// The hash of a row.
package struct RowDigest: Equatable, Sendable {
    /// The first eight bytes of the SHA-256, big-endian.
    package var high: UInt64
    /// The second eight bytes.
    package var low: UInt64

    /// The eight bytes that are stored beside a row.
    package var short: Int64 { Int64(bitPattern: high) }
}

/// Builds canonical bytes, each field preceded by its length, and hashes them.
private struct RowHasher {
    private var bytes: [UInt8] = []

    mutating func begin(_ tag: Unicode.Scalar) {
        bytes.reserveCapacity(256)
        bytes.append(UInt8(truncatingIfNeeded: tag.value))
    }

    mutating func add(_ value: Int64) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// An absent text and an empty text hash differently.
    mutating func add(_ text: String?) {
        guard var text else { return add(-1) }
        text.withUTF8 { buffer in
            add(Int64(buffer.count))
            bytes.append(contentsOf: buffer)
        }
    }

    func finish() -> RowDigest {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { digest in
            // Safety: a SHA-256 digest has 32 bytes.
            RowDigest(
                high: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                low: UInt64(bigEndian: digest.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}
