// Pages of feeds in both directions. Down is the way of the cache and of the pull; up, to what is newer than a cursor,
// the ids between are read and shown from their end.

extension Feeds {
    /// A piece of a reader's feed, newest first.
    ///
    /// Cost of the items just above a cursor: the ids of all that are newer, and the items that are asked for.
    package func page(for reader: UserID, _ page: Page<PostID>) throws -> [PostItem] {
        guard let before = page.before else { return try self.page(for: reader, after: page.after, limit: page.limit) }
        guard page.takesEnd else {
            let items = try self.page(for: reader, after: page.after, limit: page.limit)
            return items.filter { $0.post.id > before }
        }
        let record = try cachedRecord(of: reader)
        var newer: [PostID] = []
        var bound = PostID(rawValue: .max)
        while true {
            let ids = try ids(for: reader, below: bound, limit: Limits.firstPageRows, record)
            newer += ids.prefix { $0 > before }
            guard ids.count == Limits.firstPageRows, let last = ids.last, last > before else { break }
            bound = last
        }
        var items: [PostItem] = []
        while items.count < page.limit, !newer.isEmpty {
            let wanted = min(page.limit - items.count, newer.count)
            items = try hydrate(Array(newer.suffix(wanted)), for: reader) + items
            newer.removeLast(wanted)
        }
        return items
    }
}
