// Spelling correction against a plain model, and the choices that frequency and the places of errors decide.

import SocialCore
import Testing

@Suite("Spelling correction")
struct SpellingTests {
    /// The restricted Damerau–Levenshtein distance, as its definition says.
    private func distance(_ one: [Unicode.Scalar], _ other: [Unicode.Scalar]) -> Int {
        var table = [[Int]](repeating: [Int](repeating: 0, count: other.count + 1), count: one.count + 1)
        for row in 0...one.count {
            for column in 0...other.count {
                if row == 0 || column == 0 {
                    table[row][column] = row + column
                    continue
                }
                let isSame = one[row - 1] == other[column - 1]
                var least = min(
                    table[row - 1][column] + 1, table[row][column - 1] + 1,
                    table[row - 1][column - 1] + (isSame ? 0 : 1))
                if row > 1, column > 1, one[row - 1] == other[column - 2], one[row - 2] == other[column - 1] {
                    least = min(least, table[row - 2][column - 2] + 1)
                }
                table[row][column] = least
            }
        }
        return table[one.count][other.count]
    }

    private func best(
        _ word: String, _ terms: [(term: String, frequency: UInt32)], _ rules: SpellingRules = .generous
    ) -> String? {
        let index = DeletionIndex(terms, rules: rules)
        var search = SpellingSearch(index)
        return search.best(for: word).map { index.text(of: $0.term) }
    }

    @Test("Exactly the terms within reach are found, and with their distance")
    func model() {
        var generator = SplitMix(seed: 5)
        func word(_ longest: UInt64) -> String {
            let letters: [Character] = ["a", "b", "c", "é"]
            return String((0..<generator.next() % longest + 1).map { _ in letters[Int(generator.next() % 4)] })
        }
        let terms = Set((0..<400).map { _ in word(12) }).sorted()
        let index = DeletionIndex(terms.map { ($0, 1) }, rules: .generous)
        var search = SpellingSearch(index)
        for _ in 0..<500 {
            let wanted = word(12)
            let near = terms.indices.map {
                ($0, distance(Array(wanted.unicodeScalars), Array(terms[$0].unicodeScalars)))
            }
            .filter { $0.1 <= 2 }
            let found = search.suggestions(for: wanted, limit: 1_000)
            for suggestion in found {
                #expect(near.contains { $0.0 == suggestion.term && $0.1 == suggestion.edits })
            }
            // Two edits are looked for only where one does not do.
            let nearest = near.map(\.1).min()
            let expected = near.filter { nearest.map { $0 > 1 } == true || $0.1 < 2 }.map(\.0)
            #expect(Set(expected).isSubset(of: Set(found.map(\.term))), "\(wanted)")
        }
    }

    @Test("Length decides how many edits are allowed")
    func rules() {
        let terms: [(term: String, frequency: UInt32)] = [("cat", 1), ("house", 1), ("accommodate", 1), ("houses", 1)]
        #expect(best("cot", terms, .shipped) == nil)
        #expect(best("cat", terms, .shipped) == "cat")
        #expect(best("hoise", terms, .shipped) == "house")
        #expect(best("hxixe", terms, .shipped) == nil)
        #expect(best("acomodate", terms, .shipped) == "accommodate")
        #expect(best("cot", terms) == "cat")
    }

    @Test("A known word is itself; else frequency and likely errors decide")
    func choice() {
        #expect(best("form", [("from", 1_000_000), ("form", 1)]) == "form")
        #expect(best("hosue", [("house", 1), ("hose", 1), ("hosted", 1)]) == "house")
        #expect(best("wird", [("word", 1_000), ("wiry", 1)]) == "word")
        #expect(best("beginer", [("beginner", 10), ("beginer's", 10)]) == "beginner")
        #expect(best("definately", [("definitely", 10), ("defiantly", 10)]) == "definitely")
    }

    @Test("Nothing is found for nothing, in nothing, or for what is too long")
    func edges() {
        #expect(best("", [("a", 1)]) == nil)
        #expect(best("word", []) == nil)
        #expect(best(String(repeating: "a", count: 65), [(String(repeating: "a", count: 64), 1)]) == nil)
        #expect(best(String(repeating: "a", count: 64), [(String(repeating: "a", count: 63), 1)]) != nil)
        #expect(best("a", [("", 1)]) == nil)
    }
}
