// The event log's entries: what happened, in ids. Events trigger and state decides: an entry never carries content, a
// view reads what it needs from the truth.

/// What one transaction changed; entry `n` of a shard's log is its n-th commit.
package struct Event: Equatable, Sendable {
    /// The number of the commit, from 1.
    package var n: Int64
    /// When it was committed.
    package var at: Timestamp
    /// What changed.
    package var entries: [EventEntry]

    /// An event.
    package init(n: Int64, at: Timestamp, entries: [EventEntry]) {
        self.n = n
        self.at = at
        self.entries = entries
    }
}

/// One change.
package enum EventEntry: Equatable, Hashable, Sendable {
    /// An account was made.
    case accountCreated(UserID)
    /// An account was active.
    case accountActive(UserID)
    /// An edge was added.
    case followed(follower: UserID, followee: UserID)
    /// An edge was removed.
    case unfollowed(follower: UserID, followee: UserID)
    /// Many of an account's edges were added at once by an import.
    case followsImported(follower: UserID)
    /// A post was made.
    case posted(author: UserID, post: PostID)
    /// A post was deleted.
    case postDeleted(author: UserID, post: PostID)
}

/// The bytes of entries in a log: a tag and one or two ids of eight bytes, little-endian.
package enum EventCoding {
    /// The bytes of entries.
    package static func encode(_ entries: [EventEntry]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * 17)
        func append(_ tag: UInt8, _ ids: Int64...) {
            bytes.append(tag)
            for id in ids { withUnsafeBytes(of: id.littleEndian) { bytes.append(contentsOf: $0) } }
        }
        for entry in entries {
            switch entry {
            case .accountCreated(let id): append(1, id.rawValue)
            case .accountActive(let id): append(2, id.rawValue)
            case .followed(let follower, let followee): append(3, follower.rawValue, followee.rawValue)
            case .unfollowed(let follower, let followee): append(4, follower.rawValue, followee.rawValue)
            case .followsImported(let follower): append(5, follower.rawValue)
            case .posted(let author, let post): append(6, author.rawValue, post.rawValue)
            case .postDeleted(let author, let post): append(7, author.rawValue, post.rawValue)
            }
        }
        return bytes
    }

    /// The entries in bytes; nil when they are damaged.
    package static func decode(_ bytes: [UInt8]) -> [EventEntry]? {
        var entries: [EventEntry] = []
        entries.reserveCapacity(bytes.count / 17 + 1)
        var position = 0
        func id() -> Int64? {
            guard position + 8 <= bytes.count else { return nil }
            defer { position += 8 }
            // Safety: eight bytes lie inside the array, as just checked.
            return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: Int64.self).littleEndian }
        }
        while position < bytes.count {
            let tag = bytes[position]
            position += 1
            guard let first = id() else { return nil }
            if [1, 2, 5].contains(tag) {
                let user = UserID(rawValue: first)
                entries.append(
                    tag == 1
                        ? .accountCreated(user) : tag == 2 ? .accountActive(user) : .followsImported(follower: user))
                continue
            }
            guard let second = id() else { return nil }
            let user = UserID(rawValue: first)
            switch tag {
            case 3: entries.append(.followed(follower: user, followee: UserID(rawValue: second)))
            case 4: entries.append(.unfollowed(follower: user, followee: UserID(rawValue: second)))
            case 6: entries.append(.posted(author: user, post: PostID(rawValue: second)))
            case 7: entries.append(.postDeleted(author: user, post: PostID(rawValue: second)))
            default: return nil
            }
        }
        return entries
    }
}
