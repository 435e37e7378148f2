// The words of a collection, found by what is left of them when letters are deleted: two words that are d edits apart
// have a form in common after at most d deletions in each (Garbe, "SymSpell", 2012; Mor and Fraenkel, 1982). Everything
// lies in two sections of a packed file, in memory or mapped, of which a search reads a few blocks.
//
//     buckets   where the entries of each begin, and one more (UInt32); the upper half of a form's hash says which
//     entries   a form each (UInt32): the number of its word in the lower bits, and above them what fits of the hash

/// An index of words by their deletion neighbourhood.
package struct DeletionIndex {
    /// How many sections it takes.
    package static let sectionCount = 2

    /// The words that it finds.
    package let words: WordTable
    private let file: PackedFile
    private let section: Int
    private let layout: Layout

    /// The index in two sections of a file, made for these words.
    package init(_ file: PackedFile, from section: Int, words: WordTable) {
        self.words = words
        self.file = file
        self.section = section
        layout = Layout(words: words.count, buckets: file.count(section, of: UInt32.self) - 1)
    }

    /// Adds to a list the words that have a form, and a few others whose hashes look the same.
    ///
    /// - Throws: `damaged`.
    func find(_ hash: UInt64, into found: inout [UInt32]) throws(StorageError) {
        guard layout.buckets > 0 else { return }
        let bounds = try file.part(section, layout.bucket(hash)..<layout.bucket(hash) + 2, of: UInt32.self)
        let range = Int(bounds[0])..<max(Int(bounds[0]), Int(bounds[1]))
        for entry in try file.part(section + 1, range, of: UInt32.self) {
            if let word = layout.word(entry, hash) { found.append(word) }
        }
    }

    /// How hashes and numbers share the bits that there are.
    struct Layout {
        let buckets: Int
        private let wordBits: UInt32

        init(words: Int, buckets: Int) {
            self.buckets = buckets
            wordBits = UInt32(Int.bitWidth - max(0, words - 1).leadingZeroBitCount)
        }

        @inline(__always)
        func bucket(_ hash: UInt64) -> Int { Int(((hash >> 32) &* UInt64(buckets)) >> 32) }

        @inline(__always)
        func entry(_ hash: UInt64, word: UInt32) -> UInt32 { UInt32(truncatingIfNeeded: hash) << wordBits | word }

        /// The word of an entry; nil when it is one of another hash.
        @inline(__always)
        func word(_ entry: UInt32, _ hash: UInt64) -> UInt32? {
            let difference = entry ^ UInt32(truncatingIfNeeded: hash) << wordBits
            return difference >> wordBits == 0 ? difference : nil
        }
    }
}
