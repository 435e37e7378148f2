// From the ids of a feed to what its reader sees. A cache holds whatever those followed have posted or passed on; what
// a reader must not see is found out here, from the truth, so that it holds at once.

extension Feeds {
    /// The items of some entries that a reader sees, in their order.
    func items(of entries: [FeedEntry], for reader: UserID) throws -> [FeedItem] {
        var index = 0
        return try hydrate(entries.map(\.id), for: reader).map { content in
            while entries[index].id != content.id { index += 1 }
            return FeedItem(content, source: entries[index].source)
        }
    }

    /// The items of some ids that a reader sees: none that are deleted or expired, none by accounts that are blocked in
    /// either direction or muted, and no repost of what came into the same feed shortly before.
    package func hydrate(_ ids: [PostID], for reader: UserID) throws -> [PostItem] {
        let (items, unseen) = try posts.items(ofIDs: ids, for: reader)
        if unseen.isEmpty, items.allSatisfy({ $0.original == nil }) { return items }
        return try items.filter { item in
            if unseen.contains(item.post.author) { return false }
            guard let original = item.original else { return true }
            return try !unseen.contains(original.author.id)
                && precedent(of: item.post, original.post, for: reader) == nil
        }
    }

    /// The post that brought what a repost passes on into the same feed shortly before it: the original, or the newest
    /// other repost.
    func precedent(of repost: PostRecord, _ original: PostRecord, for reader: UserID) throws -> PostID? {
        let floor = FeedRules.floor(Limits.repostMilliseconds, before: repost.id.time)
        if original.id >= floor, try pull.graph.isFeedAuthor(original.author, of: reader) { return original.id }
        let page = Page(after: PostID(rawValue: floor.rawValue - 1), before: repost.id)
        let earlier = try router.gather { try $0.reposts(of: original.id, page: page) }.joined().sorted(by: >)
        for case let post? in try posts.records(of: earlier) {
            if try pull.graph.isFeedAuthor(post.author, of: reader),
                try pull.graph.unseen(by: reader, among: [post.author]).isEmpty
            {
                return post.id
            }
        }
        return nil
    }
}
