// Why a text was found: the places of what the query looks for, by cutting the text into terms once more, as it was
// when it was indexed.

/// What a query looks for.
package struct HighlightTerms: Equatable, Sendable {
    /// Terms as they are indexed: folded, and stemmed where words are.
    package let terms: [[UInt8]]
    /// The beginnings of words, folded.
    package let prefixes: [[UInt8]]
    /// Terms that stand together.
    package let phrases: [[SearchPlan.PlacedTerm]]
    /// Whether English words lost their endings in the index.
    package let stems: Bool

    /// What to look for.
    package init(
        terms: [[UInt8]] = [], prefixes: [[UInt8]] = [], phrases: [[SearchPlan.PlacedTerm]] = [], stems: Bool
    ) {
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
    package func ranges(in text: String) -> [Range<Int>] { HighlightRanges.merged(matches(in: text).map(\.source)) }

    /// A place of a text, and which of the wanted things stands there.
    struct Match {
        /// The number of a term; prefixes and phrases follow.
        let wanted: Int
        /// Whole characters, in UTF-8 bytes.
        let source: Range<Int>
    }

    /// Everything wanted that stands in a text, phrases by their terms.
    func matches(in text: String) -> [Match] {
        let list = TextTerms(text, stems: stems)
        // A beginning may be that of the word as it is written; without stemming there are as many terms.
        let written = stems && !prefixes.isEmpty ? TextTerms(text, stems: false) : list
        var matches: [Match] = []
        func add(_ wanted: Int, _ source: Range<Int>) {
            matches.append(Match(wanted: wanted, source: HighlightRanges.wholeCharacters(source, in: text)))
        }
        for place in list.places {
            if let wanted = terms.firstIndex(where: { list.bytes(place).elementsEqual($0) }) {
                add(wanted, list.source(place))
            }
            for (number, prefix) in prefixes.enumerated() {
                guard list.bytes(place).starts(with: prefix) || written.bytes(place).starts(with: prefix) else {
                    continue
                }
                add(terms.count + number, list.source(place, prefixBytes: prefix.count))
            }
        }
        for (number, phrase) in phrases.enumerated() {
            for place in list.places(of: phrase) { add(terms.count + prefixes.count + number, list.source(place)) }
        }
        return matches
    }
}

/// The terms of a text by their places in it.
private struct TextTerms {
    private var list = TermList()

    init(_ text: String, stems: Bool) {
        var tokenizer = Tokenizer(.index, stems: stems)
        tokenizer.tokenize(text, into: &list)
    }

    var places: Range<Int> { list.terms.indices }

    func bytes(_ place: Int) -> ArraySlice<UInt8> {
        let stored = list.terms[place].stored
        return list.bytes[Int(stored.lowerBound)..<Int(stored.upperBound)]
    }

    func source(_ place: Int) -> Range<Int> {
        let source = list.terms[place].source
        return Int(source.lowerBound)..<Int(source.upperBound)
    }

    /// The source of a term that begins in a certain way: of a pair of characters perhaps only the first.
    func source(_ place: Int, prefixBytes: Int) -> Range<Int> {
        let term = list.terms[place]
        let source = source(place)
        guard term.kind == .bigram, bytes(place).count > prefixBytes,
            let second = list.terms[place...].first(where: { $0.position > term.position })
        else { return source }
        return source.lowerBound..<Int(second.source.lowerBound)
    }

    /// The places of the terms that make up a phrase wherever it stands.
    func places(of phrase: [SearchPlan.PlacedTerm]) -> [Int] {
        guard let first = phrase.first else { return [] }
        var places: [Int] = []
        for start in self.places where bytes(start).elementsEqual(first.text) {
            var whole = [start]
            var place = start
            for part in phrase.dropFirst() {
                let position = list.terms[start].position + part.offset
                while place < list.terms.count, list.terms[place].position < position { place += 1 }
                let same = list.terms[place...].prefix { $0.position == position }.indices
                guard let match = same.first(where: { bytes($0).elementsEqual(part.text) }) else { break }
                whole.append(match)
            }
            if whole.count == phrase.count { places += whole }
        }
        return places
    }
}
