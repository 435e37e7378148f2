// Spelling correction against a plain model, and the choices that frequency and the places of errors decide.

import SocialCore
import TestKit
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

    /// What becomes of a word that occurs so often in a collection.
    private func choice(
        _ word: String, _ frequency: Int = 0, _ terms: [(term: String, frequency: UInt32)],
        _ rules: SpellingRules = .generous
    ) throws -> SpellingChoice {
        var search = SpellingSearch(rules: rules)
        let candidates = try search.candidates(for: word, in: [DeletionIndex(terms, rules: rules)])
        return Spelling.choose(frequency: frequency, among: candidates, rules: rules)
    }

    /// What a word that does not occur is replaced by.
    private func best(
        _ word: String, _ terms: [(term: String, frequency: UInt32)], _ rules: SpellingRules = .generous
    ) throws -> String? {
        if case .replace(let candidate) = try choice(word, 0, terms, rules) { candidate.text } else { nil }
    }

    @Test(
        "Exactly the words within reach are found, and with their distance",
        arguments: [
            SpellingRules.generous, .shipped, SpellingRules(oneEditLetters: 4, twoEditLetters: 4),
        ])
    func model(rules: SpellingRules) throws {
        let chance = Chance("spelling by \(rules)")
        func word() -> String {
            let letters: [Character] = ["a", "b", "c", "é"]
            return String((0...chance.below(13)).map { _ in letters[chance.below(4)] })
        }
        /// Another word, a few edits away.
        func edited(_ word: String) -> String {
            var letters = Array(word)
            for _ in 0...chance.below(3) {
                let place = chance.below(letters.count)
                switch chance.below(4) {
                case 0 where letters.count > 1: letters.remove(at: place)
                case 1: letters.insert("b", at: place)
                case 2 where place > 0: letters.swapAt(place, place - 1)
                default: letters[place] = "c"
                }
            }
            return String(letters)
        }
        let terms = Set((0..<400).map { _ in word() }).sorted()
        let index = DeletionIndex(terms.map { ($0, 1) }, rules: rules)
        var search = SpellingSearch(rules: rules)
        var found = [0, 0, 0]
        for _ in 0..<TestRun.times(400) {
            let wanted = chance.isOne(in: 2) ? word() : edited(terms[chance.below(terms.count)])
            let letters = wanted.unicodeScalars.count
            let edits = letters >= rules.twoEditLetters ? 2 : letters >= rules.oneEditLetters ? 1 : 0
            var near: [String: Int] = [:]
            for term in terms {
                let distance = distance(Array(wanted.unicodeScalars), Array(term.unicodeScalars))
                if 1...2 ~= distance, distance <= edits { near[term] = distance }
            }
            let candidates = try search.candidates(for: wanted, in: [index])
            for candidate in candidates { #expect(near[candidate.text] == candidate.edits, "\(wanted) \(candidate)") }
            #expect(Set(candidates.map(\.text)).count == candidates.count)
            // Two edits are looked for only where one does not do.
            let least = near.values.min() ?? 0
            let expected = near.filter { least == 2 || $0.value == 1 }.keys
            #expect(Set(expected).isSubset(of: candidates.map(\.text)), "\(wanted)")
            found[least] += 1
        }
        #expect(found[0] > 0 && found[1] > 0 && found[2] > 0)
    }

    @Test("Length decides how many edits are allowed")
    func rules() throws {
        let terms: [(term: String, frequency: UInt32)] = [("cat", 1), ("house", 1), ("accommodate", 1), ("houses", 1)]
        #expect(try best("cot", terms, .shipped) == nil)
        #expect(try best("hoise", terms, .shipped) == "house")
        #expect(try best("hxixe", terms, .shipped) == nil)
        #expect(try best("acomodate", terms, .shipped) == "accommodate")
        #expect(try best("cot", terms) == "cat")
    }

    @Test("Frequency and likely errors decide what a word is replaced by")
    func errors() throws {
        #expect(try best("hosue", [("house", 1), ("hose", 1), ("hosted", 1)]) == "house")
        #expect(try best("wird", [("word", 1_000), ("wiry", 1)]) == "word")
        #expect(try best("beginer", [("beginner", 10), ("beginer's", 10)]) == "beginner")
        #expect(try best("definately", [("definitely", 10), ("defiantly", 10)]) == "definitely")
        #expect(try best("hausa", [("hause", 3), ("hausi", 3)]) == "hause")
    }

    @Test("A word that occurs is kept; one that is twenty times as frequent is suggested")
    func known() throws {
        let terms: [(term: String, frequency: UInt32)] = [("definately", 3), ("definitely", 60), ("defiantly", 59)]
        func suggested(_ word: String, _ frequency: Int) throws -> String? {
            if case .suggest(let candidate) = try choice(word, frequency, terms) { candidate.text } else { nil }
        }
        #expect(try suggested("definately", 3) == "definitely")
        #expect(try suggested("definately", 2) == "definitely")
        #expect(try choice("definately", 4, terms) == .keep)
        #expect(try choice("definitely", 60, terms) == .keep)
        // The likeliest of those that are frequent enough, not the likeliest of all.
        #expect(try suggested("defianitely", 3) == "definitely")
        #expect(try choice("something", 0, terms) == .keep)
        #expect(Spelling.choose(frequency: .max, among: []) == .keep)
    }

    @Test("Nothing is found for nothing, in nothing, or for what is too long")
    func edges() throws {
        #expect(try best("", [("a", 1)]) == nil)
        #expect(try best("word", []) == nil)
        #expect(try best(String(repeating: "a", count: 65), [(String(repeating: "a", count: 64), 1)]) == nil)
        #expect(try best(String(repeating: "a", count: 64), [(String(repeating: "a", count: 63), 1)]) != nil)
        #expect(try best("a", [("", 1)]) == nil)
        #expect(try best("aab", [("", 1), ("aab", 7), ("ab", 2)]) == "ab")
        var search = SpellingSearch()
        #expect(try search.candidates(for: "house", in: []) == [])
    }
}
