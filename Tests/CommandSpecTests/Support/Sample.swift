// A small program to parse lines of: it has one of everything that the grammar knows.

import CommandSpec

enum OutputFormat: String, CaseIterable, Sendable {
    case table, json, csv
}

enum Sample {
    static let data = Option("data", .directory, environment: "APP_DATA", help: "Use this data directory")
    static let format = Option(
        "format", .choice(of: OutputFormat.self), default: .table, environment: "APP_FORMAT", help: "Print this way",
        category: "Output options")
    static let json = Switch("json", configurable: false, help: "The same as --format json", category: "Output options")
    static let print0 = Switch("print0", short: "0", help: "Separate ids with NUL")
    static let quiet = Switch("quiet", short: "q", help: "Print no summary")
    static let verbose = Switch("verbose", short: "v", counting: true, help: "Tell more")
    static let color = Option(
        "color", .choice("auto", "always", "never", placeholder: "WHEN"), default: "auto", bare: "always",
        help: "Use colour")
    static let config = Option("config", .file, configurable: false, help: "Read option defaults from this file")
    static let noConfig = Switch("no-config", configurable: false, help: "Read no configuration file")

    static let specification = Specification(
        program: "app", version: "1.2.3", date: "January 2, 2026", abstract: "A sample of everything",
        examples: [Example("app feed show ada", "Read a feed")],
        globals: [data, format, json, print0, quiet, verbose, color, config, noConfig],
        groups: [ExclusiveGroup(config, noConfig), ExclusiveGroup(json, format)],
        environment: [EnvironmentVariable("NO_COLOR", "Turns colour off")],
        exits: [ExitStatus(0, "done"), ExitStatus(64, "usage")],
        nouns: [
            Noun("user", "People who post", isMain: true) { UserCommands.all },
            Noun("follow", "Who reads whom", isMain: true) { FollowCommands.all },
            Noun("post", "What people write", isMain: true) { PostCommands.all },
            Noun("feed", "What people read", isMain: true) { FeedCommands.all },
            Noun("config", "Settings of the data directory") { ConfigCommands.all },
        ],
        guides: {
            [
                Guide(
                    "notations", section: 7, "How values are written",
                    parts: [
                        Guide.Part("FILES", "Kept as it is:\n\n    .hidden -x\n\nNothing else."),
                        Guide.Part("DURATIONS", rows: [Guide.Row("20s", "twenty seconds")]),
                    ])
            ]
        },
        verbs: {
            [
                Command(
                    ["init"], "Make a data directory", operands: [directory], examples: [Example("app init", "Begin")],
                    isChange: true),
                Command(["status"], "Show the state", examples: [Example("app status", "Take a look")]),
                Command(["__complete"], "Complete a line", operands: [words], isHidden: true),
            ]
        })

    static let directory = Operand(optional: "DIR", .directory, help: "Where to make it")
    static let words = Operand(zeroOrMore: "WORD", .text, help: "The words so far")
    static let by = Option("by", .handle, environment: "APP_USER", help: "Act as this user")
}

/// A handle that knows it was read; the sample's own kind of value.
struct Handle: Sendable, Hashable {
    let name: String
}

extension ValueType where Value == Handle {
    static var handle: ValueType<Handle> {
        ValueType(.custom("handle"), placeholder: "HANDLE", expecting: "a handle of letters", format: \.name) {
            (word) throws(ValueError) in
            let letters = Array(word.unicodeScalars)
            guard !letters.isEmpty else { throw ValueError() }
            for (index, letter) in letters.enumerated() where !("a"..."z").contains(letter) {
                throw ValueError("it contains \"\(letter)\"", at: index..<index + 1)
            }
            return Handle(name: word)
        }
    }
}

enum UserCommands {
    static let handle = Operand("HANDLE", .handle, help: "Who")
    static let set = Option(repeating: "set", .keyValue, help: "Set a field of the profile")
    static let all = [
        Command(
            ["user", "create"], "Create a user", operands: [handle], options: [set],
            examples: [Example("app user create ada", "Create a user")], isChange: true),
        Command(
            ["user", "show"], "Show a user", operands: [handle],
            examples: [Example("app user show ada", "Show a user")]),
    ]
}

enum FollowCommands {
    static let follower = Operand("FOLLOWER", .handle, help: "Who reads")
    static let followee = Operand("FOLLOWEE", .handle, help: "Who is read")
    static let followers = Switch("followers", help: "List those who follow the user")
    static let following = Switch("following", help: "List those whom the user follows")
    static let all = [
        Command(
            ["follow", "add"], "Let a user follow another", operands: [follower, followee],
            examples: [Example("app follow add ada bob", "Let ada follow bob")], isChange: true),
        Command(
            ["follow", "list"], "List follows", operands: [follower], options: [followers, following],
            groups: [ExclusiveGroup(followers, following)],
            examples: [Example("app follow list ada", "List whom ada follows")]),
        Command(
            ["follow", "block"], "Block a user", operands: [follower, followee],
            examples: [Example("app follow block ada bob", "Block bob")], isChange: true),
    ]
}

enum PostCommands {
    static let text = Operand(optional: "TEXT", .text, help: "What to say")
    static let textOption = Option("text", .text, help: "What to say, as an option")
    static let file = Option("file", .fileOrDash, help: "Read the text from a file")
    static let expires = Option("expires", .duration, help: "Delete the post after this time")
    static let files = Operand(oneOrMore: "FILE", .fileOrDash, help: "Files of posts")
    static let all = [
        Command(
            ["post", "create"], "Create a post", operands: [text],
            options: [textOption, file, Sample.by, expires],
            groups: [ExclusiveGroup(text, textOption, file, required: true)],
            examples: [Example("app post create hello --by ada", "Say hello")], isChange: true),
        Command(
            ["post", "like"], "Like a post", operands: [Operand("ID", .integer(in: 1...Int.max), help: "Which post")],
            examples: [Example("app post like 5", "Like a post")], isChange: true),
        Command(
            ["post", "import"], "Import posts", operands: [files],
            examples: [Example("app post import a.txt", "Import")], isChange: true),
    ]
}

enum FeedCommands {
    static let reader = Operand("HANDLE", .handle, help: "Whose feed")
    static let delta = Operand(optional: "DELTA", .integer(in: -100...100), help: "How far to shift")
    static let limit = Option(
        "limit", short: "n", .integer(in: 1...1000), default: 20, environment: "APP_LIMIT",
        help: "Show at most so many")
    static let since = Option("since", .text.named("TIME"), help: "Show what is newer", category: "Filter options")
    static let tags = Option(repeating: "tag", short: "t", .text.named("TAG"), help: "Show posts with this tag")
    static let kinds = Option("kinds", .list(of: .choice("text", "media")), help: "Show these kinds")
    static let unread = Switch("unread", negatable: true, help: "Show only what is unread", category: "Filter options")
    static let all = [
        Command(
            ["feed", "show"], "Show the feed of a user",
            discussion: "Newest posts come first.\n\nPosts of blocked users are left out.",
            operands: [reader, delta], options: [limit, since, tags, kinds, unread],
            examples: [
                Example("app feed show ada", "Read a feed"),
                Example("app feed show ada --json | jq '.[].text'", "Take the texts only"),
            ],
            fields: [
                Field("id", .string, "The post"), Field("likes", .integer, "How many like it"),
                Field("expires_at", .time, nullable: true, "When it goes"),
            ],
            exits: [ExitStatus(67, "no such user")]),
        Command(
            ["feed", "page"], "Show one of nine pages", operands: [reader],
            options: [Switch("first", short: "1", help: "The first page")],
            examples: [Example("app feed page ada -1", "Show the first page")]),
    ]
}

enum ConfigCommands {
    static let all = [
        Command(["config", "get"], "Show a setting", examples: [Example("app config get", "Show all settings")])
    ]
}
