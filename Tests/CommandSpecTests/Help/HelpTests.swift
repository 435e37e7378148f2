// Help as it is shown, whole pages.

import CommandSpec
import Testing

@Suite("Help")
struct HelpTests {
    @Test("The help of the program leads with examples and the main nouns")
    func program() {
        #expect(
            Sample.specification.help(width: 76).plain == """
                EXAMPLES
                  Read a feed:
                      app feed show ada

                USAGE
                  app [globals] NOUN VERB [options] [operands]

                DESCRIPTION
                  A sample of everything.

                NOUNS
                  user    People who post
                  follow  Who reads whom
                  post    What people write
                  feed    What people read

                MORE
                  config   Settings of the data directory
                  init     Make a data directory
                  status   Show the state
                  help     Show help for the program, a noun or a command
                  version  Show the version

                GUIDES
                  notations  How values are written

                GLOBAL OPTIONS
                      --data DIR      Use this data directory [env: APP_DATA]
                  -0, --print0        Separate ids with NUL
                  -q, --quiet         Print no summary
                  -v, --verbose       Tell more [may be repeated]
                      --color[=WHEN]  Use colour [choices: auto, always, never]
                                      [without a value: always] [default: auto]
                      --config FILE   Read option defaults from this file
                      --no-config     Read no configuration file
                  -h, --help          Show help and exit
                  -V, --version       Show the version and exit

                OUTPUT OPTIONS
                      --format WORD  Print this way [choices: table, json, csv]
                                     [default: table] [env: APP_FORMAT]
                      --json         The same as --format json

                  Give at most one of --config, --no-config.
                  Give at most one of --json, --format.

                ENVIRONMENT
                  APP_DATA    Sets --data
                  APP_FORMAT  Sets --format
                  NO_COLOR    Turns colour off

                EXIT STATUS
                  0   done
                  64  usage

                MORE HELP
                  "app help NOUN" lists its verbs; "app help NOUN VERB" explains one. "app
                  help GUIDE" shows a guide.

                """)
    }

    @Test("A guide is shown as a topic")
    func guide() throws {
        guard case .help(let topic) = try Sample.specification.parse(["help", "notations"]) else {
            Issue.record("no help")
            return
        }
        #expect(
            Sample.specification.help(topic).plain == """
                DESCRIPTION
                  How values are written.

                FILES
                  Kept as it is:

                      .hidden -x

                  Nothing else.

                DURATIONS
                  20s  twenty seconds

                """)
        #expect(failure(["help", "notation"])?.suggestions == [["help", "notations"]])
        #expect(failure(["help", "notations", "more"])?.suggestions == [["help", "notations"]])
    }

    @Test("The help of a noun lists its verbs")
    func noun() throws {
        let noun = try #require(Sample.specification.noun("feed"))
        #expect(
            Sample.specification.help(.noun(noun)).plain == """
                EXAMPLES
                  Read a feed:
                      app feed show ada
                  Show the first page:
                      app feed page ada -1

                USAGE
                  app feed VERB [options] [operands]

                DESCRIPTION
                  What people read.

                VERBS
                  show  Show the feed of a user
                  page  Show one of nine pages

                MORE HELP
                  "app help feed VERB" explains a verb.

                """)
    }

    @Test("The help of a command shows everything that is declared of it")
    func command() throws {
        let command = try #require(Sample.specification.command(["feed", "show"]))
        #expect(
            Sample.specification.help(.command(command), width: 70).plain == """
                EXAMPLES
                  Read a feed:
                      app feed show ada
                  Take the texts only:
                      app feed show ada --json | jq '.[].text'

                USAGE
                  app feed show HANDLE [DELTA] [options]

                DESCRIPTION
                  Show the feed of a user.

                  Newest posts come first.

                  Posts of blocked users are left out.

                OPERANDS
                  HANDLE   Whose feed
                  [DELTA]  How far to shift

                OPTIONS
                  -n, --limit N       Show at most so many [default: 20]
                                      [env: APP_LIMIT]
                  -t, --tag TAG       Show posts with this tag [may be repeated]
                      --kinds WORD,…  Show these kinds [choices: text, media]

                FILTER OPTIONS
                      --since TIME   Show what is newer
                      --[no-]unread  Show only what is unread

                GLOBAL OPTIONS
                  --data, --format, --json, --print0, --quiet, --verbose, --color,
                  --config, --no-config, --help, --version; see "app help".

                JSON FIELDS
                  id          The post (string)
                  likes       How many like it (integer)
                  expires_at  When it goes (time or null)

                EXIT STATUS
                  0   done
                  64  usage
                  67  no such user

                """)
    }

    @Test("Groups are explained below the options")
    func groups() throws {
        let create = try #require(Sample.specification.command(["post", "create"]))
        let text = Sample.specification.help(.command(create)).plain
        #expect(text.contains("\n\n  Give exactly one of TEXT, --text, --file.\n"))
        let list = try #require(Sample.specification.command(["follow", "list"]))
        #expect(
            Sample.specification.help(.command(list)).plain.contains("Give at most one of --followers, --following."))
    }

    @Test("No line of prose is wider than asked for", arguments: [50, 60, 80, 120])
    func width(width: Int) {
        let topics = Sample.specification.commands.map { HelpTopic.command($0) } + [.program]
        for topic in topics {
            let examples = Sample.specification.commands.flatMap { $0.examples.map(\.line) }
            for line in Sample.specification.help(topic, width: width).plain.split(separator: "\n") {
                let isExample = examples.contains { line.hasSuffix($0) }
                #expect(isExample || line.contains("[options]") || line.count <= width, "\(line)")
            }
        }
    }

    @Test("Pieces say what they are")
    func styles() {
        let pieces = Sample.specification.help().pieces
        #expect(pieces.first == StyledText.Piece(style: .heading, text: "EXAMPLES"))
        #expect(pieces.contains(StyledText.Piece(style: .literal, text: "--data")))
        #expect(pieces.contains(StyledText.Piece(style: .placeholder, text: "DIR")))
        #expect(pieces.allSatisfy { $0.style == .plain || !$0.text.contains("\n") })
    }
}
