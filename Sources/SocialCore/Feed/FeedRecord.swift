// One reader's cached feed, as a value: copied out of the cache and proved before anyone looks at it.

/// The cached part of one reader's feed.
///
/// It holds exactly the visible posts of the followed accounts with `id >= coveredFrom`, at the log positions that the
/// cache has applied.
package struct FeedRecord: Equatable, Sendable {
    /// Whose feed it is.
    package var reader: UserID
    /// The cache says nothing about older posts.
    package var coveredFrom: PostID
    /// When the feed was last filled from the truth.
    package var generatedAt: Timestamp
    /// The ids, oldest first.
    package var entries: [PostID]
    /// Whether something was left out since; the feed is then pulled until it is regenerated.
    package var isIncomplete = false
    /// The hour in which the reader was last active, counted from 1970.
    package var activeHour = 0
    /// The authors whose posts are not in it and have to be merged with it; not part of what is stored.
    package var pulled: [UserID] = []

    /// The cached part of one reader's feed.
    package init(reader: UserID, coveredFrom: PostID, generatedAt: Timestamp, entries: [PostID]) {
        self.reader = reader
        self.coveredFrom = coveredFrom
        self.generatedAt = generatedAt
        self.entries = entries
    }

    /// The record that covers what `newest` says: all ids from `floor` on, as many as the capacity allows.
    ///
    /// - Parameter newest: ids in descending order; either all from `floor` on, or more than `capacity` of them.
    package static func filled(
        reader: UserID, from floor: PostID, newest: some Sequence<PostID>, capacity: Int, activeAt: Timestamp,
        at now: Timestamp
    ) -> FeedRecord {
        let found = Array(newest.lazy.filter { $0 >= floor }.prefix(capacity + 1))
        let kept = found.prefix(capacity)
        let covered = found.count > capacity ? kept.last ?? floor : floor
        var record = FeedRecord(reader: reader, coveredFrom: covered, generatedAt: now, entries: kept.reversed())
        record.activeHour = hour(of: activeAt)
        return record
    }

    /// The record with those of the authors whose posts are pulled that belong in this feed; nil when that cannot be
    /// told.
    func completed(with marks: [PullMark]?, _ graph: Graph) throws -> FeedRecord? {
        guard let marks else { return nil }
        var record = self
        for mark in marks where mark.last >= coveredFrom {
            if try graph.isFeedAuthor(mark.author, of: reader) { record.pulled.append(mark.author) }
        }
        return record
    }

    /// Puts posts in their places, of which some may be there already and some may be older than what is covered.
    mutating func add(_ posts: [PostID]) {
        for post in posts where post >= coveredFrom {
            let place = entries.lastIndex { $0 <= post }
            if let place, entries[place] == post { continue }
            entries.insert(post, at: place.map { $0 + 1 } ?? 0)
        }
    }

    /// The hour of a time, counted from 1970.
    static func hour(of time: Timestamp) -> Int { max(0, Int(time.milliseconds / 3_600_000)) }
}

/// An author whose posts were not put into feeds, and which of them.
package struct PullMark: Equatable, Sendable {
    /// Whose posts.
    package var author: UserID
    /// The oldest of them.
    package var first: PostID
    /// The newest of them.
    package var last: PostID
}
