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

    /// A search over indexes and the truth.
    package init(indexes: SearchIndexes, posts: Posts, accounts: Accounts, graph: Graph) {
        self.indexes = indexes
        self.posts = posts
        self.accounts = accounts
        self.graph = graph
    }

    /// In which order posts are found.
    package enum Rank: String, CaseIterable, Sendable {
        /// The newest first.
        case recent
        /// Those that answer best by their words.
        case relevance
        /// Those that answer best, weighed with what others did with them and how old they are.
        case top
    }

    /// What is asked.
    package struct Request: Sendable {
        /// The query, in the query language.
        package var query: String
        /// The order; nil: what the query says, else by relevance.
        package var rank: Rank?
        /// How many posts at most.
        package var limit: Int
        /// Where an earlier page ended.
        package var after: Cursor?
        /// Who is asking: does not see those whom it blocks or mutes, nor who blocks it.
        package var viewer: UserID?
        /// Whether words that occur nowhere are replaced by what was probably meant.
        package var corrects: Bool

        /// A question.
        package init(
            _ query: String, rank: Rank? = nil, limit: Int = 20, after: Cursor? = nil, viewer: UserID? = nil,
            corrects: Bool = true
        ) {
            self.query = query
            self.rank = rank
            self.limit = limit
            self.after = after
            self.viewer = viewer
            self.corrects = corrects
        }
    }

    /// Where a page ended: the post, and under every order but the newest the number by which it was ordered.
    package struct Cursor: Equatable, Sendable, LosslessStringConvertible {
        /// The number by which it was ordered; nil: by its id.
        package var place: Int?
        /// The post.
        package var id: PostID

        /// The place behind a post.
        package init(place: Int? = nil, id: PostID) {
            self.place = place
            self.id = id
        }

        /// The id, with the number and a dot before it.
        package var description: String { place.map { "\($0).\(id)" } ?? id.description }

        /// A place as it is written.
        package init?(_ text: String) {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count <= 2, let last = parts.last, let id = PostID(decimal: last) else { return nil }
            let place = parts.count == 2 ? Int(parts[0]) : nil
            if parts.count == 2, place == nil { return nil }
            self.init(place: place, id: id)
        }
    }

    /// A post that was found.
    package struct Hit: Sendable {
        /// The post.
        package var item: PostItem
        /// How well it answers; nil in the order of time.
        package var score: Double?
        /// Where the next page begins.
        package var cursor: Cursor
    }

    /// What was found.
    package struct Answer: Sendable {
        /// The posts, in the order that was asked for.
        package var hits: [Hit]
        /// The order.
        package var rank: Rank
        /// What was looked for.
        package var run: SearchRun
        /// The words of the query that may be misspelled.
        package var corrections: [Correction]
        /// Whether there is more behind the last.
        package var hasMore: Bool
    }

    // MARK: Posts

    /// The posts that answer a query.
    ///
    /// - Throws: `QueryError` where it cannot be understood, `noSuchAccount` where it names nobody.
    package func posts(_ request: Request) throws -> Answer {
        let query = try QueryParser.parse(request.query)
        return try indexes.whileSound { try posts(request, query) }
    }

    private func posts(_ request: Request, _ query: Query) throws -> Answer {
        let rank = request.rank ?? query.rank
        let (run, corrections) = try run(query, corrects: request.corrects)
        var answer = Answer(hits: [], rank: rank, run: run, corrections: corrections, hasMore: false)
        let hidden = try unseen(by: request.viewer)
        var after = request.after
        if rank == .top {
            let ranked = try top(run, hidden)
            let rest = after.map { after in ranked.drop { after <= $0.cursor } } ?? ranked[...]
            answer.hits = Array(rest.prefix(request.limit))
            answer.hasMore = rest.count > request.limit
            return answer
        }
        // Some of what was found may have expired, or be hidden: then there is room for more.
        while true {
            let wanted = request.limit - answer.hits.count + 1
            let found =
                try rank == .recent
                ? run.newest(wanted, after: after?.id.rawValue)
                : run.best(wanted, after: after.map { ScoredDocument(score: $0.place ?? .max, id: $0.id.rawValue) })
            answer.hits += try hits(found, hidden, isScored: rank != .recent)
            answer.hasMore = answer.hits.count > request.limit
            guard !answer.hasMore, found.count == wanted, let last = found.last else { break }
            after = Cursor(place: rank == .recent ? nil : last.score, id: PostID(rawValue: last.id))
        }
        answer.hits = Array(answer.hits.prefix(request.limit))
        return answer
    }

    /// Whom an account does not see: blocked in either direction, or muted.
    func unseen(by viewer: UserID?) throws -> Set<UserID> {
        guard let viewer else { return [] }
        let muted = try graph.relations(.mute, of: viewer).map { UserID(rawValue: $0.target.rawValue) }
        return try graph.hidden(from: viewer).union(muted)
    }

    /// What was found, read from the truth; without what has gone since, has expired, or is hidden.
    private func hits(_ found: [ScoredDocument], _ hidden: Set<UserID>, isScored: Bool) throws -> [Hit] {
        let records = try posts.records(of: found.map { PostID(rawValue: $0.id) })
        let items = try posts.items(of: records.compactMap { $0 }.filter { !hidden.contains($0.author) })
        var next = items.startIndex
        return found.compactMap { document in
            guard next < items.endIndex, items[next].id.rawValue == document.id else { return nil }
            defer { next += 1 }
            let score = Double(document.score) / TermScorer.unit
            return Hit(
                item: items[next], score: isScored ? score : nil,
                cursor: Cursor(place: isScored ? document.score : nil, id: items[next].id))
        }
    }

    /// The best of those that answer best and of the newest, weighed.
    private func top(_ run: SearchRun, _ hidden: Set<UserID>) throws -> [Hit] {
        let best = try run.best(Limits.searchCandidates)
        let known = Set(best.map(\.id))
        let newest = try run.newest(Limits.searchCandidates).filter { !known.contains($0.id) }
        let candidates = best + (try run.scored(newest.map(\.id)))
        let items = try hits(candidates, hidden, isScored: true)
        let engagements = try posts.engagement(of: items.map(\.item.id))
        let now = posts.context.clock.now
        return zip(items, engagements).map { hit, engagement in
            let place = SearchPlace(relevance: hit.score ?? 0, engagement, id: hit.item.id)
            return Hit(
                item: hit.item, score: place.score(at: now),
                cursor: Cursor(place: Int(place.milliseconds), id: hit.item.id))
        }.sorted { $0.cursor > $1.cursor }
    }

    /// A query, run as far as its statistics, with words replaced that occur nowhere.
    private func run(_ query: Query, corrects: Bool) throws -> (SearchRun, [Correction]) {
        let plan = try SearchPlanner.plan(query, stems: indexes.stems, now: posts.context.clock.now) { name in
            guard let handle = try? Handle(name) else {
                throw AccountsError(.noSuchAccount, "there is no account \"\(name)\"")
            }
            return try accounts.named(handle).id
        }
        let segments = try indexes.living(.posts)
        let run = try SearchRun(plan, on: segments)
        guard corrects, !plan.words.isEmpty else { return (run, []) }
        let corrections = try corrections(of: run, segments)
        let corrected = plan.corrected(corrections, stems: indexes.stems)
        return (corrected == plan ? run : try SearchRun(corrected, on: segments), corrections)
    }

    /// How many posts answer a query, those included that have expired since they were indexed.
    package func count(_ run: SearchRun) throws -> Int { try run.count() }
}

extension Search.Cursor: Comparable {
    /// What stands further in front is larger.
    package static func < (one: Search.Cursor, other: Search.Cursor) -> Bool {
        (one.place ?? 0, one.id) < (other.place ?? 0, other.id)
    }
}

extension Query {
    /// The order of what is found, unless another is asked for.
    package var rank: Search.Rank {
        switch order {
        case .recent: .recent
        case .top: .top
        case nil: .relevance
        }
    }
}
