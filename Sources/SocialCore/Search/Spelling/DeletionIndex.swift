// The terms of a collection, found by what is left of them when letters are deleted: two words that are d edits apart
// have a form in common after at most d deletions in each (Garbe, "SymSpell", 2012; Mor and Fraenkel, 1982). Everything
// is in flat arrays of integers, which can be mapped from a file as they are.

/// An index of terms by their deletion neighbourhood.
package struct DeletionIndex: Sendable {
    /// The rules with which it was made.
    package let rules: SpellingRules
    /// The UTF-8 bytes of all terms, one behind another.
    let bytes: [UInt8]
    /// Where each term begins in `bytes`, and where the last one ends.
    let starts: [UInt32]
    /// How many letters each term has; 255 stands for more.
    let lengths: [UInt8]
    /// How often each term occurs.
    let frequencies: [UInt32]
    /// Which letters each term has, as bits, to tell quickly what is far away.
    let signatures: [UInt32]
    /// Where each bucket begins in `entries`; the bucket is the upper bits of a form's hash.
    let buckets: [UInt32]
    /// The forms: the lower half of the hash above the number of the term.
    let entries: [UInt64]
    let bucketBits: Int

    /// Only the first letters of a term are deleted from; the rest is compared.
    static let prefixLetters = 7

    /// An index of terms with their frequencies; a frequency of 0 counts as 1.
    ///
    /// - Complexity: O(n log n) in the forms, at most 29 a term.
    package init(_ terms: [(term: String, frequency: UInt32)], rules: SpellingRules = .shipped) {
        self.rules = rules
        var bytes: [UInt8] = []
        var starts: [UInt32] = [0]
        var signatures: [UInt32] = []
        var lengths: [UInt8] = []
        var forms: [(hash: UInt64, term: UInt32)] = []
        var letters: [UInt32] = []
        var hashes: [UInt64] = []
        for (number, entry) in terms.enumerated() {
            bytes += Array(entry.term.utf8)
            starts.append(UInt32(bytes.count))
            letters.removeAll(keepingCapacity: true)
            letters.append(contentsOf: entry.term.unicodeScalars.lazy.map(\.value))
            signatures.append(Self.signature(letters))
            lengths.append(UInt8(clamping: letters.count))
            // A word that means this term may have two letters more than it.
            Self.forms(of: letters, deletions: rules.edits(letters: letters.count + 2), into: &hashes)
            for hash in hashes { forms.append((hash, UInt32(number))) }
        }
        var bits = 8
        while bits < 24, 1 << bits < forms.count { bits += 1 }
        var counts = [UInt32](repeating: 0, count: (1 << bits) + 1)
        for form in forms { counts[Int(form.hash >> UInt64(64 - bits)) + 1] += 1 }
        for place in counts.indices.dropFirst() { counts[place] += counts[place - 1] }
        var next = counts
        var entries = [UInt64](repeating: 0, count: forms.count)
        for form in forms {
            let bucket = Int(form.hash >> UInt64(64 - bits))
            entries[Int(next[bucket])] = form.hash << 32 | UInt64(form.term)
            next[bucket] += 1
        }
        self.bytes = bytes
        self.starts = starts
        self.signatures = signatures
        self.lengths = lengths
        frequencies = terms.map { max(1, $0.frequency) }
        buckets = counts
        self.entries = entries
        bucketBits = bits
    }

    /// How many terms it has.
    package var count: Int { frequencies.count }

    /// The text of a term.
    package func text(of term: Int) -> String {
        String(decoding: bytes[Int(starts[term])..<Int(starts[term + 1])], as: UTF8.self)
    }

    /// The letters that occur, as bits; which bit a letter has matters to nobody.
    static func signature(_ letters: [UInt32]) -> UInt32 { letters.reduce(0) { $0 | 1 << ($1 & 31) } }

    /// The hashes of all that is left of a word's prefix after at most so many deletions, each once, those after fewer
    /// deletions first.
    static func forms(of letters: [UInt32], deletions: Int, into hashes: inout [UInt64]) {
        hashes.removeAll(keepingCapacity: true)
        let count = min(letters.count, prefixLetters)
        func add(without first: Int, _ second: Int) {
            var hash: UInt64 = 0x51_7C_C1_B7_27_22_0A_95
            for place in 0..<count where place != first && place != second {
                hash = (hash ^ UInt64(letters[place])) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 29
            }
            let mixed = Mixing.finalize(hash)
            for known in hashes where known == mixed { return }
            hashes.append(mixed)
        }
        add(without: -1, -1)
        guard deletions > 0 else { return }
        for first in 0..<count { add(without: first, -1) }
        guard deletions > 1 else { return }
        for first in 0..<count {
            for second in (first + 1)..<max(first + 1, count) { add(without: first, second) }
        }
    }
}
