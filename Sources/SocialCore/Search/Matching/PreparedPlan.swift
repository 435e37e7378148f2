// A plan on one segment: its terms looked up, its prefixes and phrases found. That is done before anything is scored,
// because a list's worth depends on how many documents have it in the whole network.

/// Documents with how often each matches something.
struct DocumentList {
    /// The documents, ascending.
    var documents: [UInt32] = []
    /// How often each matches.
    var frequencies: [UInt32] = []

    mutating func append(_ document: UInt32, _ frequency: UInt32) {
        documents.append(document)
        frequencies.append(frequency)
    }
}

/// The lists of a plan in one segment.
final class PreparedPlan {
    /// One list.
    enum Leaf {
        case nothing
        case term(Int)
        case list(DocumentList)
        case range(Range<UInt32>)
        case pixels(width: UInt32, height: UInt32)
    }

    let living: LivingSegment
    private(set) var leaves: [Leaf] = []
    /// How many living documents each list has; 0 for what does not count in scores.
    private(set) var counts: [Int] = []

    private var segment: Segment { living.segment }

    init(_ plan: SearchPlan, on living: LivingSegment) throws {
        self.living = living
        for leaf in plan.leaves {
            let prepared = try prepare(leaf)
            leaves.append(prepared)
            counts.append(leaf.isRanked ? try livingCount(prepared) : 0)
        }
    }

    private func prepare(_ leaf: SearchPlan.Leaf) throws -> Leaf {
        switch leaf {
        case .term(let text), .marker(let text, _): return try segment.term(text).map { .term($0) } ?? .nothing
        case .prefix(let text): return try prefix(text)
        case .phrase(let terms): return try phrase(terms)
        case .pixels(let width, let height): return .pixels(width: width, height: height)
        case .ids(let range):
            let first = try segment.firstDocument(notAbove: range.upperBound)
            let end =
                range.lowerBound <= 0
                ? UInt32(truncatingIfNeeded: segment.count) : try segment.firstDocument(notAbove: range.lowerBound - 1)
            return first < end ? .range(first..<end) : .nothing
        }
    }

    /// How many documents of a list live.
    private func livingCount(_ leaf: Leaf) throws -> Int {
        switch leaf {
        case .nothing, .range, .pixels: return 0
        case .list(let list): return list.documents.count { !living.dead.contains($0) }
        case .term(let term): return try living.documentCount(term)
        }
    }

    /// Everything with a word that begins so, each once.
    private func prefix(_ text: [UInt8]) throws -> Leaf {
        var terms = Array(try segment.terms(prefix: text))
        if text.first != Segment.marker { terms += try segment.terms(prefix: [Segment.written] + text) }
        var isIn = DocumentSet()
        for term in terms {
            let cursor = try segment.postings(term)
            while cursor.document != PostingCursor.end {
                isIn.insert(cursor.document)
                try cursor.advance()
            }
        }
        let documents = isIn.documents
        if documents.isEmpty { return .nothing }
        return .list(DocumentList(documents: documents, frequencies: documents.map { _ in 1 }))
    }

    /// Everything in which the terms stand as in the phrase.
    private func phrase(_ terms: [SearchPlan.PlacedTerm]) throws -> Leaf {
        var cursors: [(cursor: PostingCursor, offset: UInt32)] = []
        for term in terms {
            guard let number = try segment.term(term.text) else { return .nothing }
            cursors.append((try segment.postings(number), term.offset))
        }
        // The rarest term leads.
        cursors.sort { $0.cursor.count < $1.cursor.count }
        let lead = cursors[0].cursor
        var list = DocumentList()
        var starts: [UInt32] = []
        var places: [UInt32] = []
        search: while lead.document != PostingCursor.end {
            for (cursor, _) in cursors.dropFirst() {
                try cursor.advance(to: lead.document)
                if cursor.document != lead.document {
                    try lead.advance(to: cursor.document)
                    continue search
                }
            }
            for (index, part) in cursors.enumerated() {
                places.removeAll(keepingCapacity: true)
                try part.cursor.positions(into: &places)
                let begins = places.filter { $0 >= part.offset }.map { $0 - part.offset }
                starts = index == 0 ? begins : PreparedPlan.common(starts, begins)
                if starts.isEmpty { break }
            }
            if !starts.isEmpty { list.append(lead.document, UInt32(truncatingIfNeeded: starts.count)) }
            try lead.advance()
        }
        return list.documents.isEmpty ? .nothing : .list(list)
    }

    /// What two ascending lists have in common.
    private static func common(_ one: [UInt32], _ other: [UInt32]) -> [UInt32] {
        var result: [UInt32] = []
        var index = 0
        for value in one {
            while index < other.count, other[index] < value { index += 1 }
            if index < other.count, other[index] == value { result.append(value) }
        }
        return result
    }

    // MARK: Matching

    /// What a group matches here.
    ///
    /// - Parameter scorers: one a list; nil for those that do not count.
    func matcher(_ group: SearchPlan.Group, _ scorers: [TermScorer?]) throws -> Matcher {
        var parts = try group.required.map { try matcher($0, scorers) }
        if group.minimum > 0 { parts.append(try AnyMatcher(ranked(group, scorers), minimum: group.minimum)) }
        return try excluding(group, from: parts.count == 1 ? parts[0] : AllMatcher(parts), scorers)
    }

    /// What ranks in a group.
    func ranked(_ group: SearchPlan.Group, _ scorers: [TermScorer?]) throws -> [Matcher] {
        try group.ranked.map { ranked in
            let matcher = try matcher(ranked.node, scorers)
            return ranked.weight == 1 ? matcher : WeightedMatcher(matcher, weight: ranked.weight)
        }
    }

    private func excluding(
        _ group: SearchPlan.Group, from base: Matcher, _ scorers: [TermScorer?]
    ) throws -> Matcher {
        if group.excluded.isEmpty { return base }
        return try ExceptMatcher(base, AnyMatcher(group.excluded.map { try matcher($0, scorers) }))
    }

    private func matcher(_ node: SearchPlan.Node, _ scorers: [TermScorer?]) throws -> Matcher {
        switch node {
        case .leaf(let number):
            switch leaves[number] {
            case .nothing: return EmptyMatcher()
            case .term(let term): return TermMatcher(try segment.postings(term), segment, scorers[number])
            case .list(let list): return ListMatcher(list, segment, scorers[number])
            case .range(let range): return RangeMatcher(range)
            case .pixels(let width, let height): return try PixelMatcher(segment, width: width, height: height)
            }
        case .all(let nodes):
            let wanted = nodes.filter { if case .not = $0 { false } else { true } }
            let unwanted = nodes.compactMap { if case .not(let inner) = $0 { inner } else { nil } }
            let base: Matcher =
                wanted.isEmpty ? everything : try AllMatcher(wanted.map { try matcher($0, scorers) })
            return unwanted.isEmpty
                ? base : try ExceptMatcher(base, AnyMatcher(unwanted.map { try matcher($0, scorers) }))
        case .any(let nodes): return try AnyMatcher(nodes.map { try matcher($0, scorers) })
        case .not(let node): return try ExceptMatcher(everything, matcher(node, scorers))
        case .group(let group): return try matcher(group, scorers)
        }
    }

    private var everything: Matcher { RangeMatcher(0..<UInt32(truncatingIfNeeded: segment.count)) }
}
