// A plan on all segments of all shards: the statistics first, then what is found with them. Which segment, and which
// shard, a document lies in does not show in any number.

/// A plan with everything that is known before documents are scored.
package struct SearchRun: Sendable {
    /// What is looked for.
    package let plan: SearchPlan
    /// The documents of the whole network.
    package let statistics: CollectionStatistics
    /// How many documents have each list, in the whole network.
    package let counts: [Int]
    // Safety: a run is made, asked and dropped by one thread; it is sent nowhere.
    nonisolated(unsafe) let parts: [PreparedPlan]
    nonisolated(unsafe) let scorers: [TermScorer?]

    /// Looks up what the plan needs.
    ///
    /// - Parameter worths: what each list is worth whoever has it and however often; nil: by BM25.
    package init(_ plan: SearchPlan, on segments: [LivingSegment], worths: [Double]? = nil) throws {
        self.plan = plan
        var statistics = CollectionStatistics()
        var counts = plan.leaves.map { _ in 0 }
        var parts: [PreparedPlan] = []
        for living in segments {
            statistics.documents += living.livingCount
            statistics.totalLength += living.segment.totalLength - living.deadLength
            let part = try PreparedPlan(plan, on: living)
            for index in counts.indices { counts[index] += part.counts[index] }
            parts.append(part)
        }
        // Newest first: then later segments are soon out of the question.
        self.parts = try parts.filter { $0.living.livingCount > 0 }
            .map { ($0, try $0.living.segment.id(0)) }.sorted { $0.1 > $1.1 }.map(\.0)
        let lengths = LengthShares(worths == nil ? .shipped : BM25(saturation: 0, lengthShare: 0), statistics)
        scorers = plan.leaves.indices.map { leaf in
            guard plan.leaves[leaf].isRanked, counts[leaf] > 0 else { return nil }
            let rarity = BM25.shipped.rarity(documents: statistics.documents, containing: counts[leaf])
            return TermScorer(worth: worths?[leaf] ?? rarity, lengths: lengths)
        }
        self.statistics = statistics
        self.counts = counts
    }

    /// The best documents.
    ///
    /// - Parameter after: only those that are worse.
    package func best(_ limit: Int, after: ScoredDocument? = nil) throws -> [ScoredDocument] {
        if plan.isEmpty { return [] }
        var hits = TopHits(limit: limit, after: after)
        for part in parts { try hits.take(plan.root, part, scorers) }
        return hits.sorted
    }

    /// The newest documents, unscored.
    ///
    /// - Parameter after: only those with smaller ids.
    package func newest(_ limit: Int, after: Int64? = nil) throws -> [ScoredDocument] {
        if plan.isEmpty || limit == 0 { return [] }
        var newest: [ScoredDocument] = []
        for part in parts {
            let segment = part.living.segment
            let start = try after.map { try segment.firstDocument(notAbove: $0 - 1) } ?? 0
            let worst = newest.count == limit ? newest.last?.id : nil
            if let worst, try start >= segment.count || segment.id(start) < worst { continue }
            let matcher = try part.matcher(plan.root, unscored)
            try matcher.advance(to: start)
            var found: [ScoredDocument] = []
            while matcher.document != PostingCursor.end, found.count < limit {
                if !part.living.dead.contains(matcher.document) {
                    let id = try segment.id(matcher.document)
                    if let worst, id < worst { break }
                    found.append(ScoredDocument(score: 0, id: id))
                }
                try matcher.advance(to: matcher.document + 1)
            }
            newest = newest.isEmpty ? found : Array((newest + found).sorted(by: >).prefix(limit))
        }
        return newest
    }

    /// Documents with their scores, those that are there and match.
    func scored(_ ids: [Int64]) throws -> [ScoredDocument] {
        var result: [ScoredDocument] = []
        for part in parts {
            var documents: [UInt32] = []
            for id in ids {
                if let document = try part.living.segment.document(id), !part.living.dead.contains(document) {
                    documents.append(document)
                }
            }
            if documents.isEmpty { continue }
            let matcher = try part.matcher(plan.root, scorers)
            for document in documents.sorted() {
                try matcher.advance(to: document)
                guard matcher.document == document else { continue }
                result.append(
                    ScoredDocument(score: try matcher.score(), id: try part.living.segment.id(document)))
            }
        }
        return result
    }

    /// How many documents match.
    func count() throws -> Int {
        if plan.isEmpty { return 0 }
        return try parts.reduce(0) { $0 + (try $1.matchCount(plan.root)) }
    }

    private var unscored: [TermScorer?] { plan.leaves.map { _ in nil } }
}
