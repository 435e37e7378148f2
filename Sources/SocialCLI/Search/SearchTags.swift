// `search tags`: what posts are tagged with, how often, and what is talked about more than usual.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum SearchTags {
    static let prefix = Operand(optional: "PREFIX", .tag, help: "Only tags that begin so, with or without #")
    static let trending = Switch("trending", help: "Only tags above what is usual, the most striking first")
    static let window = Option(
        "window", .duration, default: 24 * 3_600_000, help: "What counts as recent; usual is what seven such had before"
    )

    static let command = Command(
        ["search", "tags"], "List tags, the commonest or the most striking first",
        discussion: """
            Tags are counted in the posts that there are. With --trending a tag is compared with its own past: trend \
            is how far recent is above usual, in units of what chance would make of that, (recent - usual) / \
            sqrt(usual + 1). A tag that is always common does not trend, and a new one needs several posts.
            """,
        operands: [prefix],
        options: [trending, window, CommonOptions.limit, CommonOptions.all, AccessRecording.option],
        groups: [ExclusiveGroup(CommonOptions.limit, CommonOptions.all)],
        examples: [
            Example("social search tags --trending", "See what people talk about today"),
            Example("social search tags --trending --window 1h --limit 5 --format ids", "Print the tags of the hour"),
            Example("social search tags ja --fields tag,posts", "List the tags that begin with two letters"),
        ],
        fields: [
            Field("tag", .string, "the tag in lower case, without #"),
            Field("posts", .integer, "in how many posts it is"),
            Field("recent", .integer, "in how many of the window before now"),
            Field("usual", .number, "in how many of such a window before, on average"),
            Field("trend", .number, "how far recent is above usual"),
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let search = try session.network().search
        let start = try line[prefix] ?? ""
        let tags =
            try line.isOn(trending)
            ? search.trends(prefix: start, windowMilliseconds: line[window])
            : search.tags(prefix: start, windowMilliseconds: line[window])
        let limit = CommonOptions.limit(line)
        try session.printList(command.fields) { emit in
            for tag in tags.prefix(limit) {
                let cells: [Cell] = [
                    .text(tag.tag), .integer(Int64(tag.posts)), .integer(Int64(tag.recent)), .measure(tag.usual),
                    .measure(tag.trend),
                ]
                guard try emit(cells) else { return }
            }
        }
        try SearchNoun.record(session, start)
        try session.noteCut(after: min(tags.count, limit), of: limit) { tags.count - limit }
    }
}
