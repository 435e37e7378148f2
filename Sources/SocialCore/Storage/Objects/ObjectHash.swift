// The name of an object: the SHA-256 of its bytes.

/// A SHA-256.
package struct ObjectHash: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The 32 bytes as four words, big-endian.
    package let words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes words.
    package init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    /// Takes 32 bytes; nil for another number.
    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        func word(_ index: Int) -> UInt64 { bytes[8 * index..<8 * index + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        words = (word(0), word(1), word(2), word(3))
    }

    /// Reads 64 hexadecimal digits in lower case; nil for other texts.
    package init?(_ text: String) {
        guard let bytes = Hexadecimal.bytes(text) else { return nil }
        self.init(bytes: bytes)
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
        }
    }

    /// 64 hexadecimal digits.
    package var description: String { Hexadecimal.text(bytes) }

    /// Equal bytes.
    package static func == (left: Self, right: Self) -> Bool { left.words == right.words }
    /// In the order of the bytes.
    package static func < (left: Self, right: Self) -> Bool { left.words < right.words }
    /// Hashes the first word, which is as random as all.
    package func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
