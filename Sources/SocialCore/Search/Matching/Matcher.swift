// Walks through the documents of one segment that a part of a plan matches, in order, and scores them. Scores are whole
// numbers, so that their sum does not depend on the order of adding, and with that not on how documents lie on shards.

/// The documents that match something.
class Matcher {
    /// The present document; `PostingCursor.end` behind the last.
    final var document: UInt32 = 0
    /// No document scores more.
    final var maximum = 0
    /// About how many documents it has.
    final var size = 0

    /// Goes to the first document that is not before another; stays if it is there.
    func advance(to target: UInt32) throws {}

    /// What the present document scores.
    func score() throws -> Int { 0 }
}

/// Nothing.
final class EmptyMatcher: Matcher {
    override init() {
        super.init()
        document = PostingCursor.end
    }
}

/// The documents of a term.
final class TermMatcher: Matcher {
    private let cursor: PostingCursor
    private let segment: Segment
    private let scorer: TermScorer?

    init(_ cursor: PostingCursor, _ segment: Segment, _ scorer: TermScorer?) {
        self.cursor = cursor
        self.segment = segment
        self.scorer = scorer
        super.init()
        document = cursor.document
        size = cursor.count
        maximum = scorer.map(cursor.maximum) ?? 0
    }

    override func advance(to target: UInt32) throws {
        try cursor.advance(to: target)
        document = cursor.document
    }

    /// Passes over blocks in which no document scores more than so much.
    func advance(to target: UInt32, scoringAbove bound: Int) throws {
        guard let scorer else { return try advance(to: target) }
        try cursor.advance(to: target) { block in scorer.bound(block) > bound }
        document = cursor.document
    }

    override func score() throws -> Int {
        guard let scorer else { return 0 }
        return scorer.score(frequency: try cursor.frequency(), length: try segment.length(document))
    }
}

/// Documents that have been found before, with how often each matches.
final class ListMatcher: Matcher {
    private let list: DocumentList
    private let segment: Segment
    private let scorer: TermScorer?
    private var place = 0

    init(_ list: DocumentList, _ segment: Segment, _ scorer: TermScorer?) {
        self.list = list
        self.segment = segment
        self.scorer = scorer
        super.init()
        document = list.documents.first ?? PostingCursor.end
        size = list.documents.count
        maximum = scorer?.maximum ?? 0
    }

    override func advance(to target: UInt32) throws {
        while document < target {
            place += 1
            document = place < list.documents.count ? list.documents[place] : PostingCursor.end
        }
    }

    override func score() throws -> Int {
        guard let scorer else { return 0 }
        return scorer.score(frequency: Int(list.frequencies[place]), length: try segment.length(document))
    }
}

/// The documents of a range.
final class RangeMatcher: Matcher {
    private let end: UInt32

    init(_ range: Range<UInt32>) {
        end = range.upperBound
        super.init()
        document = range.isEmpty ? PostingCursor.end : range.lowerBound
        size = range.count
    }

    override func advance(to target: UInt32) throws {
        guard document < target else { return }
        document = target < end ? target : PostingCursor.end
    }
}

/// Pictures and films of at least so many pixels.
final class PixelMatcher: Matcher {
    private let segment: Segment
    private let width: UInt32
    private let height: UInt32

    init(_ segment: Segment, width: UInt32, height: UInt32) throws {
        self.segment = segment
        self.width = width
        self.height = height
        super.init()
        size = segment.count
        try settle(0)
    }

    override func advance(to target: UInt32) throws {
        if document < target { try settle(target) }
    }

    private func settle(_ first: UInt32) throws {
        document = first
        while document < segment.count {
            if try segment.isLarge(document, width: width, height: height) { return }
            document += 1
        }
        document = PostingCursor.end
    }
}

/// What all of several match.
final class AllMatcher: Matcher {
    private let parts: [Matcher]

    init(_ parts: [Matcher]) throws {
        self.parts = parts.sorted { $0.size < $1.size }
        super.init()
        size = self.parts.first?.size ?? 0
        maximum = parts.reduce(0) { $0 + $1.maximum }
        try settle(0)
    }

    override func advance(to target: UInt32) throws { if document < target { try settle(target) } }

    private func settle(_ start: UInt32) throws {
        var target = start
        var agreeing = 0
        var index = 0
        while agreeing < parts.count {
            let part = parts[index]
            try part.advance(to: target)
            if part.document == target { agreeing += 1 } else { (target, agreeing) = (part.document, 1) }
            if target == PostingCursor.end { break }
            index = index + 1 == parts.count ? 0 : index + 1
        }
        document = target
    }

    override func score() throws -> Int { try parts.reduce(0) { $0 + (try $1.score()) } }
}

/// What enough of several match.
final class AnyMatcher: Matcher {
    let parts: [Matcher]
    private let minimum: Int

    init(_ parts: [Matcher], minimum: Int = 1) throws {
        self.parts = parts
        self.minimum = minimum
        super.init()
        size = parts.reduce(0) { $0 + $1.size }
        maximum = parts.reduce(0) { $0 + $1.maximum }
        try settle(0)
    }

    override func advance(to target: UInt32) throws { if document < target { try settle(target) } }

    private func settle(_ start: UInt32) throws {
        var target = start
        while true {
            var least = PostingCursor.end
            var count = 0
            for part in parts {
                try part.advance(to: target)
                if part.document < least {
                    (least, count) = (part.document, 1)
                } else if part.document == least {
                    count += 1
                }
            }
            document = least
            if least == PostingCursor.end || count >= minimum { return }
            target = least + 1
        }
    }

    override func score() throws -> Int {
        var sum = 0
        for part in parts where part.document == document { sum += try part.score() }
        return sum
    }
}

/// What one matches and another does not.
final class ExceptMatcher: Matcher {
    private let base: Matcher
    private let excluded: Matcher

    init(_ base: Matcher, _ excluded: Matcher) throws {
        self.base = base
        self.excluded = excluded
        super.init()
        size = base.size
        maximum = base.maximum
        try settle(0)
    }

    override func advance(to target: UInt32) throws { if document < target { try settle(target) } }

    private func settle(_ start: UInt32) throws {
        try base.advance(to: start)
        while base.document != PostingCursor.end {
            try excluded.advance(to: base.document)
            if excluded.document != base.document { break }
            try base.advance(to: base.document + 1)
        }
        document = base.document
    }

    override func score() throws -> Int { try base.score() }
}

/// Counts what one matches as often as the query names it.
final class WeightedMatcher: Matcher {
    private let base: Matcher
    private let weight: Int

    init(_ base: Matcher, weight: Int) {
        self.base = base
        self.weight = weight
        super.init()
        document = base.document
        size = base.size
        maximum = base.maximum * weight
    }

    override func advance(to target: UInt32) throws {
        try base.advance(to: target)
        document = base.document
    }

    override func score() throws -> Int { weight * (try base.score()) }
}
