// Makes a segment from texts. Occurrences are written down as they come, as numbers, and dealt to their terms in the
// end by counting, so nothing is moved twice and no list grows by itself.

/// Collects documents for a segment.
package struct SegmentBuilder {
    private var tokenizer = Tokenizer(.index)
    private let stems: Bool
    private var list = TermList()
    /// Words as they are written; the term that each stands for, how often it occurs, and whether spelling may offer
    /// it.
    private var words = TermTable()
    private var wordTerms: [UInt32] = []
    /// The term of the word as it is written, where that is another.
    private var writtenTerms: [UInt32] = []
    private var wordFrequencies: [UInt32] = []
    private var isOffered: [Bool] = []
    private var terms = TermTable()
    private var stem: [UInt8] = []
    private var ids: [Int64] = []
    private var lengths: [UInt16] = []
    /// Those of the documents that are pictures.
    private var pictures: [Int: DocumentPicture] = [:]
    /// The term and the position of each occurrence; markers have none.
    private var occurrences: [(term: UInt32, position: UInt32)] = []
    private var starts: [Int] = [0]

    /// In the place of a marker's position.
    private static let noPosition = UInt32.max

    /// An empty builder.
    ///
    /// - Parameter stems: whether English words lose their endings.
    package init(stems: Bool) { self.stems = stems }

    /// How many documents it has.
    package var count: Int { ids.count }
    /// Whether it has as much as is kept in memory.
    var isFull: Bool {
        let documents = ids.count * 18 + pictures.count * 160
        return occurrences.count * 8 + words.bytes.count * 3 + documents >= Limits.segmentBytes
    }

    /// Adds a document; its id must be another than those of all before.
    ///
    /// - Parameter markers: what it has beside words.
    package mutating func add(id: Int64, text: String, markers: [[UInt8]] = []) {
        add(id: id, [text]) { _ in markers }
    }

    /// Adds a document of several texts, of which more is found out from its terms.
    mutating func add(
        id: Int64, _ texts: [String], picture: DocumentPicture? = nil, markers: (TermList) -> [[UInt8]]
    ) {
        list.removeAll()
        for text in texts { tokenizer.tokenize(text, into: &list) }
        if let picture { pictures[ids.count] = picture }
        add(id: id, list, markers: markers(list))
    }

    /// Adds a document that has been cut into terms.
    package mutating func add(id: Int64, _ list: TermList, markers: [[UInt8]] = []) {
        ids.append(id)
        lengths.append(UInt16(clamping: list.terms.count))
        list.bytes.withUnsafeBufferPointer { bytes in
            for term in list.terms {
                let stored = UnsafeBufferPointer(
                    rebasing: bytes[Int(term.stored.lowerBound)..<Int(term.stored.upperBound)])
                let (word, isNew) = words.number(of: stored)
                if isNew { meet() }
                if wordTerms[word] == .max { setTerm(of: word, stored, term.kind) }
                wordFrequencies[word] += 1
                occurrences.append((wordTerms[word], term.position))
                if writtenTerms[word] != .max { occurrences.append((writtenTerms[word], Self.noPosition)) }
            }
        }
        for marker in markers {
            let term = marker.withUnsafeBufferPointer { terms.number(of: $0).number }
            occurrences.append((UInt32(truncatingIfNeeded: term), SegmentBuilder.noPosition))
        }
        starts.append(occurrences.count)
    }

    /// The words of a name, as people write them.
    mutating func words(of name: String) -> [String] {
        list.removeAll()
        tokenizer.tokenize(String(name.map { $0 == "_" ? " " : $0 }), into: &list)
        return list.terms.map { list.text(of: $0) }
    }

    /// Lets spelling offer words that are no terms.
    mutating func offer(_ names: [String]) {
        for name in names {
            let (word, isNew) = Array(name.utf8).withUnsafeBufferPointer { words.number(of: $0) }
            if isNew { meet() }
            isOffered[word] = isOffered[word] || name.utf8.count >= 3
            wordFrequencies[word] += 1
        }
    }

    /// Makes room for a new word.
    private mutating func meet() {
        wordTerms.append(.max)
        writtenTerms.append(.max)
        wordFrequencies.append(0)
        isOffered.append(false)
    }

    /// Finds out what a word stands for.
    private mutating func setTerm(of number: Int, _ word: UnsafeBufferPointer<UInt8>, _ kind: Term.Kind) {
        stem.removeAll(keepingCapacity: true)
        stem.append(contentsOf: word)
        if stems, kind == .word {
            let end = EnglishStemmer.stem(&stem, from: 0)
            stem.removeLast(stem.count - end)
            if !stem.elementsEqual(word) {
                let written = [Segment.written] + word
                let term = written.withUnsafeBufferPointer { terms.number(of: $0).number }
                writtenTerms[number] = UInt32(truncatingIfNeeded: term)
            }
        }
        let term = stem.withUnsafeBufferPointer { terms.number(of: $0).number }
        wordTerms[number] = UInt32(truncatingIfNeeded: term)
        isOffered[number] =
            isOffered[number] || (kind != .bigram && kind != .emoji && word.count >= 3 && word.contains { $0 >= 0x41 })
    }

    /// The segment of all documents.
    ///
    /// - Parameter hasSpelling: whether it is prepared for words that are misspelled: for one that lasts.
    package mutating func finish(hasSpelling: Bool = true) throws(StorageError) -> Segment {
        let order = newestFirst()
        // How many occurrences each term has, then where the next one of each goes.
        var next = [Int](repeating: 0, count: terms.count + 1)
        for occurrence in occurrences { next[Int(occurrence.term) + 1] += 1 }
        for term in 0..<terms.count { next[term + 1] += next[term] }
        let bounds = next
        var documents = [UInt32](repeating: 0, count: occurrences.count)
        var positions = [UInt32](repeating: 0, count: occurrences.count)
        for (number, document) in order.enumerated() {
            for occurrence in occurrences[starts[document]..<starts[document + 1]] {
                let place = next[Int(occurrence.term)]
                documents[place] = UInt32(truncatingIfNeeded: number)
                positions[place] = occurrence.position
                next[Int(occurrence.term)] = place + 1
            }
        }
        var writer = SegmentWriter(lengths: order.map { lengths[$0] })
        var postings = SegmentWriter.Postings()
        for term in terms.sorted() {
            postings.removeAll()
            for place in bounds[term]..<bounds[term + 1] {
                if postings.documents.last == documents[place] {
                    // A text is marked once, but may say a word twice.
                    if positions[place] == SegmentBuilder.noPosition { continue }
                    postings.frequencies[postings.frequencies.count - 1] += 1
                } else {
                    postings.documents.append(documents[place])
                    postings.frequencies.append(1)
                }
                if positions[place] != SegmentBuilder.noPosition { postings.positions.append(positions[place]) }
            }
            writer.add(terms.text(term), postings)
        }
        for word in words.sorted() where isOffered[word] {
            writer.add(word: words.text(word), frequency: wordFrequencies[word])
        }
        return try Segment(
            writer.finish(ids: order.map { ids[$0] }, pictures: pictures(in: order), hasSpelling: hasSpelling))
    }

    /// The pictures among the documents in an order.
    private func pictures(in order: [Int]) -> [(document: UInt32, picture: DocumentPicture)] {
        if pictures.isEmpty { return [] }
        return order.enumerated().compactMap { number, document in
            pictures[document].map { (UInt32(truncatingIfNeeded: number), $0) }
        }
    }

    /// The documents in the order of their ids, the highest first.
    private func newestFirst() -> [Int] {
        if zip(ids, ids.dropFirst()).allSatisfy({ $0 > $1 }) { return Array(ids.indices) }
        return ids.indices.sorted { ids[$0] > ids[$1] }
    }
}
