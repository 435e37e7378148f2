// What others do with a post: they like it, pass it on, answer it and look at it.

extension Posts {
    /// Lets an account like a post: false when it did already.
    ///
    /// A repost stands for its original.
    package func like(_ id: PostID, by actor: UserID) throws -> (post: PostRecord, isNew: Bool) {
        try relate(.like, id, by: actor)
    }

    /// Notes that an account has seen a post: false when it had already.
    package func see(_ id: PostID, by actor: UserID) throws -> (post: PostRecord, isNew: Bool) {
        try relate(.seen, id, by: actor)
    }

    private func relate(
        _ kind: RelationKind, _ id: PostID, by actor: UserID
    ) throws -> (post: PostRecord, isNew: Bool) {
        let post = try reachable(id, for: actor)
        let relation = RelationRecord(kind, actor, post.id, since: context.clock.now)
        return (post, try router.write(actor.slot, accounts: .names) { try $0.relate(relation) })
    }

    /// Lets an account like a post no longer: false when it did not.
    package func unlike(_ id: PostID, by actor: UserID) throws -> Bool {
        let post = try router.read(id.slot) { try $0.post(id) }
        let target = post?.repostOf ?? id
        return try router.write(actor.slot) { try $0.unrelate(.like, actor, EntityID(target)) }
    }

    /// Passes a post on; an account does that once, and a repost stands for its original.
    package func repost(
        _ id: PostID, by author: AccountRecord, idempotencyKey: String? = nil
    ) throws -> Creation<PostRecord> {
        try Posts.check(key: idempotencyKey)
        let original = try reachable(id, for: author.id)
        let draft = PostDraft(
            author: author.id, slot: author.id.slot, text: "", idempotencyKey: idempotencyKey, repostOf: original.id)
        return try router.write(draft.slot, accounts: .names) { try $0.createPost(draft, now: context.clock.now) }
    }

    /// A post that an account may answer, like or pass on: what a repost passes on, in its place.
    func reachable(_ id: PostID, for actor: UserID) throws -> PostRecord {
        var post = try named(id)
        if let original = post.repostOf { post = try named(original) }
        if try graph.isBlocked(actor, post.author) {
            throw PostsError(.blocked, "the author of post \"\(id)\" and this account do not see each other")
        }
        return post
    }

    /// How often each of some posts was liked, answered and passed on.
    package func engagement(of ids: [PostID]) throws -> [Engagement] {
        var sums = Array(repeating: Engagement(), count: ids.count)
        for found in try router.gather({ reader in try ids.map { try reader.engagement(of: $0) } }) {
            for index in ids.indices { sums[index] += found[index] }
        }
        return sums
    }

    /// The accounts that like a post, or that have seen it, in the order of their ids.
    package func accounts(_ kind: RelationKind, to id: PostID, page: Page<UserID> = Page()) throws -> [RelationRecord] {
        page.merge(try router.gather { try $0.relations(kind, to: EntityID(id), page: page) }, key: \.actor)
    }

    /// The posts of a range that an account likes, newest first.
    ///
    /// - Parameter fromOldest: takes the oldest of the range where the limit cuts, instead of the newest.
    package func liked(
        by actor: UserID, in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool = false
    ) throws -> [PostRecord] {
        let end = EntityID(rawValue: max(range.upperBound.rawValue, range.upperBound.rawValue &+ 1))
        let start = EntityID(rawValue: range.lowerBound.rawValue - 1)
        var page = Page(after: fromOldest ? start : nil, before: end, limit: limit)
        var found: [PostRecord] = []
        while true {
            let likes = try router.read(actor.slot) { try $0.relations(.like, of: actor, page: page) }
            let ids = likes.reversed().map { PostID(rawValue: $0.target.rawValue) }.filter(range.contains)
            // What was deleted is liked still, and is no more.
            let posts = try records(of: ids).compactMap { $0 }
            found = fromOldest ? posts + found : found + posts
            guard ids.count == limit, found.count < limit, let first = likes.first, let last = likes.last else {
                return Array(fromOldest ? found.suffix(limit) : found.prefix(limit))
            }
            if fromOldest { page.after = last.target } else { page.before = first.target }
        }
    }

    /// Whether an account likes, or has seen, a post.
    package func isRelated(_ kind: RelationKind, _ actor: UserID, to id: PostID) throws -> Bool {
        try router.read(actor.slot) { try $0.relation(kind, actor, EntityID(id)) } != nil
    }

    /// The ids of a range with more than nothing of a kind of engagement, the most first, equal ones newest first.
    package func ranked(
        by count: (Engagement) -> Int64, in range: ClosedRange<PostID>
    ) throws -> [(id: PostID, count: Int64)] {
        let sums = try router.still {
            var sums: [PostID: Int64] = [:]
            for shard in router.shards {
                try router.read(shard: shard) { reader in
                    try reader.forEachEngagement(in: range) { id, engagement in
                        let value = count(engagement)
                        if value > 0 { sums[id, default: 0] += value }
                    }
                }
            }
            return sums
        }
        return sums.map { (id: $0.key, count: $0.value) }
            .sorted { $0.count == $1.count ? $0.id > $1.id : $0.count > $1.count }
    }

    // MARK: Threads

    /// A post of a thread.
    package struct ThreadItem: Sendable {
        /// The post.
        package var post: PostRecord
        /// How many answers stand between it and the beginning.
        package var depth: Int
    }

    /// The whole conversation around a post: from its beginning, each answer below what it answers, oldest first.
    ///
    /// What was deleted is missing, and with it the way up from its answers, which then begin a thread of their own.
    ///
    /// - Parameter limit: how many posts at most, the beginning among them; the deepest are left out first.
    package func thread(around id: PostID, limit: Int) throws -> [ThreadItem] {
        var root = try named(id)
        if let original = root.repostOf { root = try named(original) }
        // Nothing that people do makes a circle; what stands in a file may.
        var seen: Set<PostID> = [root.id]
        while let parent = root.replyTo, seen.insert(parent).inserted, let above = try records(of: [parent])[0] {
            root = above
        }
        seen = [root.id]
        var children: [PostID: [PostRecord]] = [:]
        var level = [root.id]
        var count = 1
        while !level.isEmpty, count < limit {
            let pages = try router.gather { reader in
                try level.map { try reader.replies(to: $0, page: Page(limit: limit)) }
            }
            let ids = Set(pages.joined().joined()).subtracting(seen).sorted().prefix(limit - count)
            seen.formUnion(ids)
            let replies = try records(of: Array(ids)).compactMap { $0 }
            for reply in replies { if let parent = reply.replyTo { children[parent, default: []].append(reply) } }
            level = replies.map(\.id)
            count += replies.count
        }
        var items: [ThreadItem] = []
        var stack = [ThreadItem(post: root, depth: 0)]
        while let item = stack.popLast() {
            items.append(item)
            let below = children[item.post.id] ?? []
            stack += below.reversed().map { ThreadItem(post: $0, depth: item.depth + 1) }
        }
        let now = context.clock.now
        return items.filter { !$0.post.isExpired(at: now) }
    }
}
