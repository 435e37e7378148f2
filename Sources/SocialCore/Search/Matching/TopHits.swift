// The best of all documents that match, found without scoring all of them: lists that could not lift a document among
// the best by themselves are only asked about documents that others have found (MAXSCORE: Turtle and Flood, "Query
// evaluation: strategies and optimizations", 1995), and blocks that could not either are passed over unread (Ding and
// Suel, "Faster top-k document retrieval using block-max indexes", 2011).

internal import HeapModule

/// A document that was found: the better, the larger.
package struct ScoredDocument: Comparable, Hashable, Sendable {
    /// Its score, in parts of 2⁻¹⁶.
    package var score: Int
    /// Its id.
    package var id: Int64

    /// A document with its score.
    package init(score: Int, id: Int64) {
        self.score = score
        self.id = id
    }

    /// Among equals the newer one is better.
    package static func < (one: ScoredDocument, other: ScoredDocument) -> Bool {
        one.score != other.score ? one.score < other.score : one.id < other.id
    }
}

/// The best documents that have been found so far.
struct TopHits {
    private let limit: Int
    /// Only what is worse than this is wanted: where an earlier page ended.
    private let bound: ScoredDocument?
    private var heap = Heap<ScoredDocument>()

    /// Room for so many documents.
    init(limit: Int, after bound: ScoredDocument? = nil) {
        self.limit = limit
        self.bound = bound
    }

    /// What a document must score to get in.
    ///
    /// Among equals the newer one is better, and a segment's documents come newest first, so that later ones must
    /// often score more than the worst.
    private var threshold = Int.min

    /// The documents, the best first.
    var sorted: [ScoredDocument] { heap.unordered.sorted(by: >) }

    private mutating func insert(_ hit: ScoredDocument) {
        if let bound, hit >= bound { return }
        if heap.count < limit {
            heap.insert(hit)
        } else if let worst = heap.min, hit > worst {
            heap.replaceMin(with: hit)
        } else {
            return
        }
        expect(nothingNewerThan: hit.id)
    }

    /// Sets the threshold for documents with ids up to one.
    private mutating func expect(nothingNewerThan id: Int64) {
        guard heap.count == limit, let worst = heap.min else { return }
        threshold = worst.score + (worst.id >= id ? 1 : 0)
    }

    /// Takes all that a matcher finds.
    private mutating func take(_ matcher: Matcher, _ living: LivingSegment) throws {
        while matcher.document != PostingCursor.end {
            if !living.dead.contains(matcher.document) {
                let score = try matcher.score()
                if score >= threshold {
                    insert(ScoredDocument(score: score, id: try living.segment.id(matcher.document)))
                }
            }
            try matcher.advance(to: matcher.document + 1)
        }
    }

    /// Takes what a plan matches in one segment.
    mutating func take(_ plan: SearchPlan.Group, _ prepared: PreparedPlan, _ scorers: [TermScorer?]) throws {
        guard limit > 0, prepared.living.segment.count > 0 else { return }
        expect(nothingNewerThan: try prepared.living.segment.id(0))
        guard plan.required.isEmpty, plan.excluded.isEmpty else {
            return try take(prepared.matcher(plan, scorers), prepared.living)
        }
        let parts = try prepared.ranked(plan, scorers).sorted { $0.maximum < $1.maximum }
        var bounds = [0]
        for part in parts { bounds.append((bounds.last ?? 0) + part.maximum) }
        // A document with enough matches is in at least one of the lists behind the first `minimum - 1`.
        var essential = plan.minimum - 1
        guard essential < parts.count else { return }
        let living = prepared.living
        while true {
            while essential + 1 < parts.count, bounds[essential + 1] < threshold { essential += 1 }
            var document = PostingCursor.end
            for index in essential..<parts.count { document = min(document, parts[index].document) }
            if document == PostingCursor.end { return }
            if essential + 1 == parts.count {
                if bounds[parts.count] < threshold { return }
                if let term = parts[essential] as? TermMatcher, threshold > bounds[essential] {
                    try term.advance(to: document, scoringAbove: threshold - bounds[essential] - 1)
                    document = term.document
                    if document == PostingCursor.end { return }
                }
            }
            try score(document, parts, bounds, essential, plan.minimum, living)
            for index in essential..<parts.count where parts[index].document == document {
                try parts[index].advance(to: document + 1)
            }
        }
    }

    /// Scores a document that an essential list has, as long as it can still get in.
    @inline(__always)
    private mutating func score(
        _ document: UInt32, _ parts: [Matcher], _ bounds: [Int], _ essential: Int, _ minimum: Int,
        _ living: LivingSegment
    ) throws {
        if living.dead.contains(document) { return }
        var score = 0
        var matches = 0
        for index in essential..<parts.count where parts[index].document == document {
            score += try parts[index].score()
            matches += 1
        }
        for index in (0..<essential).reversed() {
            if score + bounds[index + 1] < threshold || matches + index + 1 < minimum { return }
            try parts[index].advance(to: document)
            if parts[index].document == document {
                score += try parts[index].score()
                matches += 1
            }
        }
        guard matches >= minimum, score >= threshold else { return }
        insert(ScoredDocument(score: score, id: try living.segment.id(document)))
    }
}
