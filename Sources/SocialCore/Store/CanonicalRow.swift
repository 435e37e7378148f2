// The canonical bytes of a row of truth, the same in every store and on any number of shards, and two hashes over
// them: a quick check of eight bytes beside each row finds flipped bits, and sixteen bytes of SHA-256 go into the
// digest of the whole network.

internal import Crypto

/// One row of truth in canonical form.
package enum TruthRow: Equatable, Sendable {
    /// An account.
    case account(AccountRecord)
    /// A confirmed handle and the account that it names.
    case handle(key: String, account: UserID)
    /// A follow edge.
    case follow(FollowRecord)
    /// A block, mute, like or sight.
    case relation(RelationRecord)
    /// A post.
    case post(PostRecord)
    /// What a post said before an edit.
    case version(PostVersion)
    /// The id of a deleted post; its content is gone.
    case tombstone(PostID)
    /// The id of a deleted account; its content is gone.
    case formerAccount(UserID)
    /// A remembered command.
    case operation(OperationRecord)
    /// An uploaded file.
    case media(MediaRecord)
    /// The id of a deleted upload; its content is gone.
    case formerMedia(MediaID)
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

    /// A remembered command.
    package init(account: UserID, verb: String, key: String, fingerprint: Int64, result: Int64) {
        self.account = account
        self.verb = verb
        self.key = key
        self.fingerprint = fingerprint
        self.result = result
    }
}

extension TruthRow {
    /// The eight bytes that are kept beside a row: a mix in which every change of a single word changes the result.
    package var check: UInt64 { canonical.check }

    /// What the row adds to its source's sum: an edge its mix, any other its check.
    package var sumShare: UInt64 {
        if case .follow(let edge) = self { return edge.mixed }
        return check
    }

    /// SHA-256 of the canonical bytes, the first half of it.
    package var digest: RowDigest { canonical.digest }

    /// How many bytes its canonical form has.
    package var sizeBytes: Int { canonical.count }

    private var canonical: CanonicalBytes {
        var bytes = CanonicalBytes()
        switch self {
        case .account(let account):
            bytes.begin("a")
            bytes.add(account.id.rawValue)
            bytes.add(account.handle.display)
            bytes.add(account.profile.name)
            bytes.add(account.profile.bio)
            bytes.add(account.profile.location)
            bytes.add(account.profile.link)
            bytes.add(account.activeAt.milliseconds)
            // What most rows lack is left out, so that their hashes are those of format 1.
            if let fields = account.profile.fields { bytes.add(fields) }
            if let avatar = account.profile.avatar { bytes.add(avatar.rawValue) }
        case .handle(let key, let account):
            bytes.begin("h")
            bytes.add(key)
            bytes.add(account.rawValue)
        case .follow(let follow):
            bytes.begin("f")
            bytes.add(follow.follower.rawValue)
            bytes.add(follow.followee.rawValue)
            bytes.add(follow.since.milliseconds)
        case .relation(let relation):
            bytes.begin("r")
            bytes.add(relation.kind.rawValue)
            bytes.add(relation.actor.rawValue)
            bytes.add(relation.target.rawValue)
            bytes.add(relation.since.milliseconds)
        case .post(let post):
            bytes.begin("p")
            bytes.add(post.id.rawValue)
            bytes.add(post.author.rawValue)
            bytes.add(post.text)
            if !post.isPlain {
                bytes.add(post.replyTo?.rawValue ?? -1)
                bytes.add(post.repostOf?.rawValue ?? -1)
                bytes.add(post.expiresAt?.milliseconds ?? -1)
                bytes.add(post.editedAt?.milliseconds ?? -1)
                if let media = post.mediaText { bytes.add(media) }
            }
        case .version(let version):
            bytes.begin("v")
            bytes.add(version.post.rawValue)
            bytes.add(version.number)
            bytes.add(version.text)
            bytes.add(version.writtenAt.milliseconds)
        case .tombstone(let id):
            bytes.begin("t")
            bytes.add(id.rawValue)
        case .formerAccount(let id):
            bytes.begin("d")
            bytes.add(id.rawValue)
        case .operation(let operation):
            bytes.begin("o")
            bytes.add(operation.account.rawValue)
            bytes.add(operation.verb)
            bytes.add(operation.key)
            bytes.add(operation.fingerprint)
            bytes.add(operation.result)
        case .media(let media):
            bytes.begin("m")
            bytes.add(media.id.rawValue)
            bytes.add(media.author.rawValue)
            bytes.add(media.content.name)
            bytes.add(media.content.type)
            bytes.add(media.content.object.bytes)
            bytes.add(media.content.sizeBytes)
            bytes.add(media.content.checks)
            bytes.add(media.content.width ?? -1)
            bytes.add(media.content.height ?? -1)
            bytes.add(media.content.frames ?? -1)
            bytes.add(media.content.durationMilliseconds ?? -1)
            if let look = media.content.look {
                bytes.add(look.colour)
                bytes.add(look.blur)
                bytes.add(look.likeness)
            } else {
                bytes.add(-1)
            }
            bytes.add(media.content.caption)
            bytes.add(media.content.alt)
            bytes.add(media.content.tags)
            // Rows of format 4 have none, and keep their hash.
            if let segmentation = media.content.segmentation { bytes.add(segmentation.coded) }
        case .formerMedia(let id):
            bytes.begin("n")
            bytes.add(id.rawValue)
        }
        return bytes
    }
}

extension TruthRow {
    /// The slot that a row belongs to.
    package var slot: Slot {
        switch self {
        case .account(let account): account.id.slot
        case .handle(let key, _): Slot(ofKey: key)
        case .follow(let edge): edge.follower.slot
        case .relation(let relation): relation.actor.slot
        case .post(let post): post.id.slot
        case .version(let version): version.post.slot
        case .tombstone(let id): id.slot
        case .formerAccount(let id): id.slot
        case .operation(let operation):
            // What is remembered of a post lies with the post, which may not lie with its author.
            operation.verb == "post create" ? PostID(rawValue: operation.result).slot : operation.account.slot
        case .media(let media): media.id.slot
        case .formerMedia(let id): id.slot
        }
    }
}

extension TruthRow {
    /// The id that is the row's own: an account's, a post's or an upload's, also of one that is gone.
    package var identity: Int64? {
        switch self {
        case .account(let account): account.id.rawValue
        case .formerAccount(let id): id.rawValue
        case .post(let post): post.id.rawValue
        case .tombstone(let id): id.rawValue
        case .media(let media): media.id.rawValue
        case .formerMedia(let id): id.rawValue
        default: nil
        }
    }

    /// What a message calls the row.
    package var title: String {
        switch self {
        case .account(let account): "the account \(account.id)"
        case .formerAccount(let id): "the account \(id)"
        case .handle(let key, _): "the handle \"\(key)\""
        case .follow(let edge): "the follow of \(edge.followee) by \(edge.follower)"
        case .relation(let relation): "what the account \(relation.actor) has to do with \(relation.target)"
        case .post(let post): "the post \(post.id)"
        case .version(let version): "an earlier version of the post \(version.post)"
        case .tombstone(let id): "the post \(id)"
        case .operation(let operation): "the idempotency key \"\(operation.key)\""
        case .media(let media): "the upload \(media.id)"
        case .formerMedia(let id): "the upload \(id)"
        }
    }
}

extension FollowRecord {
    /// A 64-bit hash of the edge.
    ///
    /// Edges carry no hash of their own: each follower keeps the sum of these, which does not depend on order.
    package var mixed: UInt64 {
        let ends = FollowRecord.mixedEnds(follower, followee)
        return Mixing.finalize(ends &+ UInt64(bitPattern: since.milliseconds))
    }

    /// A 64-bit hash of who follows whom, without the time.
    package static func mixedEnds(_ follower: UserID, _ followee: UserID) -> UInt64 {
        let first = Mixing.finalize(UInt64(bitPattern: follower.rawValue) &+ 0x9E37_79B9_7F4A_7C15)
        return Mixing.finalize(first ^ UInt64(bitPattern: followee.rawValue))
    }
}

/// Half a SHA-256.
package struct RowDigest: Equatable, Sendable {
    /// The first eight bytes, big-endian.
    package var high: UInt64
    /// The second eight bytes, big-endian.
    package var low: UInt64
}

/// The canonical bytes of a row: a tag, then integers of eight bytes, big-endian, and texts after their length.
private struct CanonicalBytes {
    private var bytes: [UInt8] = []

    var count: Int { bytes.count }

    mutating func begin(_ tag: Unicode.Scalar) {
        bytes.reserveCapacity(256)
        bytes.append(UInt8(truncatingIfNeeded: tag.value))
    }

    mutating func add(_ value: Int64) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ content: [UInt8]) {
        add(Int64(content.count))
        bytes += content
    }

    /// An absent text and an empty text differ.
    mutating func add(_ text: String?) {
        guard var text else { return add(-1) }
        text.withUTF8 { buffer in
            add(Int64(buffer.count))
            bytes.append(contentsOf: buffer)
        }
    }

    /// Eight bytes at a time through a mixer that is a bijection for each word, so that two rows which differ in one
    /// word never have the same check.
    var check: UInt64 {
        bytes.withUnsafeBytes { buffer in
            var sum = UInt64(truncatingIfNeeded: buffer.count)
            var offset = 0
            while offset + 8 <= buffer.count {
                // Safety: eight bytes lie inside the buffer, as just checked.
                let word = UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                sum = Mixing.finalize(sum ^ word)
                offset += 8
            }
            var rest: UInt64 = 0
            for index in offset..<buffer.count { rest = rest << 8 | UInt64(buffer[index]) }
            return Mixing.finalize(sum ^ rest)
        }
    }

    var digest: RowDigest {
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
