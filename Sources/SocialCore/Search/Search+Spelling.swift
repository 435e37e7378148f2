// What was probably meant by words that occur nowhere, or hardly: nothing but words of the collection itself, weighed
// by how many posts have them at this moment.

extension Search {
    /// The words of a plan that may be misspelled; those that occur nowhere are to be replaced.
    func corrections(of run: SearchRun, _ segments: [LivingSegment]) throws -> [Correction] {
        var speller = Speller(segments)
        var corrections: [Correction] = []
        for word in run.plan.words where word.kind != .bigram && word.kind != .emoji {
            let choice = try speller.choose(word.text, frequency: run.counts[word.leaf]) { candidate in
                // A word is no tag, and a tag no mention.
                guard candidate.first == word.text.first || (word.kind == .word && candidate.first?.isLetter == true)
                else { return 0 }
                let term = Array(candidate.utf8)
                return try segments.documentCount(
                    word.kind == .word ? SearchPlanner.stemmed(term, indexes.stems) : term)
            }
            switch choice {
            case .keep: break
            case .suggest(let candidate):
                corrections.append(
                    Correction(written: word.text, meant: candidate.text, range: word.range, isApplied: false))
            case .replace(let candidate):
                corrections.append(
                    Correction(written: word.text, meant: candidate.text, range: word.range, isApplied: true))
            }
        }
        return corrections
    }

    /// Replaces words that nobody has in handle, name or bio, and says by what.
    func corrected(_ words: inout [String], _ segments: [LivingSegment]) throws -> [Correction] {
        var speller = Speller(segments)
        func documents(_ word: String) throws -> Int {
            let bytes = Array(word.utf8)
            return try segments.documentCount(Segment.term(.handle(word)))
                + segments.documentCount(Segment.term(.name(word)))
                + segments.documentCount(SearchPlanner.stemmed(bytes, indexes.stems))
        }
        var corrections: [Correction] = []
        for (place, word) in words.enumerated() {
            let choice = try speller.choose(word, frequency: documents(word), documents)
            guard case .replace(let candidate) = choice else { continue }
            words[place] = candidate.text
            corrections.append(Correction(written: word, meant: candidate.text, range: nil, isApplied: true))
        }
        return corrections
    }
}

/// Chooses words by all segments together.
private struct Speller {
    private let segments: [LivingSegment]
    private var search = SpellingSearch()
    private var indexes: [DeletionIndex]?

    init(_ segments: [LivingSegment]) { self.segments = segments }

    mutating func choose(
        _ word: String, frequency: Int, _ documents: (String) throws -> Int
    ) throws -> SpellingChoice {
        if frequency >= Spelling.rareDocuments { return .keep }
        let indexes = try self.indexes ?? segments.map { try $0.segment.spelling() }
        self.indexes = indexes
        return try withoutActuallyEscaping(documents) { documents in
            let candidates = try search.candidates(for: word, in: indexes, frequency: documents)
            return Spelling.choose(frequency: frequency, among: candidates)
        }
    }
}

extension [LivingSegment] {
    /// How many documents have a term.
    fileprivate func documentCount(_ term: [UInt8]) throws -> Int {
        try reduce(0) { $0 + (try $1.documentCount(term)) }
    }
}

extension SearchPlan {
    /// The plan with words replaced.
    func corrected(_ corrections: [Correction], stems: Bool) -> SearchPlan {
        var plan = self
        for correction in corrections where correction.isApplied {
            guard let word = words.first(where: { $0.range == correction.range }) else { continue }
            let bytes = Array(correction.meant.utf8)
            plan.leaves[word.leaf] = .term(word.kind == .word ? SearchPlanner.stemmed(bytes, stems) : bytes)
        }
        return plan
    }
}
