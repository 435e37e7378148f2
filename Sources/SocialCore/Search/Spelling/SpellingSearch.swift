// From a word to the words that may have been meant by it, over all parts of an index.

/// Looks for words, and keeps memory from one to the next.
package struct SpellingSearch: Sendable {
    private let rules: SpellingRules
    private var forms = DeletionForms()
    private var cost = EditCost()
    private var distance = BitDistance()
    /// The word that is looked for, and one that may have been meant.
    private var letters: [UInt32] = []
    private var other: [UInt32] = []
    /// Words of one index that have some form.
    private var words: [UInt32] = []

    /// A search by rules that allow no more than those by which the indexes were made.
    package init(rules: SpellingRules = .shipped) { self.rules = rules }

    /// The words near one, itself left out, with how often each occurs in all of the indexes together.
    ///
    /// Two edits are looked for only where one does not do.
    ///
    /// - Parameter frequency: how often a word occurs now, where the indexes may hold words that are no more; nil: as
    ///   the indexes say.
    /// - Throws: `damaged`.
    package mutating func candidates(
        for word: String, in indexes: [DeletionIndex], frequency: ((String) throws -> Int)? = nil
    ) throws -> [SpellingCandidate] {
        letters.removeAll(keepingCapacity: true)
        for scalar in word.unicodeScalars { letters.append(scalar.value) }
        let edits = rules.edits(letters: letters.count)
        guard edits > 0, !letters.isEmpty, letters.count <= BitDistance.limit else { return [] }
        forms.take(letters, deletions: edits)
        distance.setPattern(letters)
        defer { distance.clear(letters) }
        let near = try present(candidates(0..<forms.nearCount, within: edits, in: indexes), frequency)
        if edits == 1 || near.contains(where: { $0.edits == 1 }) { return near }
        return try present(candidates(forms.hashes.indices, within: edits, in: indexes), frequency)
    }

    /// Those of some candidates that occur now.
    private func present(
        _ candidates: [SpellingCandidate], _ frequency: ((String) throws -> Int)?
    ) throws -> [SpellingCandidate] {
        guard let frequency else { return candidates }
        return try candidates.compactMap { candidate in
            var present = candidate
            present.frequency = try frequency(candidate.text)
            return present.frequency > 0 ? present : nil
        }
    }

    /// The words that have some of the forms and are near.
    private mutating func candidates(
        _ range: Range<Int>, within edits: Int, in indexes: [DeletionIndex]
    ) throws(StorageError) -> [SpellingCandidate] {
        var found: [SpellingCandidate] = []
        var places: [String: Int] = [:]
        for index in indexes {
            words.removeAll(keepingCapacity: true)
            for form in range { try index.find(forms.hashes[form], into: &words) }
            words.sort()
            var last: UInt32?
            for word in words where word != last {
                last = word
                guard let candidate = try weigh(Int(word), of: index.words, within: edits) else { continue }
                if indexes.count == 1 {
                    found.append(candidate)
                } else if let place = places[candidate.text] {
                    found[place].frequency += candidate.frequency
                } else {
                    places[candidate.text] = found.count
                    found.append(candidate)
                }
            }
        }
        return found
    }

    /// A word of an index, if it is near.
    private mutating func weigh(
        _ word: Int, of table: WordTable, within edits: Int
    ) throws(StorageError) -> SpellingCandidate? {
        let bytes = try table.bytes(of: word)
        // A scalar has up to four bytes.
        guard max(1, letters.count - edits)...4 * (letters.count + edits) ~= bytes.count else { return nil }
        let isASCII = bytes.allSatisfy { $0 < 0x80 }
        if isASCII, bytes.count > letters.count + edits || distance.measure(bytes.span) > edits { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        other.removeAll(keepingCapacity: true)
        for scalar in text.unicodeScalars { other.append(scalar.value) }
        cost.measure(written: letters, meant: other)
        guard 1...edits ~= cost.edits else { return nil }
        return SpellingCandidate(
            text: text, frequency: try table.frequency(of: word), edits: cost.edits, cost: cost.cost)
    }
}
