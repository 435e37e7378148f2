// The handles of a fixture: two words, and a number where the words do not suffice. Made so that they come in order
// without being sorted, because an export has them in order and a large network should not have to be in memory.

/// The handles of made-up accounts.
struct FixtureHandles {
    private let count: Int
    private let order: FixtureShuffle
    private let pairs = FixtureWords.adjectives.count * FixtureWords.animals.count
    /// The digits of the number behind the words; all have the same, or they would not come in order.
    private let width: Int

    init(count: Int, _ chance: inout FixtureChance) {
        self.count = count
        order = FixtureShuffle(count: count, &chance)
        width = count > pairs ? String((count - 1) / pairs).utf8.count : 0
    }

    /// The number of the account whose handle comes at a place.
    func number(at place: Int) -> Int { order.number(at: place) }

    /// The handle of an account.
    subscript(number: Int) -> Handle {
        get throws {
            let place = order.place(of: number)
            let pair = place * pairs / count
            let words = pair.quotientAndRemainder(dividingBy: FixtureWords.animals.count)
            var text = "\(FixtureWords.adjectives[words.quotient])_\(FixtureWords.animals[words.remainder])"
            if width > 0 {
                // The first place of the pair has the number 0.
                let digits = String(place - (pair * count + pairs - 1) / pairs)
                text += String(repeating: "0", count: width - digits.utf8.count) + digits
            }
            return try Handle(text)
        }
    }
}
