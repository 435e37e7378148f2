// What a process that goes on working remembers of posts and of who does not see whom. The event logs say what has to
// be forgotten, so whoever reads finds what is stored now, also when another process changed it a moment ago.

/// Items of posts, the newest ids of authors and the accounts that readers do not see, as they were read last.
///
/// Only for processes that go on working; a command that ends at once would fill it for nobody.
package final class ReadCache {
    private var items = Recent<PostItem>(capacity: Limits.rememberedItems)
    /// Reposts among the items, by what they pass on.
    private var reposts: [PostID: [PostID]] = [:]
    /// The authors of items.
    var accounts = Recent<SharedAccount>(capacity: Limits.rememberedReaders)
    /// Posts that have been made since posts were read last.
    private var unread: [PostID] = []
    private var newest = Recent<[PostID]>(capacity: Limits.rememberedReaders)
    /// Whom readers do not see, of all who do not see somebody; nil before anybody asks.
    private var unseen: [UserID: Set<UserID>]?
    /// Whose posts belong in the feeds of readers, ascending.
    private var authors = Recent<[Int64]>(capacity: Limits.rememberedReaders)
    /// What has changed in feeds lately, by shard, in the order of the log.
    private var recent: [Int: RecentFeedChanges] = [:]
    private var applied: OffsetVector?
    private let logHeads: LogHeads
    private let router: Router
    private let graph: Graph

    /// A cache that remembers nothing yet.
    package init(graph: Graph, logHeads: LogHeads) {
        self.graph = graph
        router = graph.router
        self.logHeads = logHeads
    }

    /// Forgets what has changed.
    ///
    /// - Returns: false when nothing may be remembered at present, because this process has written what is not in the
    ///   logs yet.
    func refresh() throws -> Bool {
        guard !router.hasOpenGroup else { return false }
        // Of reposts it is not known which of them the table has let go of.
        if reposts.count > Limits.rememberedItems { forgetAll() }
        let heads = try logHeads.vector()
        if applied == heads { return true }
        guard var applied, try router.throughAllShards({ try forget(since: &applied, heads) }) else {
            forgetAll()
            recent = [:]
            self.applied = heads
            return true
        }
        self.applied = applied
        return true
    }

    /// False when the logs do not reach back so far.
    private func forget(since applied: inout OffsetVector, _ heads: OffsetVector) throws -> Bool {
        var entries = 0
        let starts = applied
        let goesOn = try OrderedLogs(router: router).forEach(after: &applied, to: heads) { part in
            let start = starts[part.shard] ?? LogPosition(incarnation: part.position.incarnation, n: 0)
            for event in part.events {
                entries += event.entries.count
                for entry in event.entries {
                    try forget(entry)
                    recent[part.shard, default: RecentFeedChanges(after: start)].note(entry, at: event.n)
                }
            }
            return entries <= Limits.catchUpEntries
        }
        return goesOn && entries <= Limits.catchUpEntries
    }

    private func forget(_ entry: EventEntry) throws {
        switch entry {
        case .accountCreated, .released, .adopted, .uploaded, .mediaChanged, .mediaDeleted: break
        case .accountActive(let account): accounts[account.rawValue] = nil
        case .followed(let reader, _), .unfollowed(let reader, _), .followsImported(let reader):
            authors[reader.rawValue] = nil
        case .accountChanged, .accountDeleted: forgetAll()
        case .posted(let author, let post):
            if unread.count < Limits.unreadPosts { unread.append(post) }
            guard let known = newest[author.rawValue] else { break }
            newest[author.rawValue] = ReadCache.inserting(post, into: known)
        case .postDeleted(let author, let post), .postEdited(let author, let post):
            newest[author.rawValue] = nil
            items[post.rawValue] = nil
            for repost in reposts.removeValue(forKey: post) ?? [] { items[repost.rawValue] = nil }
        case .related(let kind, let actor, let target), .unrelated(let kind, let actor, let target):
            if kind.isTowardsPost { break }
            authors[actor.rawValue] = nil
            try lookAgain(at: actor, UserID(rawValue: target.rawValue))
        }
    }

    /// An author's newest ids with one more.
    private static func inserting(_ post: PostID, into ids: [PostID]) -> [PostID] {
        let place = ids.firstIndex { $0 <= post } ?? ids.count
        if place < ids.count, ids[place] == post { return ids }
        var ids = ids
        ids.insert(post, at: place)
        return ids.count > Limits.rememberedPosts ? ids.dropLast() : ids
    }

    /// Forgets everything about posts and people; what has happened to feeds stays true.
    private func forgetAll() {
        items.removeAll()
        accounts.removeAll()
        unread = []
        reposts = [:]
        newest.removeAll()
        unseen = nil
        authors.removeAll()
    }

    /// Asks the truth whether two accounts see each other.
    private func lookAgain(at one: UserID, _ other: UserID) throws {
        guard unseen != nil else { return }
        for (reader, author) in [(one, other), (other, one)] {
            if try graph.unseen(by: reader, among: [author]).isEmpty {
                unseen?[reader]?.remove(author)
            } else {
                unseen?[reader, default: []].insert(author)
            }
        }
    }

    // MARK: What is remembered

    /// The items of some posts, in their order; those that are not remembered are read, and with them what has been
    /// posted since, which others will ask for.
    func items(of ids: [PostID], _ read: ([PostID]) throws -> [PostItem]) throws -> [PostItem] {
        var found: [PostItem] = []
        found.reserveCapacity(ids.count)
        var missing: [PostID] = []
        for id in ids {
            if let item = items[id.rawValue] { found.append(item) } else { missing.append(id) }
        }
        if missing.isEmpty { return found }
        let wanted = Set(missing)
        let others = unread.filter { !wanted.contains($0) }
        unread = []
        var late: [PostID: PostItem] = [:]
        for item in try read(missing + others) {
            items[item.id.rawValue] = item
            if let original = item.original?.post.id { reposts[original, default: []].append(item.id) }
            if wanted.contains(item.id) { late[item.id] = item }
        }
        // What was found may have been driven out of the table since.
        var rest = found[...]
        return ids.compactMap { id in rest.first?.id == id ? rest.popFirst() : late[id] }
    }

    /// An author's newest ids, so many as are remembered of each.
    func newest(of author: UserID, _ read: () throws -> [PostID]) throws -> [PostID] {
        if let ids = newest[author.rawValue] { return ids }
        let ids = try read()
        newest[author.rawValue] = ids
        return ids
    }

    /// What has been posted in a reader's feed since a place in the logs, and is no further back than this remembers.
    ///
    /// - Returns: nil when more than that has happened to the feed, or it cannot be told.
    func posts(since offsets: OffsetVector, inFeedOf reader: UserID) throws -> [PostID]? {
        guard let applied, offsets.entries.count == applied.entries.count else { return nil }
        var found: [PostID] = []
        for offset in offsets.entries {
            guard let end = applied[offset.shard], end.incarnation == offset.position.incarnation else { return nil }
            if offset.position.n == end.n { continue }
            guard offset.position.n < end.n, let changes = recent[offset.shard]?.since(offset.position) else {
                return nil
            }
            let authors = try authors(inFeedOf: reader)
            for change in changes {
                switch change.what {
                case .posted(let author, let post):
                    let place = authors.withUnsafeBufferPointer { $0.firstIndex(notBelow: author.rawValue) }
                    if place < authors.count, authors[place] == author.rawValue { found.append(post) }
                case .reader(let other): if other == reader { return nil }
                case .everything: return nil
                }
            }
        }
        return found
    }

    private func authors(inFeedOf reader: UserID) throws -> [Int64] {
        if let known = authors[reader.rawValue] { return known }
        let ids = try graph.feedAuthors(of: reader).map(\.rawValue).sorted()
        authors[reader.rawValue] = ids
        return ids
    }

    /// The accounts whose posts a reader does not see.
    ///
    /// Cost: the first time, a scan of all blocks and mutes.
    func unseen(by reader: UserID) throws -> Set<UserID> {
        if let unseen { return unseen[reader] ?? [] }
        var found: [UserID: Set<UserID>] = [:]
        _ = try router.gather { store in
            // What is met again because slots have moved meanwhile is there already.
            for kind in [RelationKind.block, .mute] {
                try store.forEachRelation(kind) { relation in
                    let target = UserID(rawValue: relation.target.rawValue)
                    found[relation.actor, default: []].insert(target)
                    if kind == .block { found[target, default: []].insert(relation.actor) }
                }
            }
        }
        unseen = found
        return found[reader] ?? []
    }
}
