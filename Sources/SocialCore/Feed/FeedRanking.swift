// Which posts of a feed are the best. The score of a post is a pure function of what others did with it and of its age:
//
//     score = log2(2 + points) · 2^(−age / half-life),  points = likes + 2 · replies + 2 · reposts
//
// A fresh post that nobody has noticed scores 1. All scores decay alike, so their order does not depend on the present
// time: a score is worth as much as that of an unnoticed post made later, by a half-life each time it doubles. That
// later time is a post's place, a whole number of milliseconds, which a cursor can carry.

internal import Glibc

/// In which order a feed is read.
package enum FeedRank: String, CaseIterable, Sendable {
    /// The newest first.
    case recent
    /// The best first.
    case top
}

/// Where a post stands among the best: the larger, the further in front.
package struct FeedPlace: Comparable, Hashable, Sendable {
    /// When a post that nobody has noticed would have had to be made to score as much.
    package var time: Timestamp
    /// The post.
    package var id: PostID
    /// The newest post among those that were ranked: later pages rank no newer ones.
    package var newest: PostID

    /// A post's place.
    package init(time: Timestamp, id: PostID, newest: PostID) {
        self.time = time
        self.id = id
        self.newest = newest
    }

    /// The place of a post with what others did with it.
    init(of id: PostID, _ engagement: Engagement, newest: PostID) {
        let doublings = log2(engagement.weight)
        let gain = (doublings * Double(Limits.scoreHalfLifeMilliseconds)).rounded()
        self.init(time: id.time.advanced(byMilliseconds: Int64(gain)), id: id, newest: newest)
    }

    /// Equal times are in the order of the posts.
    package static func < (one: FeedPlace, other: FeedPlace) -> Bool {
        one.time == other.time ? one.id < other.id : one.time < other.time
    }

    /// The score at a time, to six decimals.
    package func score(at now: Timestamp) -> Double {
        let lead = Double(time.milliseconds - now.milliseconds) / Double(Limits.scoreHalfLifeMilliseconds)
        return (exp2(lead) * 1_000_000).rounded() / 1_000_000
    }
}

extension Engagement {
    /// What it makes a fresh post score.
    var weight: Double { log2(Double(2 + likes + 2 * replies + 2 * reposts)) }
}

/// Where a reader of a feed goes on from: behind a post, in the order of time or of the best.
///
/// It is written as the post's id, under `top` with the milliseconds and the newest post of its place behind it.
package struct FeedCursor: Hashable, Sendable, LosslessStringConvertible {
    /// The post.
    package var id: PostID
    /// Its place among the best; nil in the order of time.
    package var place: FeedPlace?

    /// A place in a feed.
    package init(id: PostID, place: FeedPlace? = nil) {
        self.id = id
        self.place = place
    }

    /// A place in a feed, as it is written.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Substring.init)
        guard let id = PostID(decimal: parts[0]) else { return nil }
        self.init(id: id)
        if parts.count == 1 { return }
        guard parts.count == 3, let time = Int64(parts[1]), let newest = PostID(decimal: parts[2]) else { return nil }
        place = FeedPlace(time: Timestamp(milliseconds: time), id: id, newest: newest)
    }

    /// The cursor as it is written.
    package var description: String {
        place.map { "\(id).\($0.time.milliseconds).\($0.newest)" } ?? id.description
    }
}

extension FeedCursor: Comparable {
    /// In the order of their places, or of their posts where there are none.
    package static func < (one: FeedCursor, other: FeedCursor) -> Bool {
        guard let first = one.place, let second = other.place else { return one.id < other.id }
        return first < second
    }
}

extension Feeds {
    /// The best posts of a reader's feed, the best first: the newest of a range, ranked.
    ///
    /// - Parameter newest: the newest post to rank, as a cursor of an earlier page names it; nil: the newest of all.
    package func top(
        for reader: UserID, in range: ClosedRange<PostID> = .all, newest: PostID? = nil
    ) throws -> [FeedItem] {
        let last = min(range.upperBound, newest ?? range.upperBound)
        guard range.lowerBound <= last else { return [] }
        let entries = try entries(
            for: reader, in: range.lowerBound...last, limit: Limits.feedCandidates, cachedRecord(of: reader))
        guard let newest = newest ?? entries.first?.id else { return [] }
        var items = try items(of: entries, for: reader)
        let counts = try posts.engagement(of: items.map(\.content.subject.id))
        for (index, count) in counts.enumerated() {
            items[index].place = FeedPlace(of: items[index].post.id, count, newest: newest)
        }
        return items.sorted { $0.cursor > $1.cursor }
    }
}

/// Lets no account stand on a page more often than a limit, as the one who wrote or as the one who passed on.
package struct FeedDiversity {
    private let limit: Int
    private var counts: [UserID: Int] = [:]

    /// Nothing has been seen yet.
    package init(perAuthor limit: Int) { self.limit = limit }

    /// Whether a post has room on the page, where it then is.
    package mutating func admits(_ item: FeedItem) -> Bool {
        var accounts = [item.content.author.id]
        if let writer = item.content.original?.author.id, writer != accounts[0] { accounts.append(writer) }
        guard accounts.allSatisfy({ counts[$0, default: 0] < limit }) else { return false }
        for account in accounts { counts[account, default: 0] += 1 }
        return true
    }
}
