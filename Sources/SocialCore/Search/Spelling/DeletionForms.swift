// What is left of a word when letters are deleted, as hashes. They are polynomials of the letters, so that each form
// takes a few additions: the sums over the letters before, between and behind those that are deleted are made once.

/// The forms of one word, and memory for those of the next.
struct DeletionForms: Sendable {
    /// A form has no more letters: of what is left of a word it is the beginning.
    private static let longest = 6

    /// The hashes of the forms, those after fewer deletions first.
    private(set) var hashes: [UInt64] = []
    /// How many of them are left by one deletion or none.
    private(set) var nearCount = 0

    /// The sums over the first letters when these stay where they are, and when one or two before them are deleted.
    private var unmoved = InlineArray<9, UInt64>(repeating: 0)
    private var movedOnce = InlineArray<9, UInt64>(repeating: 0)
    private var movedTwice = InlineArray<9, UInt64>(repeating: 0)

    /// How many forms a word has.
    static func count(letters: Int, deletions: Int) -> Int {
        let first = min(letters, longest)
        let second = min(letters, longest + 1)
        return 1 + (deletions > 0 ? first : 0) + (deletions > 1 ? first * second - first * (first + 1) / 2 : 0)
    }

    /// Takes the forms of a word after at most so many deletions; those of double letters come twice.
    mutating func take(_ letters: [UInt32], deletions: Int) {
        hashes.removeAll(keepingCapacity: true)
        let end = min(letters.count, Self.longest)
        let endOnce = min(letters.count, Self.longest + 1)
        let endTwice = min(letters.count, Self.longest + 2)
        var power: UInt64 = 1
        for place in 0..<endTwice {
            let term = UInt64(letters[place]) &* power
            movedTwice[place + 1] = movedTwice[place] &+ term
            movedOnce[place + 1] = movedOnce[place] &+ term &* Self.factor
            unmoved[place + 1] = unmoved[place] &+ term &* Self.factor &* Self.factor
            power = power &* Self.factor
        }
        hashes.append(Mixing.finalize(unmoved[end]))
        if deletions > 0 {
            for first in 0..<end {
                hashes.append(Mixing.finalize(unmoved[first] &+ movedOnce[endOnce] &- movedOnce[first + 1]))
            }
        }
        nearCount = hashes.count
        guard deletions > 1 else { return }
        for second in 0..<endOnce {
            let behind = movedTwice[endTwice] &- movedTwice[second + 1]
            for first in 0..<min(second, end) {
                let between = movedOnce[second] &- movedOnce[first + 1]
                hashes.append(Mixing.finalize(unmoved[first] &+ between &+ behind))
            }
        }
    }

    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
}
