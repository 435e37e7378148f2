// Up to eight ASCII letters in one machine word, to compare endings at once.

/// A short piece of ASCII, the last letter in the lowest byte.
struct PackedLetters: ExpressibleByStringLiteral, Sendable {
    let letters: UInt64
    let count: Int
    private let mask: UInt64

    init(stringLiteral text: StaticString) {
        count = text.utf8CodeUnitCount
        letters = text.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt64($1) } }
        mask = count < 8 ? (1 << UInt64(8 * count)) - 1 : .max
    }

    /// Whether a packed word ends with these letters.
    @inline(__always)
    func ends(_ tail: UInt64) -> Bool { tail & mask == letters }
}
