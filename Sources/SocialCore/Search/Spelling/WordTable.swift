// The words of a collection as an index stores them: three sections of a packed file, which may be mapped.

/// Words, numbered from 0 on, with how often each occurs.
package struct WordTable {
    private let file: PackedFile
    private let starts: Int
    private let bytes: Int
    private let frequencies: Int
    /// How many words there are.
    package let count: Int

    /// The words in some sections of a file.
    ///
    /// - Parameters:
    ///   - starts: the section that says where each word begins, and where the last one ends (UInt32).
    ///   - bytes: the section of the words' UTF-8 bytes, one behind another.
    ///   - frequencies: the section that says how often each word occurs (UInt32).
    package init(_ file: PackedFile, starts: Int, bytes: Int, frequencies: Int) {
        self.file = file
        self.starts = starts
        self.bytes = bytes
        self.frequencies = frequencies
        count = file.count(frequencies, of: UInt32.self)
    }

    /// The UTF-8 bytes of a word; none where its bounds make no sense.
    ///
    /// - Throws: `damaged`.
    package func bytes(of word: Int) throws(StorageError) -> UnsafeBufferPointer<UInt8> {
        let bounds = try file.part(starts, word..<word + 2, of: UInt32.self)
        return try file.part(bytes, Int(bounds[0])..<max(Int(bounds[0]), Int(bounds[1])))
    }

    /// How often a word occurs.
    ///
    /// - Throws: `damaged`.
    package func frequency(of word: Int) throws(StorageError) -> Int {
        Int(try file.element(frequencies, word, of: UInt32.self))
    }
}
