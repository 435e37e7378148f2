// Flag, environment, configuration file, default: which of them a value comes from, and what is said of a bad one.

import CommandSpec
import Testing

@Suite("Precedence")
struct PrecedenceTests {
    @Test("Each source overrides the ones below it, and the value remembers it")
    func ladder() throws {
        let environment = ["APP_LIMIT": "3"]
        let config = "\n# mine\nfeed show --limit 4\n"
        let limit = FeedCommands.limit
        let byFlag = try run("feed", "show", "ada", "-n2", environment: environment, config: config)
        #expect(byFlag[limit] == 2)
        #expect(byFlag.origin(of: limit) == .argument(3))
        let byEnvironment = try run("feed", "show", "ada", environment: environment, config: config)
        #expect(byEnvironment[limit] == 3)
        #expect(byEnvironment.origin(of: limit) == .environment("APP_LIMIT"))
        let byConfig = try run("feed", "show", "ada", config: config)
        #expect(byConfig[limit] == 4)
        #expect(byConfig.origin(of: limit) == .configuration(line: 3))
        #expect(byConfig.origin(of: limit).description == "config:3")
    }

    @Test("An empty variable counts as unset")
    func emptyVariable() throws {
        #expect(try run("feed", "show", "ada", environment: ["APP_LIMIT": ""])[FeedCommands.limit] == 20)
    }

    @Test("A bad variable is not looked at where a flag overrides it, nor by a command without the option")
    func overriddenVariable() throws {
        #expect(try run("feed", "show", "ada", "-n2", environment: ["APP_LIMIT": "x"])[FeedCommands.limit] == 2)
        #expect(try run("status", environment: ["APP_LIMIT": "x"]).command.name == "status")
    }

    @Test("A line of the file is an option with the rest of the line for its value")
    func fileForms() throws {
        let config =
            "--data  my data dir \r\n\t--quiet\n--tag=a b\n-t c\nfeed --since x\n--no-unread\n--color\n--verbose\n-v"
        let invocation = try run("feed", "show", "ada", config: config)
        #expect(invocation[Sample.data] == "my data dir")
        #expect(invocation.isOn(Sample.quiet))
        #expect(invocation[FeedCommands.tags] == ["a b", "c"])
        #expect(invocation[FeedCommands.since] == "x")
        #expect(!invocation.isOn(FeedCommands.unread))
        #expect(invocation[Sample.color] == "always")
        #expect(invocation.count(of: Sample.verbose) == 2)
    }

    @Test("The last line of the file wins")
    func lastLine() throws {
        #expect(try run("feed", "show", "ada", config: "--limit 5\n--limit 6")[FeedCommands.limit] == 6)
    }

    @Test("A flag replaces the values of a repeatable option from the file")
    func repeatableFromFile() throws {
        #expect(try run("feed", "show", "ada", "-tx", config: "--tag a\n--tag b")[FeedCommands.tags] == ["x"])
    }

    @Test("Lines for other commands are passed over")
    func otherCommands() throws {
        let config = "post create --nope\nfeed page --nope\n--expires 3d\nstatus --nope"
        #expect(try run("feed", "show", "ada", config: config).command.name == "feed show")
    }

    @Test("Globals can be read from the file on their own")
    func globalsFromFile() {
        let file = ConfigurationFile("--format csv\n--limit x\n--nope\n--data=d")
        let globals = Sample.specification.globals(in: ["feed", "show"], configuration: file)
        #expect(globals[Sample.format] == .csv)
        #expect(globals[Sample.data] == "d")
    }

    @Test("A flag silently overrides a contradicting variable or line of the file")
    func groupsAcrossSources() throws {
        let json = try run("status", "--json", environment: ["APP_FORMAT": "csv"])
        #expect(json.isOn(Sample.json))
        #expect(json[Sample.format] == .table)
        let following = try run("follow", "list", "ada", "--following", config: "--followers")
        #expect(!following.isOn(FollowCommands.followers))
        #expect(following.isOn(FollowCommands.following))
        let on = try run("feed", "show", "ada", "--unread", config: "--no-unread")
        #expect(on.isOn(FeedCommands.unread))
    }

    @Test("A bad variable is shown as it is set")
    func badVariable() {
        let shown = complaint("feed", "show", "ada", environment: ["APP_LIMIT": "abc"])
        #expect(
            shown == """
                app: error: APP_LIMIT=abc: option "--limit" needs a whole number from 1 to 1000, not "abc"
                    APP_LIMIT=abc
                              ^~~

                """)
    }

    @Test(
        "A bad line of the file is shown with its number",
        arguments: [
            (
                "\n\n\nfeed show --limit abc",
                """
                app: error: config:4: option "--limit" needs a whole number from 1 to 1000, not "abc"
                    feed show --limit abc
                                      ^~~

                """
            ),
            (
                "feed show --limt 5",
                """
                app: error: config:1: "feed show" has no option "--limt"
                    feed show --limt 5
                              ^~~~~~

                """
            ),
            (
                "--limt 5",
                """
                app: error: config:1: no command has option "--limt"
                    --limt 5
                    ^~~~~~

                """
            ),
            (
                "fed show --limit 5",
                """
                app: error: config:1: "fed show" is no command
                    fed show --limit 5
                    ^~~

                """
            ),
            (
                "feed shwo --limit 5",
                """
                app: error: config:1: "feed shwo" is no command
                    feed shwo --limit 5
                         ^~~~

                """
            ),
            (
                "--quiet yes",
                """
                app: error: config:1: option "--quiet" takes no value
                    --quiet yes
                            ^~~

                """
            ),
            (
                "--limit",
                """
                app: error: config:1: option "--limit" needs a value: --limit N
                    --limit
                    ^~~~~~~

                """
            ),
            (
                "--help",
                """
                app: error: config:1: "--help" cannot be set in a configuration file
                    --help
                    ^~~~~~

                """
            ),
            (
                "feed show",
                """
                app: error: config:1: a line must set an option, such as "--quiet"
                    feed show
                    ^~~~~~~~~

                """
            ),
        ])
    func badLine(config: String, expected: String) {
        #expect(complaint("feed", "show", "ada", config: config) == expected)
    }
}
