// What has been said about something, who is meant, and what do people talk about? The façade of the room: a query goes
// through stages that can each be looked at (`explain`): text to terms, terms to a plan, the plan to every segment of
// every shard, where first the statistics are gathered, and then with those of the whole network the best are found.

/// The search of a network.
package struct Search {
    /// The indexes that it reads.
    package let indexes: SearchIndexes
    let posts: Posts
    let accounts: Accounts
    let graph: Graph
    let media: Media

    /// A search over indexes and the truth.
    package init(indexes: SearchIndexes, posts: Posts, accounts: Accounts, graph: Graph, media: Media) {
        self.indexes = indexes
        self.posts = posts
        self.accounts = accounts
        self.graph = graph
        self.media = media
    }

    /// Where a page ended: the post or upload, and under every order but the newest the number by which it was ordered.
    package struct Cursor: Equatable, Sendable, LosslessStringConvertible {
        /// The number by which it was ordered; nil: by its id.
        package var place: Int?
        /// The post or upload.
        package var id: EntityID

        /// The place behind a post or upload.
        package init(place: Int? = nil, id: some EntityIdentifier) {
            self.place = place
            self.id = EntityID(id)
        }

        /// The id, with the number and a dot before it.
        package var description: String { place.map { "\($0).\(id)" } ?? id.description }

        /// A place as it is written.
        package init?(_ text: String) {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count <= 2, let last = parts.last, let id = EntityID(decimal: last) else { return nil }
            let place = parts.count == 2 ? Int(parts[0]) : nil
            if parts.count == 2, place == nil { return nil }
            self.init(place: place, id: id)
        }
    }

    /// A post or an upload that was found.
    package struct Hit<Item: Sendable>: Sendable {
        /// What was found.
        package var item: Item
        /// How well it answers; nil in the order of time.
        package var score: Double?
        /// Where the next page begins.
        package var cursor: Cursor
    }

    /// What was found.
    package struct Answer<Item: Sendable>: Sendable {
        /// The posts or uploads, in the order that was asked for.
        package var hits: [Hit<Item>] = []
        /// What was looked for.
        package var run: SearchRun
        /// The words of the query that may be misspelled.
        package var corrections: [Correction]
        /// Whether there is more behind the last.
        package var hasMore = false
        /// How many answer, where all had to be found; those included that are hidden.
        var all: Int?
    }

    /// How many documents answer, those included that are hidden, or have expired since they were indexed.
    package func count<Item>(_ answer: Answer<Item>) throws -> Int { try answer.all ?? answer.run.count() }

    // MARK: Stages

    /// Whom an account does not see: blocked in either direction, or muted.
    func unseen(by viewer: UserID?) throws -> Set<UserID> {
        guard let viewer else { return [] }
        let muted = try graph.relations(.mute, of: viewer).map { UserID(rawValue: $0.target.rawValue) }
        return try graph.hidden(from: viewer).union(muted)
    }

    /// A query, run as far as its statistics, with words replaced that occur nowhere.
    ///
    /// - Parameter demands: lists in which everything found has to be, too.
    func answer<Item>(
        _ query: Query, on source: SearchSource, demands: [SearchPlan.Leaf] = [], corrects: Bool
    ) throws -> Answer<Item> {
        var plan = try SearchPlanner.plan(query, stems: indexes.stems, now: posts.context.clock.now) { name in
            guard let handle = try? Handle(name) else {
                throw AccountsError(.noSuchAccount, "there is no account \"\(name)\"")
            }
            return try accounts.named(handle).id
        }
        for leaf in demands { plan.require(leaf) }
        let segments = try indexes.living(source)
        let run = try SearchRun(plan, on: segments)
        guard corrects, !plan.words.isEmpty else { return Answer(run: run, corrections: []) }
        let corrections = try corrections(of: run, segments)
        let corrected = plan.corrected(corrections, stems: indexes.stems)
        return Answer(run: corrected == plan ? run : try SearchRun(corrected, on: segments), corrections: corrections)
    }

    /// Fills a page: asks for more as long as some of what was found has expired, has gone or is hidden.
    ///
    /// - Parameters:
    ///   - find: so many of the documents that are worse than one, the best first.
    ///   - hits: what they are; leaves out what is not to be seen.
    func fill<Item>(
        _ answer: inout Answer<Item>, limit: Int, after: ScoredDocument?,
        find: (Int, ScoredDocument?) throws -> [ScoredDocument], hits: ([ScoredDocument]) throws -> [Hit<Item>]
    ) throws {
        var after = after
        while true {
            let wanted = limit - answer.hits.count + 1
            let found = try find(wanted, after)
            answer.hits += try hits(found)
            answer.hasMore = answer.hits.count > limit
            guard !answer.hasMore, found.count == wanted, let last = found.last else { break }
            after = last
        }
        answer.hits = Array(answer.hits.prefix(limit))
    }
}

extension Search.Cursor: Comparable {
    /// What stands further in front is larger.
    package static func < (one: Search.Cursor, other: Search.Cursor) -> Bool {
        (one.place ?? 0, one.id) < (other.place ?? 0, other.id)
    }

    /// The document at the cursor; without a number the best that it may be.
    var document: ScoredDocument { ScoredDocument(score: place ?? .max, id: id.rawValue) }
}
