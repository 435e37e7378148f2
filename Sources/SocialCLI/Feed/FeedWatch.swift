// `feed watch`: what comes into a feed, as it comes.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum FeedWatch {
    static let after = Option(
        "after", .feedPosition, configurable: false, help: "Go on from this cursor, or behind the post with this id")
    static let limit = Option("limit", short: "n", .integer(in: 1...Int.max), help: "End after so many")
    static let timeout = Option("timeout", .duration, help: "End after this time; otherwise go on for ever")

    static let command = Command(
        ["feed", "watch"], "Print what comes into an account's feed, as it comes",
        discussion: """
            Prints each new post once, oldest first, within a tenth of a second, whichever process posts it; off a \
            terminal an object a line, unless --format says otherwise. Posts that are imported are new, whatever time \
            they carry; posts that were there when somebody was followed are not.

            Each item has a cursor: --after goes on from it in a later run, with nothing lost and nothing repeated. \
            It holds as long as the logs reach back that far, which is \(Int(Limits.keptCommits).grouped) commits at \
            least. The id of a post prints first what is newer in the feed: a run after "social feed show" leaves no \
            gap.

            It ends after --limit, after --timeout, when its output is closed, or by a signal. In a batch it needs \
            --timeout.
            """,
        operands: [FeedShow.handle], options: [after, limit, timeout],
        examples: [
            Example("social feed watch ana --timeout 100ms | jq -r .text", "Print texts as they come, for a while"),
            Example(
                "social feed watch ana --after $(social feed show ana -n 1 --format ids) --timeout 0ms",
                "Print what has come since a post"),
        ],
        fields: PostOutput.fields + [Field("cursor", .string, "where --after goes on from")],
        exits: [
            ExitStatus(65, "the logs no longer reach back to the cursor"), ExitStatus(67, "there is no such account"),
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let reader = try network.accounts.named(try line[FeedShow.handle])
        var tail = try network.feeds.tail(of: reader.id, after: line[after])
        try session.printWatch(
            command.fields, limit: line[limit], timeout: line[timeout], everyMilliseconds: Limits.watchMilliseconds
        ) { left in
            let items = try tail.next().prefix(left)
            // Nothing is read while there is nothing to print.
            if items.isEmpty { return [] }
            let rows = try PostOutput.rows(items.map(\.content), network)
            return zip(items, rows).map { $1 + [.text($0.position.description)] }
        }
    }
}
