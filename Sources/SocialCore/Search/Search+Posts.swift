// Posts by what they say, in one of three orders.

extension Search {
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

    /// The posts that answer a query.
    ///
    /// - Throws: `QueryError` where it cannot be understood, `noSuchAccount` where it names nobody.
    package func posts(_ request: Request) throws -> Answer<PostItem> {
        let query = try QueryParser.parse(request.query)
        return try indexes.whileSound { try posts(request, query) }
    }

    private func posts(_ request: Request, _ query: Query) throws -> Answer<PostItem> {
        let rank = request.rank ?? query.rank
        var answer: Answer<PostItem> = try answer(query, on: .posts, corrects: request.corrects)
        let run = answer.run
        let hidden = try unseen(by: request.viewer)
        if rank == .top {
            let ranked = try top(run, hidden)
            let rest = request.after.map { after in ranked.drop { after <= $0.cursor } } ?? ranked[...]
            answer.hits = Array(rest.prefix(request.limit))
            answer.hasMore = rest.count > request.limit
            return answer
        }
        try fill(&answer, limit: request.limit, after: request.after?.document) { wanted, after in
            try rank == .recent ? run.newest(wanted, after: after?.id) : run.best(wanted, after: after)
        } hits: {
            try hits($0, hidden, isScored: rank != .recent)
        }
        return answer
    }

    /// What was found, read from the truth; without what has gone since, has expired, or is hidden.
    private func hits(_ found: [ScoredDocument], _ hidden: Set<UserID>, isScored: Bool) throws -> [Hit<PostItem>] {
        let records = try posts.records(of: found.map { PostID(rawValue: $0.id) })
        let items = try posts.items(of: records.compactMap { $0 }.filter { !hidden.contains($0.author) })
        var next = items.startIndex
        return found.compactMap { document in
            guard next < items.endIndex, items[next].id.rawValue == document.id else { return nil }
            defer { next += 1 }
            return Hit(document, items[next], isScored: isScored)
        }
    }

    /// The best of those that answer best and of the newest, weighed.
    private func top(_ run: SearchRun, _ hidden: Set<UserID>) throws -> [Hit<PostItem>] {
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
}

extension Search.Hit {
    /// What was found, scored or in the order of time.
    init(_ document: ScoredDocument, _ item: Item, isScored: Bool) {
        self.item = item
        score = isScored ? Double(document.score) / TermScorer.unit : nil
        cursor = Search.Cursor(place: isScored ? document.score : nil, id: EntityID(rawValue: document.id))
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
