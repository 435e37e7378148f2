// A part of an index that never changes: documents, newest first, the dictionary of their terms, and for each term the
// documents that have it. It lies in one packed file, or in memory for what is too new to be worth a file; what has
// been deleted or edited since is kept beside it.
//
// A term is the folded, stemmed text, or a marker: the byte 1, a letter and a value, for what is no word. Words that
// lose an ending are there as they are written, too, behind the byte 2.

/// Documents and their terms, packed.
package final class Segment {
    /// The kind of the packed file: "SCSEGMT2".
    static let kind: UInt64 = 0x3254_4D47_4553_4353

    /// The sections of the packed file.
    enum Section {
        /// Documents, terms in all documents, different terms, words (UInt64).
        static let meta = 0
        /// The ids of the documents, newest first (Int64).
        static let ids = 1
        /// How many terms each has (UInt16).
        static let lengths = 2
        /// Where each term begins, and one more (UInt32); the bytes of all, ascending.
        static let termStarts = 3
        static let termBytes = 4
        /// For each term its first block and in how many documents it is (UInt32).
        static let terms = 5
        /// Five words a block (UInt32), see `PostingBlock`; the packed numbers; the positions.
        static let blocks = 6
        static let data = 7
        static let positions = 8
        /// The words as they are written, for spelling: where each begins, and one more; bytes; how often each occurs.
        static let wordStarts = 9
        static let wordBytes = 10
        static let wordFrequencies = 11
        /// Width and height of each document (UInt32), where any of them is a picture; nothing where none is.
        static let pixels = 12
        /// The documents that have fingerprints, ascending (UInt32); the fingerprints, see `LikenessIndex`.
        static let pictured = 13
        static let likenesses = 14
        /// What may have been written for the words, see `DeletionIndex`.
        static let spelling = likenesses + LikenessIndex.sectionCount
    }

    let file: PackedFile
    /// How many documents it has.
    package let count: Int
    /// How many terms they have together.
    package let totalLength: Int
    /// How many different terms.
    package let termCount: Int
    /// How many words as they are written.
    package let wordCount: Int

    /// A segment in memory or in a mapped file.
    ///
    /// - Throws: `damaged` when its sections do not fit together.
    package init(_ file: PackedFile) throws(StorageError) {
        let meta = try file.all(Section.meta, of: UInt64.self)
        guard meta.count == 4, meta.allSatisfy({ $0 < 1 << 48 }) else { throw file.damaged }
        self.file = file
        count = Int(meta[0])
        totalLength = Int(meta[1])
        termCount = Int(meta[2])
        wordCount = Int(meta[3])
        guard file.count(Section.ids, of: Int64.self) == count,
            file.count(Section.lengths, of: UInt16.self) == count,
            file.count(Section.termStarts, of: UInt32.self) == termCount + 1,
            file.count(Section.terms, of: UInt32.self) == 2 * termCount,
            file.count(Section.wordStarts, of: UInt32.self) == wordCount + 1,
            file.count(Section.wordFrequencies, of: UInt32.self) == wordCount,
            [0, 2 * count].contains(file.count(Section.pixels, of: UInt32.self)),
            file.count(Section.likenesses, of: SIMD4<UInt64>.self) == file.count(Section.pictured, of: UInt32.self)
        else { throw file.damaged }
    }

    /// The bytes that it takes.
    package var sizeBytes: Int { file.sizeBytes }

    // MARK: Documents

    /// The id of a document.
    package func id(_ document: UInt32) throws(StorageError) -> Int64 {
        try file.element(Section.ids, Int(document))
    }

    /// How many terms a document has.
    @inline(__always)
    func length(_ document: UInt32) throws(StorageError) -> Int {
        Int(try file.element(Section.lengths, Int(document), of: UInt16.self))
    }

    /// The first document whose id is not above a bound; `count` when there is none.
    func firstDocument(notAbove id: Int64) throws(StorageError) -> UInt32 {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if try self.id(UInt32(truncatingIfNeeded: middle)) > id { low = middle + 1 } else { high = middle }
        }
        return UInt32(truncatingIfNeeded: low)
    }

    /// The document with an id; nil when it is not here.
    package func document(_ id: Int64) throws(StorageError) -> UInt32? {
        let document = try firstDocument(notAbove: id)
        guard document < count, try self.id(document) == id else { return nil }
        return document
    }

    // MARK: Spelling

    /// The words by what may have been written for them.
    func spelling() throws(StorageError) -> DeletionIndex {
        if file.count(Section.spelling, of: UInt32.self) > 0 {
            let words = WordTable(
                file, starts: Section.wordStarts, bytes: Section.wordBytes, frequencies: Section.wordFrequencies)
            return DeletionIndex(file, from: Section.spelling, words: words)
        }
        var words: [(term: String, frequency: UInt32)] = []
        for number in 0..<wordCount { words.append((String(decoding: try word(number), as: UTF8.self), 1)) }
        return DeletionIndex(words)
    }

    // MARK: Terms

    /// The bytes of a term.
    package func text(_ term: Int) throws(StorageError) -> UnsafeBufferPointer<UInt8> {
        try text(term, Section.termStarts, Section.termBytes)
    }

    /// The bytes of a word.
    package func word(_ word: Int) throws(StorageError) -> UnsafeBufferPointer<UInt8> {
        try text(word, Section.wordStarts, Section.wordBytes)
    }

    private func text(_ number: Int, _ starts: Int, _ bytes: Int) throws(StorageError) -> UnsafeBufferPointer<UInt8> {
        let bounds = try file.part(starts, number..<number + 2, of: UInt32.self)
        guard bounds[0] <= bounds[1] else { throw file.damaged }
        return try file.part(bytes, Int(bounds[0])..<Int(bounds[1]))
    }

    /// The first term that does not come before some bytes; `termCount` when there is none.
    func firstTerm(notBefore text: [UInt8]) throws(StorageError) -> Int {
        var (low, high) = (0, termCount)
        while low < high {
            let middle = (low + high) / 2
            if try self.text(middle).lexicographicallyPrecedes(text) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The number of a term; nil when no document has it.
    package func term(_ text: [UInt8]) throws(StorageError) -> Int? {
        let term = try firstTerm(notBefore: text)
        guard term < termCount, try self.text(term).elementsEqual(text) else { return nil }
        return term
    }

    /// The numbers of all terms that begin with some bytes, which must not be empty.
    package func terms(prefix: [UInt8]) throws(StorageError) -> Range<Int> {
        let first = try firstTerm(notBefore: prefix)
        var end = prefix
        while let last = end.last, last == 0xFF { end.removeLast() }
        guard let last = end.popLast() else { return first..<termCount }
        return first..<max(first, try firstTerm(notBefore: end + [last + 1]))
    }

    /// How many documents have a term, those included that are no more.
    package func documentCount(_ term: Int) throws(StorageError) -> Int {
        Int(try file.element(Section.terms, 2 * term + 1, of: UInt32.self))
    }

    /// The documents that have a term.
    package func postings(_ term: Int) throws(StorageError) -> PostingCursor { try PostingCursor(self, term) }
}

// MARK: Markers

extension Segment {
    /// With this byte begins what is no word.
    static let marker: UInt8 = 1
    /// With this byte begins a word as it is written, where it has lost its ending: for what asks how words begin.
    static let written: UInt8 = 2

    /// Whether it is known where in a document a term stands.
    static func hasPositions(_ term: [UInt8]) -> Bool { term.first.map { $0 > written } ?? false }

    /// What documents have beside words.
    package enum Marker {
        /// Written by an account.
        case author(Int64)
        /// An answer to what an account wrote.
        case answered(Int64)
        /// An answer.
        case reply
        /// With an address.
        case link
        /// With a picture, a film or sound.
        case media
        /// In a language.
        case language(String)
        /// An upload of a kind: `image`, `film` or `file`, and what stands behind the stroke of its media type.
        case type(String)
        /// An account with a handle, in lower case.
        case handle(String)
        /// An account with a word in its name or handle.
        case name(String)
    }

    /// The term of a marker.
    package static func term(_ marker: Marker) -> [UInt8] {
        func term(_ letter: UInt8, _ value: some Sequence<UInt8>) -> [UInt8] { [Segment.marker, letter] + value }
        func id(_ value: Int64) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
        return switch marker {
        case .author(let account): term(UInt8(ascii: "a"), id(account))
        case .answered(let account): term(UInt8(ascii: "t"), id(account))
        case .reply: term(UInt8(ascii: "r"), [])
        case .link: term(UInt8(ascii: "u"), [])
        case .media: term(UInt8(ascii: "m"), [])
        case .language(let name): term(UInt8(ascii: "l"), name.utf8)
        case .type(let name): term(UInt8(ascii: "k"), name.utf8)
        case .handle(let key): term(UInt8(ascii: "h"), key.utf8)
        case .name(let word): term(UInt8(ascii: "n"), word.utf8)
        }
    }
}
