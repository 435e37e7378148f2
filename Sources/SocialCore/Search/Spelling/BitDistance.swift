// The restricted Damerau–Levenshtein distance, a column of the table in one machine word (Hyyrö, "A bit-vector
// algorithm for computing Levenshtein and Damerau edit distances", 2003).

/// Measures how far words are from a pattern.
struct BitDistance: Sendable {
    /// The longest pattern.
    static let limit = 64

    private var masks = [UInt64](repeating: 0, count: 256)
    private var count = 0

    /// Sets the pattern.
    ///
    /// A letter beyond ASCII is none that an ASCII word has.
    mutating func setPattern(_ letters: [UInt32]) {
        count = letters.count
        for (place, letter) in letters.enumerated() where letter < 0x80 { masks[Int(letter)] |= 1 << UInt64(place) }
    }

    /// Forgets a pattern.
    mutating func clear(_ letters: [UInt32]) {
        for letter in letters where letter < 0x80 { masks[Int(letter)] = 0 }
    }

    /// The distance of an ASCII word from the pattern.
    func measure(_ word: Span<UInt8>) -> Int {
        var positive: UInt64 = count < 64 ? (1 << UInt64(count)) - 1 : .max
        var negative: UInt64 = 0
        var diagonal: UInt64 = 0
        var before: UInt64 = 0
        var result = count
        let top: UInt64 = 1 << UInt64(count - 1)
        for place in word.indices {
            let mask = masks[Int(word[place])]
            let swapped = ((~diagonal & mask) << 1) & before
            diagonal = (((mask & positive) &+ positive) ^ positive) | mask | negative | swapped
            var horizontalPositive = negative | ~(diagonal | positive)
            var horizontalNegative = diagonal & positive
            if horizontalPositive & top != 0 { result += 1 }
            if horizontalNegative & top != 0 { result -= 1 }
            horizontalPositive = horizontalPositive << 1 | 1
            horizontalNegative <<= 1
            positive = horizontalNegative | ~(diagonal | horizontalPositive)
            negative = horizontalPositive & diagonal
            before = mask
        }
        return result
    }
}
