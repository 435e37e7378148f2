// Several segments into one, without what is no more: what keeps segments few and lets deleted texts go.

/// A segment, and which of its documents are no more.
package struct LivingSegment {
    /// The segment.
    package let segment: Segment
    /// The shard whose index it is of.
    var shard = 0
    /// What of it is no more.
    package private(set) var dead = DocumentSet()
    /// How many terms that has.
    private(set) var deadLength = 0

    /// A segment, all of which lives.
    package init(_ segment: Segment) { self.segment = segment }

    /// A segment of which some is no more.
    init(_ segment: Segment, dead: UnsafeBufferPointer<UInt32>, deadLength: Int) {
        self.segment = segment
        for document in dead where document < segment.count { self.dead.insert(document) }
        self.deadLength = deadLength
    }

    /// How many documents live.
    var livingCount: Int { segment.count - dead.count }

    /// How many living documents have a term.
    func documentCount(_ term: Int) throws(StorageError) -> Int {
        let count = try segment.documentCount(term)
        if dead.count == 0 { return count }
        let cursor = try segment.postings(term)
        var gone = 0
        if count < dead.count {
            while cursor.document != PostingCursor.end {
                if dead.contains(cursor.document) { gone += 1 }
                try cursor.advance()
            }
        } else {
            for document in dead.documents {
                try cursor.advance(to: document)
                if cursor.document == document { gone += 1 }
            }
        }
        return count - gone
    }

    /// How many living documents have a term.
    func documentCount(_ term: [UInt8]) throws(StorageError) -> Int {
        guard let term = try segment.term(term) else { return 0 }
        return try documentCount(term)
    }

    /// Notes that a document is no more.
    mutating func bury(_ document: UInt32) throws(StorageError) {
        if dead.insert(document) { deadLength += try segment.length(document) }
    }

    /// Notes that the document with an id is no more, if it is here.
    mutating func bury(id: Int64) throws(StorageError) {
        if let document = try segment.document(id) { try bury(document) }
    }

    /// Notes that all documents of some slots are no more.
    ///
    /// - Complexity: O(documents).
    mutating func bury(_ slots: Set<Slot>) throws(StorageError) {
        let ids = try segment.file.all(Segment.Section.ids, of: Int64.self)
        for (document, id) in ids.enumerated() where slots.contains(IdentityLayout.slot(of: id)) {
            try bury(UInt32(truncatingIfNeeded: document))
        }
    }
}

extension Segment {
    /// One segment of the living documents of several.
    ///
    /// - Complexity: O(postings).
    static func merged(_ parts: [LivingSegment]) throws(StorageError) -> Segment {
        var ids: [Int64] = []
        var pictures: [(document: UInt32, picture: DocumentPicture)] = []
        var lengths: [UInt16] = []
        var numbers = parts.map { [UInt32](repeating: .max, count: $0.segment.count) }
        var next = parts.map { _ in UInt32(0) }
        // Newest first, from all parts.
        while true {
            var best: (part: Int, id: Int64)?
            for (index, part) in parts.enumerated() {
                while Int(next[index]) < part.segment.count, part.dead.contains(next[index]) { next[index] += 1 }
                guard Int(next[index]) < part.segment.count else { continue }
                let id = try part.segment.id(next[index])
                if id > best?.id ?? .min { best = (index, id) }
            }
            guard let best else { break }
            let document = next[best.part]
            let number = UInt32(truncatingIfNeeded: ids.count)
            numbers[best.part][Int(document)] = number
            ids.append(best.id)
            if let picture = try parts[best.part].segment.picture(document) { pictures.append((number, picture)) }
            lengths.append(UInt16(clamping: try parts[best.part].segment.length(document)))
            next[best.part] = document + 1
        }
        var writer = SegmentWriter(lengths: lengths)
        var merge = PostingMerge(numbers: numbers)
        try forEachText(parts.map { ($0.segment.termCount, $0.segment.text) }) { text, terms throws(StorageError) in
            try merge.collect(parts, terms, hasPositions: Segment.hasPositions(text))
            if !merge.postings.documents.isEmpty { writer.add(text[...], merge.postings) }
        }
        try forEachText(parts.map { ($0.segment.wordCount, $0.segment.word) }) { text, words throws(StorageError) in
            var frequency: UInt32 = 0
            for (part, word) in words {
                let own = try parts[part].segment.file.element(Section.wordFrequencies, word, of: UInt32.self)
                frequency = frequency.addingReportingOverflow(own).partialValue
            }
            writer.add(word: text[...], frequency: frequency)
        }
        return try Segment(writer.finish(ids: ids, pictures: pictures, hasSpelling: true))
    }

    /// Calls a closure for each text of several ascending lists, with the lists and places where it stands.
    private static func forEachText(
        _ lists: [(count: Int, text: (Int) throws(StorageError) -> UnsafeBufferPointer<UInt8>)],
        _ visit: ([UInt8], [(list: Int, number: Int)]) throws(StorageError) -> Void
    ) throws(StorageError) {
        var next = lists.map { _ in 0 }
        var heads: [[UInt8]?] = []
        for list in lists { heads.append(list.count > 0 ? Array(try list.text(0)) : nil) }
        while true {
            var least: [UInt8]?
            for case let head? in heads where least.map({ head.lexicographicallyPrecedes($0) }) ?? true { least = head }
            guard let least else { return }
            var places: [(list: Int, number: Int)] = []
            for index in lists.indices where heads[index] == least { places.append((index, next[index])) }
            try visit(least, places)
            for (index, number) in places {
                next[index] = number + 1
                heads[index] = number + 1 < lists[index].count ? Array(try lists[index].text(number + 1)) : nil
            }
        }
    }
}

/// Brings the postings of one term in several segments together.
private struct PostingMerge {
    /// For each segment the new numbers of its documents.
    let numbers: [[UInt32]]
    var postings = SegmentWriter.Postings()
    private var found: [(document: UInt32, frequency: UInt32, start: Int)] = []
    private var positions: [UInt32] = []

    init(numbers: [[UInt32]]) { self.numbers = numbers }

    mutating func collect(
        _ parts: [LivingSegment], _ terms: [(list: Int, number: Int)], hasPositions: Bool
    ) throws(StorageError) {
        found.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        for (part, term) in terms {
            let cursor = try parts[part].segment.postings(term)
            while cursor.document != PostingCursor.end {
                let number = numbers[part][Int(cursor.document)]
                if number != .max {
                    found.append((number, UInt32(truncatingIfNeeded: try cursor.frequency()), positions.count))
                    if hasPositions { try cursor.positions(into: &positions) }
                }
                try cursor.advance()
            }
        }
        if terms.count > 1 { found.sort { $0.document < $1.document } }
        postings.removeAll()
        for entry in found {
            postings.documents.append(entry.document)
            postings.frequencies.append(entry.frequency)
            if hasPositions {
                postings.positions += positions[entry.start..<entry.start + Int(entry.frequency)]
            }
        }
    }
}
