// What is offered instead of a word that nothing is called by.

import CommandSpec
import Testing

@Suite("Suggestions")
struct SuggestionTests {
    @Test(
        "Commands are suggested for words that name none",
        arguments: [
            ("feed shwo ada", ["feed show ada"]),
            ("post follow ada bob", ["follow add ada bob"]),
            ("post folow", ["follow add"]),
            ("post block ada bob", ["follow block ada bob"]),
            ("post init", ["init"]),
            ("fede show ada", ["feed show ada"]),
            ("feeds shwo ada", ["feed show ada"]),
            ("fede", ["help feed"]),
            ("fede xyzzy", ["help feed"]),
            ("show feed ada", ["feed show ada"]),
            ("like 5", ["post like 5"]),
            ("show ada", ["user show ada", "feed show ada"]),
            ("stauts -q", ["status -q"]),
            ("FEED show ada", ["feed show ada"]),
            ("-q post follow ada bob", ["-q follow add ada bob"]),
            ("xyzzy", []),
            ("post xyzzy", []),
        ])
    func commands(line: String, expected: [String]) {
        #expect(failure(line.split(separator: " ").map { String($0) })?.suggestions == expected.map(words))
    }

    @Test(
        "Options are suggested from the command and the globals",
        arguments: [
            ("feed show ada --limt 5", ["feed show ada --limit 5"]),
            ("feed show ada --quite", ["feed show ada --quiet"]),
            ("feed show ada --no-unred", ["feed show ada --no-unread"]),
            ("feed show ada -limit", ["feed show ada --limit"]),
            ("feed show ada -Q", ["feed show ada -q"]),
            ("--jsno status", ["--json status"]),
            ("feed show ada --zzzzzz", []),
            ("feed show ada -x", []),
        ])
    func options(line: String, expected: [String]) {
        #expect(failure(words(line))?.suggestions == expected.map(words))
    }

    @Test("Topics of help are suggested")
    func topics() {
        #expect(suggestions("help", "fede") == ["help feed"])
        #expect(suggestions("help", "feed", "shwo") == ["help feed show"])
    }

    @Test("At most three are offered, nearest first, then in declared order")
    func limit() {
        let specification = Specification(
            program: "app", version: "1", abstract: "Near names",
            nouns: [
                Noun("n", "A noun") { ["aaac", "aaad", "aaab", "aaaa", "aaae"].map { Command(["n", $0], "Do it") } }
            ])
        let error = failure(["n", "AAAA"], specification: specification)
        #expect(error?.suggestions == [["n", "aaaa"], ["n", "aaac"], ["n", "aaad"]])
    }

    @Test("Hidden commands are not suggested")
    func hidden() {
        #expect(suggestions("__complet") == [])
    }

    @Test("Empty and odd words suggest nothing and do not trap", arguments: ["", "-", "🇦🇹", "\u{301}"])
    func oddWords(word: String) {
        #expect(failure([word])?.suggestions == [])
        #expect(failure(["feed", word])?.suggestions == [])
        #expect(failure(["feed", "show", "ada", "--" + word + "="])?.suggestions == [])
    }

    @Test("The rest of a long line is left out")
    func longLine() {
        let text = String(repeating: "x", count: 500)
        #expect(failure(["post", "crate", text])?.suggestions == [["post", "create"]])
    }

    private func words(_ line: String) -> [String] { line.split(separator: " ").map { String($0) } }
}
