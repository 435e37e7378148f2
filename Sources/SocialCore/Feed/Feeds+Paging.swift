// Pages of feeds in both directions. Down is the way of the cache and of the pull; up, to what is newer than a cursor,
// the entries between are read and shown from their end.

extension Feeds {
    /// A page of a reader's feed, newest first.
    ///
    /// - Parameters:
    ///   - after: the last post of the page before; nil begins at the newest.
    ///   - limit: how many posts at most.
    package func page(for reader: UserID, after: PostID? = nil, limit: Int) throws -> [FeedItem] {
        try page(for: reader, Page(after: after, limit: limit))
    }

    /// A piece of a reader's feed, newest first.
    ///
    /// Cost of the items just above a cursor: the entries of all that are newer, and the items that are asked for.
    ///
    /// - Parameter range: the posts to consider.
    package func page(
        for reader: UserID, _ page: Page<PostID>, in range: ClosedRange<PostID> = .all
    ) throws -> [FeedItem] {
        guard let window = range.between(page) else { return [] }
        var items: [FeedItem] = []
        guard page.takesEnd else {
            try forEachPiece(of: reader, in: window, size: { page.limit - items.count }) { entries in
                items += try self.items(of: entries, for: reader)
                return items.count < page.limit
            }
            return items
        }
        var newer: [FeedEntry] = []
        try forEachPiece(of: reader, in: window, size: { Limits.firstPageRows }) { entries in
            newer += entries
            return true
        }
        while items.count < page.limit, !newer.isEmpty {
            let wanted = min(page.limit - items.count, newer.count)
            items = try self.items(of: Array(newer.suffix(wanted)), for: reader) + items
            newer.removeLast(wanted)
        }
        return items
    }

    /// How many items of a reader's feed lie between the cursors of a page.
    ///
    /// - Parameter range: the posts to consider.
    package func count(for reader: UserID, _ page: Page<PostID>, in range: ClosedRange<PostID> = .all) throws -> Int {
        guard let window = range.between(page) else { return 0 }
        var count = 0
        try forEachPiece(of: reader, in: window, size: { Limits.firstPageRows }) { entries in
            count += try hydrate(entries.map(\.id), for: reader).count
            return true
        }
        return count
    }

    /// The ids of all entries of a reader's feed that are newer than a post, oldest first.
    func newer(than id: PostID, for reader: UserID) throws -> [PostID] {
        guard let window = ClosedRange.all.between(Page(before: id)) else { return [] }
        var ids: [PostID] = []
        try forEachPiece(of: reader, in: window, size: { Limits.firstPageRows }) { entries in
            ids += entries.map(\.id)
            return true
        }
        return ids.reversed()
    }

    /// Walks down the entries of a range, with no gap and no repetition whatever is posted meanwhile.
    ///
    /// - Parameters:
    ///   - size: how many entries the next piece has.
    ///   - visit: takes a piece, and says whether to go on.
    private func forEachPiece(
        of reader: UserID, in range: ClosedRange<PostID>, size: () -> Int, _ visit: ([FeedEntry]) throws -> Bool
    ) throws {
        let record = try cachedRecord(of: reader)
        var rest = range
        while true {
            let wanted = size()
            let entries = try self.entries(for: reader, in: rest, limit: wanted, record)
            guard try visit(entries), entries.count == wanted, let last = entries.last, last.id > rest.lowerBound
            else { return }
            rest = rest.lowerBound...PostID(rawValue: last.id.rawValue - 1)
        }
    }
}

extension ClosedRange where Bound == PostID {
    /// What of these posts lies between the cursors of a page of a list that is newest first; nil when nothing can.
    func between(_ page: Page<PostID>) -> ClosedRange<PostID>? {
        let first = Swift.max(lowerBound.rawValue, page.before.map { $0.rawValue + 1 } ?? 0)
        let last = Swift.min(upperBound.rawValue, page.after.map { $0.rawValue - 1 } ?? .max)
        return first <= last ? PostID(rawValue: first)...PostID(rawValue: last) : nil
    }
}
