// Why a text was found: the places of what the query looks for, by cutting the text into terms once more, as it was
// when it was indexed.

/// What a query looks for.
package struct HighlightTerms: Equatable, Sendable {
    /// Terms as they are indexed: folded, and stemmed where words are.
    package let terms: [String]
    /// The beginnings of words, folded.
    package let prefixes: [String]
    /// Terms that stand together.
    package let phrases: [HighlightPhrase]
    /// Whether English words lost their endings in the index.
    package let stems: Bool

    /// What to look for.
    package init(terms: [String], prefixes: [String] = [], phrases: [HighlightPhrase] = [], stems: Bool = false) {
        self.terms = terms
        self.prefixes = prefixes
        self.phrases = phrases
        self.stems = stems
    }

    /// What of a text is wanted, in UTF-8 bytes: ascending ranges that do not touch, none of which begins or ends
    /// inside a character.
    ///
    /// A phrase counts where the whole of it stands; of a word with a wanted beginning all does. Characters of texts
    /// without spaces are marked one by one.
    package func ranges(in text: String) -> [Range<Int>] {
        HighlightRanges.merged(matches(in: text).map(\.source))
    }

    /// A place of a text, and which of the wanted things stands there.
    struct Match {
        /// The number of a term; prefixes and phrases follow.
        let wanted: Int
        /// Whole characters, in UTF-8 bytes.
        let source: Range<Int>
    }

    /// Everything wanted that stands in a text, phrases by their terms.
    func matches(in text: String) -> [Match] {
        var tokenizer = Tokenizer(.index, stems: stems)
        var list = TermList()
        tokenizer.tokenize(text, into: &list)
        let found = list.terms.map { list.text(of: $0) }
        var matches: [Match] = []
        func add(_ wanted: Int, _ source: Range<UInt32>) {
            let bytes = Int(source.lowerBound)..<Int(source.upperBound)
            matches.append(Match(wanted: wanted, source: HighlightRanges.wholeCharacters(bytes, in: text)))
        }
        for (place, term) in found.enumerated() {
            if let wanted = terms.firstIndex(of: term) { add(wanted, list.terms[place].source) }
        }
        for (number, phrase) in phrases.enumerated() {
            for place in phrase.places(in: list.terms, found) {
                add(terms.count + prefixes.count + number, list.terms[place].source)
            }
        }
        guard !prefixes.isEmpty else { return matches }
        // A beginning is that of the word as it is written; without stemming there are as many terms.
        tokenizer = Tokenizer(.index)
        list.removeAll()
        tokenizer.tokenize(text, into: &list)
        for (place, term) in list.terms.enumerated() {
            let written = list.text(of: term)
            for (number, prefix) in prefixes.enumerated() where written.utf8.starts(with: prefix.utf8) {
                let isPart = term.kind == .bigram && written.utf8.count > prefix.utf8.count
                let second = isPart ? list.terms[place...].first { $0.position > term.position } : nil
                let end = second?.source.lowerBound ?? term.source.upperBound
                add(terms.count + number, term.source.lowerBound..<end)
            }
        }
        return matches
    }
}

/// Terms that have to stand together.
package struct HighlightPhrase: Equatable, Sendable {
    /// A term, and how many positions it stands behind the first.
    private struct Part: Equatable {
        let text: String
        let offset: UInt32
    }

    private let parts: [Part]

    /// The terms of a text, at their positions; the text is cut as a query.
    package init(_ list: TermList) {
        let first = list.terms.first?.position ?? 0
        parts = list.terms.map { Part(text: list.text(of: $0), offset: $0.position - first) }
    }

    /// The terms of a plan's phrase.
    init(_ terms: [SearchPlan.PlacedTerm]) {
        parts = terms.map { Part(text: String(decoding: $0.text, as: UTF8.self), offset: $0.offset) }
    }

    /// The places, among the terms of a text, of those that make up the phrase wherever it stands.
    fileprivate func places(in terms: [Term], _ texts: [String]) -> [Int] {
        guard let first = parts.first else { return [] }
        var places: [Int] = []
        for start in texts.indices where texts[start] == first.text {
            var whole = [start]
            var place = start
            for part in parts.dropFirst() {
                let position = terms[start].position + part.offset
                while place < terms.count, terms[place].position < position { place += 1 }
                let same = terms[place...].prefix { $0.position == position }.indices
                guard let match = same.first(where: { texts[$0] == part.text }) else { break }
                whole.append(match)
            }
            if whole.count == parts.count { places += whole }
        }
        return places
    }
}
