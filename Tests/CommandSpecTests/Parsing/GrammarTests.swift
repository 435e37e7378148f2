// The grammar, form by form, as the contract of the command line states it.

import CommandSpec
import Testing

@Suite("The grammar")
struct GrammarTests {
    @Test("A value follows its option as a word, after =, or joined to the letter")
    func valueForms() throws {
        #expect(try run("feed", "show", "ada", "--limit", "5")[FeedCommands.limit] == 5)
        #expect(try run("feed", "show", "ada", "--limit=5")[FeedCommands.limit] == 5)
        #expect(try run("feed", "show", "ada", "-n", "5")[FeedCommands.limit] == 5)
        #expect(try run("feed", "show", "ada", "-n5")[FeedCommands.limit] == 5)
    }

    @Test("Letters may share a dash, and the last of them may take a value")
    func clusters() throws {
        let invocation = try run("feed", "show", "ada", "-qvvn", "7")
        #expect(invocation.isOn(Sample.quiet))
        #expect(invocation.count(of: Sample.verbose) == 2)
        #expect(invocation[FeedCommands.limit] == 7)
        #expect(try run("feed", "show", "ada", "-qn7")[FeedCommands.limit] == 7)
    }

    @Test("Globals are accepted before, between and after the words of the command")
    func globalsAnywhere() throws {
        for place in 0...3 {
            var words = ["feed", "show", "ada"]
            words.insert(contentsOf: ["--data", "feed", "-q"], at: place)
            guard case .run(let invocation) = try Sample.specification.parse(words) else { throw NotAnInvocation() }
            #expect(invocation[Sample.data] == "feed")
            #expect(invocation.isOn(Sample.quiet))
            #expect(try invocation[FeedCommands.reader] == Handle(name: "ada"))
        }
    }

    @Test("A value is the next word whatever it begins with", arguments: ["-5 degrees", "--json", "--", "-", "", "-q"])
    func dashedValues(value: String) throws {
        let invocation = try run("post", "create", "--text", value)
        #expect(invocation[PostCommands.textOption] == value)
        #expect(!invocation.isOn(Sample.json))
    }

    @Test("A value after = may be empty and may contain =")
    func equals() throws {
        #expect(try run("feed", "show", "ada", "--since=")[FeedCommands.since] == "")
        #expect(try run("feed", "show", "ada", "--since=a=b")[FeedCommands.since] == "a=b")
    }

    @Test("A letter takes the rest of its word as it stands, = included")
    func lettersKeepEquals() throws {
        #expect(try run("feed", "show", "ada", "-t=x")[FeedCommands.tags] == ["=x"])
    }

    @Test("A repeatable option keeps every value in order; of another the last wins")
    func repetition() throws {
        let invocation = try run("feed", "show", "ada", "--tag", "a", "-tb", "-n", "1", "--limit", "2")
        #expect(invocation[FeedCommands.tags] == ["a", "b"])
        #expect(invocation[FeedCommands.limit] == 2)
        #expect(invocation.origin(of: FeedCommands.limit) == .argument(8))
    }

    @Test("Without a value an option is its default, nil, or empty")
    func defaults() throws {
        let invocation = try run("feed", "show", "ada")
        #expect(invocation[FeedCommands.limit] == 20)
        #expect(invocation[FeedCommands.since] == nil)
        #expect(invocation[FeedCommands.tags] == [])
        #expect(invocation[Sample.format] == .table)
        #expect(!invocation.isOn(Sample.quiet))
        #expect(invocation.count(of: Sample.verbose) == 0)
        #expect(invocation.origin(of: FeedCommands.limit) == .default)
        #expect(!invocation.isGiven(FeedCommands.limit))
    }

    @Test("An optional value is taken only after =")
    func optionalValue() throws {
        #expect(try run("feed", "show", "--color", "ada")[Sample.color] == "always")
        #expect(try run("feed", "show", "--color=never", "ada")[Sample.color] == "never")
        #expect(try run("feed", "show", "ada")[Sample.color] == "auto")
    }

    @Test("A negated switch is off, and only declared switches can be negated")
    func negation() throws {
        #expect(try run("feed", "show", "ada", "--unread").isOn(FeedCommands.unread))
        let invocation = try run("feed", "show", "ada", "--no-unread")
        #expect(!invocation.isOn(FeedCommands.unread))
        #expect(invocation.isGiven(FeedCommands.unread))
        #expect(failure(["feed", "show", "ada", "--no-quiet"])?.code == .unknownOption)
    }

    @Test("Nothing after -- is an option")
    func doubleDash() throws {
        #expect(try run("post", "create", "--", "--text")[PostCommands.text] == "--text")
        #expect(try run("post", "create", "--", "-h")[PostCommands.text] == "-h")
        #expect(try run("post", "create", "--", "--")[PostCommands.text] == "--")
        #expect(outcome(["--", "feed", "show", "ada"]) == "run feed show")
    }

    @Test("A lone dash is an operand and a value")
    func dash() throws {
        #expect(try run("post", "import", "a", "-", "b")[PostCommands.files] == [.file("a"), .dash, .file("b")])
        #expect(try run("post", "create", "--file", "-")[PostCommands.file] == .dash)
        #expect(try run("post", "create", "-")[PostCommands.text] == "-")
    }

    @Test("A negative number is an operand unless the command has digits for options")
    func negativeNumbers() throws {
        #expect(try run("feed", "show", "ada", "-5")[FeedCommands.delta] == -5)
        #expect(try run("post", "create", "-5.25")[PostCommands.text] == "-5.25")
        #expect(try run("post", "create", "-0.5")[PostCommands.text] == "-0.5")
        #expect(failure(["feed", "page", "ada", "-5"])?.code == .unknownOption)
        #expect(failure(["post", "create", "-5x"])?.code == .unknownOption)
        #expect(failure(["post", "create", "-5."])?.code == .unknownOption)
    }

    @Test("A word of global digits alone is those globals")
    func globalDigit() throws {
        let invocation = try run("post", "create", "x", "-0")
        #expect(invocation.isOn(Sample.print0))
    }

    @Test("Neither options nor verbs may be abbreviated")
    func abbreviations() {
        #expect(failure(["feed", "show", "ada", "--lim", "5"])?.code == .unknownOption)
        #expect(failure(["feed", "sho", "ada"])?.code == .unknownCommand)
    }

    @Test("Operands keep their places around options, and remember them")
    func operands() throws {
        let invocation = try run("follow", "-q", "add", "ada", "--format", "csv", "bob")
        #expect(try invocation[FollowCommands.follower].name == "ada")
        #expect(try invocation[FollowCommands.followee].name == "bob")
        #expect(invocation.origin(of: FollowCommands.followee) == .argument(6))
        #expect(invocation.origin(of: Sample.format) == .argument(4))
    }

    @Test("An optional operand may be absent")
    func optionalOperand() throws {
        #expect(try run("init")[Sample.directory] == nil)
        #expect(try run("init", "x")[Sample.directory] == "x")
    }

    @Test("Reading an operand that the command does not declare is an error, not a trap")
    func undeclaredOperand() throws {
        let invocation = try run("status")
        #expect(throws: UsageError.self) { try invocation[FeedCommands.reader] }
    }

    @Test(
        "Help is shown wherever it is asked for, whatever else is wrong",
        arguments: [
            ("", "help"), ("-h", "help"), ("--help", "help"), ("help", "help"), ("help feed", "help feed"),
            ("help feed show", "help feed show"), ("help status", "help status"), ("feed help", "help feed"),
            ("feed help show", "help feed show"), ("feed -h", "help feed"), ("-h feed", "help feed"),
            ("feed show -h", "help feed show"), ("-h feed show", "help feed show"),
            ("feed show --nope -h", "help feed show"),
            ("feed show --limit abc -h", "help feed show"), ("feed show a b c -qh", "help feed show"),
            ("feed nope -h", "help feed"), ("nope -h", "help"), ("status --help", "help status"),
            ("help -h", "help help"),
            ("feed show --since -h", "missing_operand"), ("feed show -- -h", "invalid_value"),
            ("help nope", "unknown_command"), ("help feed nope", "unknown_command"), ("help --nope", "unknown_option"),
            ("help status x", "unknown_command"), ("help feed show x", "unknown_command"),
        ])
    func help(line: String, expected: String) {
        #expect(outcome(line.split(separator: " ").map { String($0) }) == expected)
    }

    @Test(
        "The version is shown wherever it is asked for, unless help is too",
        arguments: [
            ("-V", "version"), ("--version", "version"), ("version", "version"), ("feed show -V", "version"),
            ("nope -V", "version"), ("-V -h", "help"), ("-- -V", "unknown_command"),
        ])
    func version(line: String, expected: String) {
        #expect(outcome(line.split(separator: " ").map { String($0) }) == expected)
    }

    @Test("Globals can be bound before anything else is right")
    func globalsFirst() {
        let words = ["post", "create", "--text", "--config", "--config", "x.conf", "--nope", "--format", "bad", "-vv"]
        let globals = Sample.specification.globals(in: words, environment: { $0 == "APP_DATA" ? "here" : nil })
        #expect(globals[Sample.config] == "x.conf")
        #expect(globals[Sample.data] == "here")
        #expect(globals[Sample.format] == .table)
        #expect(globals.count(of: Sample.verbose) == 2)
    }
}
