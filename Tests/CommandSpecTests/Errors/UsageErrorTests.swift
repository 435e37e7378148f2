// Errors as people see them: whole texts, with the caret where it belongs.

import CommandSpec
import Testing

@Suite("Usage errors")
struct UsageErrorTests {
    @Test("An unknown option is reported as the option, with the corrected line")
    func unknownOption() {
        #expect(
            complaint("feed", "show", "ada", "--limt=5") == """
                app: error: "feed show" has no option "--limt"
                    app feed show ada --limt=5
                                      ^~~~~~
                try: app feed show ada --limit=5

                """)
    }

    @Test("An unknown option without a likeness points to help")
    func strangeOption() {
        #expect(
            complaint("feed", "show", "ada", "--xyzzy") == """
                app: error: "feed show" has no option "--xyzzy"; see "app help feed show"
                    app feed show ada --xyzzy
                                      ^~~~~~~
                hint: an operand that begins with "-" goes after "--"

                """)
    }

    @Test("An option of a command is not known before its words")
    func tooEarly() {
        #expect(
            complaint("--limit", "5", "feed", "show", "ada") == """
                app: error: unknown option "--limit" before the command; options of a command follow its words
                    app --limit 5 feed show ada
                        ^~~~~~~

                """)
    }

    @Test("A letter in a cluster is pointed at")
    func letter() {
        #expect(
            complaint("feed", "show", "-qxv", "ada") == """
                app: error: "feed show" has no option "-x"; see "app help feed show"
                    app feed show -qxv ada
                                    ^
                hint: an operand that begins with "-" goes after "--"

                """)
    }

    @Test("A missing value shows how the option is written")
    func missingValue() {
        #expect(
            complaint("feed", "show", "ada", "--limit") == """
                app: error: option "--limit" needs a value: --limit N
                    app feed show ada --limit
                                      ^~~~~~~

                """)
        #expect(
            complaint("feed", "show", "ada", "-qn") == """
                app: error: option "--limit" needs a value: --limit N
                    app feed show ada -qn
                                        ^

                """)
    }

    @Test("A value that a switch cannot have is pointed at")
    func unexpectedValue() {
        #expect(
            complaint("status", "--quiet=yes") == """
                app: error: option "--quiet" takes no value
                    app status --quiet=yes
                                       ^~~

                """)
    }

    @Test("A bad value is pointed at in each of its forms")
    func invalidValue() {
        #expect(
            complaint("feed", "show", "ada", "--limit=0") == """
                app: error: option "--limit" needs a whole number from 1 to 1000, not "0"
                    app feed show ada --limit=0
                                              ^

                """)
        #expect(
            complaint("feed", "show", "ada", "-nabc") == """
                app: error: option "--limit" needs a whole number from 1 to 1000, not "abc"
                    app feed show ada -nabc
                                        ^~~

                """)
        #expect(
            complaint("feed", "show", "ada", "--limit", "--json") == """
                app: error: option "--limit" needs a whole number from 1 to 1000, not "--json"
                    app feed show ada --limit --json
                                              ^~~~~~
                hint: "--limit" takes the next word as its value, also one that begins with "-"

                """)
    }

    @Test("A value type may blame a part of the word")
    func partOfWord() {
        #expect(
            complaint("feed", "show", "ad4a") == """
                app: error: operand HANDLE needs a handle of letters, not "ad4a": it contains "4"
                    app feed show ad4a
                                    ^

                """)
        #expect(
            complaint("post", "create", "x", "--expires=20parsecs") == """
                app: error: option "--expires" needs a duration such as 250ms, 20s, 2m, 24h or 3d, not "20parsecs": \
                units are ms, s, m, h, d
                    app post create x --expires=20parsecs
                                                  ^~~~~~~

                """)
    }

    @Test("A near choice is offered, also inside a list")
    func choices() {
        #expect(
            complaint("status", "--format", "jsno") == """
                app: error: option "--format" needs table, json or csv, not "jsno"
                    app status --format jsno
                                        ^~~~
                try: app status --format json

                """)
        #expect(
            complaint("feed", "show", "ada", "--kinds=text,meda") == """
                app: error: option "--kinds" needs text or media, or several separated by commas, not "text,meda"
                    app feed show ada --kinds=text,meda
                                                   ^~~~
                try: app feed show ada --kinds=text,media

                """)
    }

    @Test("A missing operand is shown at the end of the line, with the usage")
    func missingOperand() {
        #expect(
            complaint("follow", "add", "ada") == """
                app: error: operand FOLLOWEE is missing; usage: app follow add FOLLOWER FOLLOWEE
                    app follow add ada
                                       ^

                """)
        #expect(failure(["post", "import"])?.code == .missingOperand)
    }

    @Test("A superfluous operand is pointed at; words of a text want quotes")
    func unexpectedOperand() {
        #expect(
            complaint("post", "create", "hello", "big world") == """
                app: error: unexpected operand "big world"; usage: app post create [TEXT] [options]
                    app post create hello 'big world'
                                          ^~~~~~~~~~~
                hint: a text of several words goes into quotes

                """)
    }

    @Test("A word after an option with an optional value may have been meant for it")
    func unexpectedAfterOptionalValue() {
        #expect(
            complaint("status", "--color", "never") == """
                app: error: unexpected operand "never"; usage: app status
                    app status --color never
                                       ^~~~~
                hint: a value of "--color" is written --color=VALUE

                """)
    }

    @Test("Contradictory switches are both named")
    func conflict() {
        #expect(
            complaint("follow", "list", "ada", "--followers", "--following") == """
                app: error: "--followers" and "--following" contradict each other; give one of them
                    app follow list ada --followers --following
                                                    ^~~~~~~~~~~

                """)
        #expect(
            complaint("feed", "show", "ada", "--no-unread", "--unread") == """
                app: error: "--unread" and "--no-unread" contradict each other; give one of them
                    app feed show ada --no-unread --unread
                                                  ^~~~~~~~

                """)
        #expect(
            failure(["follow", "list", "ada"], config: "--followers\n--following")?.message
                == "\"--followers\" and \"--following\" contradict each other (config:1 and config:2); give one of them"
        )
    }

    @Test("An operand may contradict an option, and one of a group may be required")
    func operandConflict() {
        #expect(
            complaint("post", "create", "--text", "y", "x") == """
                app: error: operand TEXT and "--text" contradict each other; give one of them
                    app post create --text y x
                                             ^

                """)
        #expect(
            complaint("post", "create") == """
                app: error: one of operand TEXT, "--text", "--file" is needed
                    app post create
                                    ^

                """)
    }

    @Test("A noun alone lists its verbs")
    func missingVerb() {
        #expect(
            complaint("feed", "-q") == """
                app: error: "feed" needs a verb: show, page
                    app feed -q
                                ^
                try: app help feed

                """)
    }

    @Test("What cannot be seen is escaped, and the caret still fits")
    func escaping() {
        #expect(
            complaint("post", "like", "a\u{1B}[2J\u{202E}b'\n") == """
                app: error: operand ID needs a whole number not below 1, not "a\\x1b[2J\\u202eb'\\n"
                    app post like $'a\\x1b[2J\\u202eb\\'\\n'
                                  ^~~~~~~~~~~~~~~~~~~~~~

                """)
        #expect(
            complaint("feed", "show", "a'") == """
                app: error: operand HANDLE needs a handle of letters, not "a'": it contains "'"
                    app feed show 'a'\\'''
                                    ^~~~

                """)
    }

    @Test("An empty word is shown as quotes")
    func emptyWord() {
        #expect(
            complaint("feed", "") == """
                app: error: "feed" has no verb ""; see "app help feed"
                    app feed ''
                             ^~

                """)
    }

    @Test("A long word is cut, but not where it is to blame")
    func longWords() {
        let long = String(repeating: "a", count: 300)
        let shown = complaint("feed", "show", long + "4" + long, "--tag", long)
        let lines = shown.split(separator: "\n").map { String($0) }
        #expect(lines.allSatisfy { $0.unicodeScalars.count < 260 })
        #expect(lines[1].contains("…" + String(repeating: "a", count: 20) + "4"))
        let caret = lines[2].unicodeScalars.count
        #expect(Array(lines[1])[caret - 1] == "4")
    }

    @Test("Every origin has a name")
    func origins() {
        #expect(Origin.argument(0).description == "argument 1")
        #expect(Origin.environment("X").description == "X")
        #expect(Origin.configuration(line: 4).description == "config:4")
        #expect(Origin.default.description == "default")
    }

    @Test("The raw values of the codes are stable")
    func codes() {
        #expect(
            UsageError.Code.allCases.map(\.rawValue) == [
                "unknown_command", "missing_verb", "unknown_option", "missing_value", "unexpected_value",
                "invalid_value", "missing_operand", "unexpected_operand", "unknown_field", "conflict",
                "invalid_configuration", "undeclared",
            ])
    }

    @Test("A shell reads a rendered line back as the same words")
    func shellLine() {
        #expect(
            UsageError.shellLine("app", ["a b", "c'd", "$x", "é", "-q", ""]) == "app 'a b' 'c'\\''d' '$x' é -q ''")
    }
}
