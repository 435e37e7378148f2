// What comes into a reader's feed, as it comes. New is what the logs say next, never what has a larger id: an import
// brings old posts that are new here. Events trigger and state decides: whether the reader follows and sees an author
// is looked up when the event is met.

/// The new posts of one reader's feed from a place on.
package struct FeedTail {
    /// A new post.
    package struct Item: Sendable {
        /// The post with its author, and what it passes on.
        package var content: PostItem
        /// The place behind it.
        package var position: Position
    }

    /// Where a reader goes on from.
    package enum Position: Equatable, Sendable {
        /// Behind a post of the feed: what is newer than it comes first.
        case post(PostID)
        /// Behind commits of the logs and, where one holds several posts, behind some of the next commit of one shard.
        case log(OffsetVector, passed: Passed?)
    }

    /// Posts of a commit, in the order of their ids.
    package struct Passed: Equatable, Sendable {
        /// The shard in whose log the commit is.
        package var shard: Int
        /// How many of its posts.
        package var count: Int

        /// Posts of a commit.
        package init(shard: Int, count: Int) {
            self.shard = shard
            self.count = count
        }
    }

    private let feeds: Feeds
    private let reader: UserID
    private var tail: LogTail
    private var passed: Passed?
    /// What is found and not yet handed out.
    private var pending: ArraySlice<(id: PostID, position: Position)> = []

    /// The new posts of a feed.
    ///
    /// - Parameter position: nil: from now on.
    init(_ feeds: Feeds, reader: UserID, after position: Position?) throws {
        self.feeds = feeds
        self.reader = reader
        let heads = feeds.caches.logHeads
        guard case .log(let offsets, let passed)? = position else {
            var offsets = try heads.vector()
            if case .post(let id)? = position {
                // The posts and the place in the logs must be of one moment.
                while true {
                    pending = try feeds.newer(than: id, for: reader).map { ($0, .post($0)) }[...]
                    let now = try heads.vector()
                    if now == offsets { break }
                    offsets = now
                }
            }
            tail = LogTail(heads, after: offsets)
            return
        }
        tail = LogTail(heads, after: offsets)
        self.passed = passed
    }

    /// What is new since the last call, oldest first; some of it where there is much, and nothing where there is none.
    ///
    /// - Throws: `cursorExpired` when a log does not go on from the place.
    package mutating func next() throws -> [Item] {
        while true {
            if pending.isEmpty { try look() }
            let piece = pending.prefix(Limits.firstPageRows)
            if piece.isEmpty { return [] }
            pending = pending.dropFirst(piece.count)
            var rest = piece
            let items = try feeds.hydrate(piece.map(\.id), for: reader).compactMap { content -> Item? in
                while let next = rest.popFirst() {
                    if next.id == content.post.id { return Item(content: content, position: next.position) }
                }
                return nil
            }
            if !items.isEmpty { return items }
        }
    }

    /// Finds what the logs say next.
    private mutating func look() throws {
        var offsets = tail.offsets
        var commits = try tail.next()
        // A commit that is passed in part goes first, so that there is never more than one.
        if let passed, let index = commits.firstIndex(where: { $0.shard == passed.shard }) {
            commits.insert(commits.remove(at: index), at: 0)
        }
        var isAuthor: [UserID: Bool] = [:]
        for commit in commits {
            var posts: [(id: PostID, author: UserID)] = []
            for case .posted(let author, let post) in commit.entries { posts.append((post, author)) }
            posts.sort { $0.id < $1.id }
            let before = offsets
            offsets[commit.shard] = commit.position
            for index in posts.indices.dropFirst(passed.map { $0.shard == commit.shard ? $0.count : 0 } ?? 0) {
                let author = posts[index].author
                let isWanted = try isAuthor[author] ?? feeds.pull.graph.isFeedAuthor(author, of: reader)
                isAuthor[author] = isWanted
                guard isWanted else { continue }
                let isLast = index == posts.count - 1
                let position = Position.log(
                    isLast ? offsets : before, passed: isLast ? nil : Passed(shard: commit.shard, count: index + 1))
                pending.append((posts[index].id, position))
            }
            passed = nil
        }
    }
}

extension Feeds {
    /// The new posts of a reader's feed, as they come.
    ///
    /// - Parameter position: where an earlier run ended; nil: from now on.
    package func tail(of reader: UserID, after position: FeedTail.Position? = nil) throws -> FeedTail {
        try FeedTail(self, reader: reader, after: position)
    }
}

extension FeedTail.Position: LosslessStringConvertible {
    /// The id of the post, or the places in the logs with `+SHARD:COUNT` for a commit that is passed in part.
    package var description: String {
        switch self {
        case .post(let id): id.description
        case .log(let offsets, let passed): "\(offsets)" + (passed.map { "+\($0.shard):\($0.count)" } ?? "")
        }
    }

    /// A place as it is written.
    package init?(_ text: String) {
        if let id = PostID(decimal: text) {
            self = .post(id)
            return
        }
        let parts = text.split(separator: "+", omittingEmptySubsequences: false)
        guard parts.count <= 2, let offsets = OffsetVector(String(parts[0])) else { return nil }
        guard parts.count == 2 else {
            self = .log(offsets, passed: nil)
            return
        }
        let numbers = parts[1].split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let shard = numbers[0], let count = numbers[1], offsets[shard] != nil, count > 0
        else { return nil }
        self = .log(offsets, passed: FeedTail.Passed(shard: shard, count: count))
    }
}
