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
    /// A post's text was changed.
    case postEdited(author: UserID, post: PostID)
    /// An account's profile or handle was changed.
    case accountChanged(UserID)
    /// An account was deleted, with its posts and edges.
    case accountDeleted(UserID)
    /// A file was uploaded.
    case uploaded(author: UserID, media: MediaID)
    /// What is said about an uploaded file was changed.
    case mediaChanged(author: UserID, media: MediaID)
    /// An uploaded file was deleted.
    case mediaDeleted(author: UserID, media: MediaID)
    /// An account blocks, mutes or likes something.
    case related(RelationKind, actor: UserID, target: EntityID)
    /// It does so no longer.
    case unrelated(RelationKind, actor: UserID, target: EntityID)
    /// A slot was given to another shard; what happens in it from now on is in that shard's log.
    case released(Slot, to: Int)
    /// A slot was taken over from another shard, whose log tells what happened in it up to a commit.
    case adopted(Slot, from: Int, after: Int64)
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
            case .accountChanged(let id): append(8, id.rawValue)
            case .accountDeleted(let id): append(9, id.rawValue)
            case .postEdited(let author, let post): append(10, author.rawValue, post.rawValue)
            case .related(let kind, let actor, let target):
                append(relatedTag + UInt8(kind.rawValue), actor.rawValue, target.rawValue)
            case .unrelated(let kind, let actor, let target):
                append(unrelatedTag + UInt8(kind.rawValue), actor.rawValue, target.rawValue)
            case .uploaded(let author, let media): append(13, author.rawValue, media.rawValue)
            case .mediaChanged(let author, let media): append(14, author.rawValue, media.rawValue)
            case .mediaDeleted(let author, let media): append(15, author.rawValue, media.rawValue)
            case .released(let slot, let shard): append(11, move(slot, shard))
            case .adopted(let slot, let shard, let n): append(12, move(slot, shard), n)
            }
        }
        return bytes
    }

    /// Before the tags of relations, one for each kind, that begin and that end.
    private static let relatedTag: UInt8 = 32
    private static let unrelatedTag: UInt8 = 64
    /// Entries that carry one id.
    private static let singleTags: [UInt8] = [1, 2, 5, 8, 9, 11]

    /// A slot and the shard that it comes from or goes to, in one number.
    private static func move(_ slot: Slot, _ shard: Int) -> Int64 { Int64(shard) << 16 | Int64(slot.rawValue) }

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
            let second = singleTags.contains(tag) ? 0 : id()
            guard let second, let entry = entry(tag, UserID(rawValue: first), second) else { return nil }
            entries.append(entry)
        }
        return entries
    }

    private static func entry(_ tag: UInt8, _ user: UserID, _ second: Int64) -> EventEntry? {
        let other = UserID(rawValue: second)
        let post = PostID(rawValue: second)
        switch tag {
        case 1: return .accountCreated(user)
        case 2: return .accountActive(user)
        case 3: return .followed(follower: user, followee: other)
        case 4: return .unfollowed(follower: user, followee: other)
        case 5: return .followsImported(follower: user)
        case 6: return .posted(author: user, post: post)
        case 7: return .postDeleted(author: user, post: post)
        case 8: return .accountChanged(user)
        case 9: return .accountDeleted(user)
        case 10: return .postEdited(author: user, post: post)
        case 11, 12:
            let shard = Int(user.rawValue >> 16)
            guard let slot = Slot(Int(user.rawValue & 0xFFFF)), Limits.shards.contains(shard + 1) else { return nil }
            return tag == 11 ? .released(slot, to: shard) : .adopted(slot, from: shard, after: second)
        case 13: return .uploaded(author: user, media: MediaID(rawValue: second))
        case 14: return .mediaChanged(author: user, media: MediaID(rawValue: second))
        case 15: return .mediaDeleted(author: user, media: MediaID(rawValue: second))
        default:
            let isEnd = tag > unrelatedTag
            guard tag > relatedTag, let kind = RelationKind(rawValue: Int64(tag - (isEnd ? unrelatedTag : relatedTag)))
            else { return nil }
            let target = EntityID(rawValue: second)
            return isEnd
                ? .unrelated(kind, actor: user, target: target) : .related(kind, actor: user, target: target)
        }
    }
}
