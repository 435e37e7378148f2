// Lines that are being typed, split as a shell would.

import CommandSpec
import Testing

@Suite("Words of a line")
struct ShellWordsTests {
    @Test(
        "A line is split at blanks, and the last word may be empty",
        arguments: [
            ("", [""]), ("app", ["app"]), ("app ", ["app", ""]), ("app  a\tb", ["app", "a", "b"]),
            ("app 'a b' c", ["app", "a b", "c"]), ("app a' 'b", ["app", "a b"]), ("app '' x", ["app", "", "x"]),
            ("app \"a 'b\" ", ["app", "a 'b", ""]), (#"app a\ b"#, ["app", "a b"]), (#"app "\"" "#, ["app", "\"", ""]),
            (#"app '\' x"#, ["app", "\\", "x"]), ("app 'open wor", ["app", "open wor"]), (#"app x\"#, ["app", "x"]),
        ])
    func split(line: String, words: [String]) {
        #expect(ShellWords.split(line, home: nil) == words)
    }

    @Test("A tilde means the home directory at the beginning of a settled word, unless it is quoted")
    func home() {
        #expect(
            ShellWords.split("~/a ~/b '~/c' x~/d ~ ~/e", home: "/h") == ["/h/a", "/h/b", "~/c", "x~/d", "~", "~/e"])
        #expect(ShellWords.split("~/a x", home: nil) == ["~/a", "x"])
    }
}
