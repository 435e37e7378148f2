// Making an index of words by their deletion neighbourhood: the forms are counted, which takes the words' lengths only,
// and dealt to their buckets by counting.

extension DeletionIndex {
    /// Entries of a bucket, on average.
    private static let bucketEntries = 4

    /// How many bytes its sections take for some words, which are told as a `WordTable` stores them.
    package static func sectionSizes(
        starts: Span<UInt32>, bytes: Span<UInt8>, rules: SpellingRules = .shipped
    ) -> [Int] {
        var forms = 0
        for word in 0..<max(0, starts.count - 1) {
            var letters = 0
            for place in Int(starts[word])..<Int(starts[word + 1]) where bytes[place] & 0xC0 != 0x80 { letters += 1 }
            forms += DeletionForms.count(letters: letters, deletions: deletions(letters: letters, rules))
        }
        return [4 * (forms / bucketEntries + 2), 4 * forms]
    }

    /// Fills its sections, which have the sizes that `sectionSizes` says for the same words.
    ///
    /// - Complexity: O(forms), at most 29 a word.
    package static func write(
        starts: Span<UInt32>, bytes: Span<UInt8>, rules: SpellingRules = .shipped, into file: PackedFile,
        from section: Int
    ) {
        // Safety: buckets are below their count by `Layout`, and there are as many entries as forms are counted.
        let buckets = file.place(section, of: UInt32.self)
        let entries = file.place(section + 1, of: UInt32.self)
        let count = max(0, starts.count - 1)
        let layout = Layout(words: count, buckets: buckets.count - 1)
        buckets.update(repeating: 0)
        var forms = WordForms(rules)
        for word in 0..<count {
            for hash in forms.take(bytes, Int(starts[word])..<Int(starts[word + 1])) {
                buckets[layout.bucket(hash)] += 1
            }
        }
        // Now each says where its entries end; every entry moves that forward.
        for bucket in 1..<buckets.count { buckets[bucket] += buckets[bucket - 1] }
        for word in (0..<count).reversed() {
            for hash in forms.take(bytes, Int(starts[word])..<Int(starts[word + 1])) {
                let bucket = layout.bucket(hash)
                buckets[bucket] -= 1
                entries[Int(buckets[bucket])] = layout.entry(hash, word: UInt32(truncatingIfNeeded: word))
            }
        }
    }

    /// An index in memory; the words have the numbers of their places, and a frequency of 0 counts as 1.
    package init(_ terms: [(term: String, frequency: UInt32)], rules: SpellingRules = .shipped) {
        var bytes: [UInt8] = []
        var starts: [UInt32] = [0]
        for entry in terms {
            bytes += Array(entry.term.utf8)
            starts.append(UInt32(bytes.count))
        }
        let sizes = Self.sectionSizes(starts: starts.span, bytes: bytes.span, rules: rules)
        let file = PackedFile(sectionSizes: [4 * starts.count, bytes.count, 4 * terms.count] + sizes)
        _ = file.place(0).update(fromContentsOf: starts)
        _ = file.place(1).update(fromContentsOf: bytes)
        _ = file.place(2).update(fromContentsOf: terms.map { max(1, $0.frequency) })
        Self.write(starts: starts.span, bytes: bytes.span, rules: rules, into: file, from: 3)
        self.init(file, from: 3, words: WordTable(file, starts: 0, bytes: 1, frequencies: 2))
    }

    /// How many letters are deleted from a word.
    ///
    /// As many as the edits that a word of as many letters may be away; in one that is a letter longer, which may be
    /// another edit away, this letter is one of those that are deleted.
    private static func deletions(letters: Int, _ rules: SpellingRules) -> Int {
        max(rules.edits(letters: letters), rules.edits(letters: letters + 1) - 1)
    }

    /// The forms of one word after another.
    private struct WordForms {
        private let rules: SpellingRules
        private var forms = DeletionForms()
        private var letters: [UInt32] = []

        init(_ rules: SpellingRules) { self.rules = rules }

        mutating func take(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt64] {
            letters.removeAll(keepingCapacity: true)
            var place = range.lowerBound
            while place < range.upperBound, let (scalar, next) = bytes.scalar(at: place) {
                letters.append(scalar.value)
                place = next
            }
            forms.take(letters, deletions: DeletionIndex.deletions(letters: letters.count, rules))
            return forms.hashes
        }
    }
}
