// From a word to the terms that may have been meant by it, the likeliest first.

internal import Glibc

/// Looks words up in a deletion index, and keeps memory from one to the next.
package struct SpellingSearch: Sendable {
    private let index: DeletionIndex
    private var cost = EditCost()
    private var distance = BitDistance()
    private var letters: [UInt32] = []
    private var other: [UInt32] = []
    private var hashes: [UInt64] = []
    /// In which search each term was looked at last.
    private var seen: [UInt32]
    private var search: UInt32 = 0

    /// A search in an index.
    package init(_ index: DeletionIndex) {
        self.index = index
        seen = [UInt32](repeating: 0, count: index.count)
    }

    /// The terms that a word may mean, the likeliest first; the word itself when it is a term.
    package mutating func suggestions(for word: String, limit: Int = 5) -> [Suggestion] {
        let found = candidates(for: word)
        return Array(found.sorted { $0.score != $1.score ? $0.score > $1.score : $0.term < $1.term }.prefix(limit))
    }

    /// The likeliest term that a word may mean.
    package mutating func best(for word: String) -> Suggestion? {
        candidates(for: word).max { $0.score != $1.score ? $0.score < $1.score : $0.term > $1.term }
    }

    private mutating func candidates(for word: String) -> [Suggestion] {
        letters.removeAll(keepingCapacity: true)
        for scalar in word.unicodeScalars { letters.append(scalar.value) }
        let edits = index.rules.edits(letters: letters.count)
        guard !letters.isEmpty, letters.count <= BitDistance.limit else { return [] }
        search &+= 1
        distance.setPattern(letters)
        defer { distance.clear(letters) }
        let signature = DeletionIndex.signature(letters)
        DeletionIndex.forms(of: letters, deletions: edits, into: &hashes)
        var found: [Suggestion] = []
        let near = min(hashes.count, min(letters.count, DeletionIndex.prefixLetters) + 1)
        look(at: 0..<near, signature, within: edits, into: &found)
        // Two edits are looked for only where one does not do.
        if edits > 1, !found.contains(where: { $0.edits < 2 }) {
            look(at: near..<hashes.count, signature, within: edits, into: &found)
        }
        return found
    }

    /// Weighs the terms that have some of the word's forms.
    private mutating func look(
        at forms: Range<Int>, _ signature: UInt32, within edits: Int, into found: inout [Suggestion]
    ) {
        for form in forms {
            let hash = hashes[form]
            let bucket = Int(hash >> UInt64(64 - index.bucketBits))
            for place in Int(index.buckets[bucket])..<Int(index.buckets[bucket + 1]) {
                let entry = index.entries[place]
                guard entry >> 32 == hash & 0xFFFF_FFFF else { continue }
                let term = Int(entry & 0xFFFF_FFFF)
                // Each edit changes at most two letters of the signature.
                guard (index.signatures[term] ^ signature).nonzeroBitCount <= 2 * edits, seen[term] != search
                else { continue }
                seen[term] = search
                if let suggestion = weigh(term, within: edits) { found.append(suggestion) }
            }
        }
    }

    private mutating func weigh(_ term: Int, within edits: Int) -> Suggestion? {
        guard index.lengths[term] > 0, abs(Int(index.lengths[term]) - letters.count) <= edits else { return nil }
        let start = Int(index.starts[term])
        let end = Int(index.starts[term + 1])
        let isASCII = end - start == Int(index.lengths[term])
        if isASCII, distance.measure(index.bytes.span.extracting(start..<end)) > edits { return nil }
        other.removeAll(keepingCapacity: true)
        if isASCII {
            for place in start..<end { other.append(UInt32(index.bytes[place])) }
        } else {
            for scalar in index.text(of: term).unicodeScalars { other.append(scalar.value) }
        }
        cost.measure(written: letters, meant: other)
        guard cost.edits <= edits else { return nil }
        let score = log(Double(index.frequencies[term])) - index.rules.editWeight * cost.cost
        return Suggestion(term: term, edits: cost.edits, score: score + (cost.edits == 0 ? 1_000 : 0))
    }
}
