// `notification watch`: what others do that an account wants to know, as they do it.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum NotificationWatch {
    static let after = Option(
        "after", .notificationPosition, configurable: false, help: "Go on from this cursor")

    static let command = Command(
        ["notification", "watch"], "Print an account's notifications, as they come",
        discussion: """
            Prints each new like, answer, mention, repost and follow once and by itself, oldest first, within a tenth \
            of a second, whichever process causes it; off a terminal an object a line, unless --format says otherwise. \
            What tasks have to say comes too, and posts of the kind post where they are on.

            Each item has a cursor: --after goes on from it in a later run, with nothing lost and nothing repeated. \
            It holds as long as the logs reach back that far, which is \(Int(Limits.keptCommits).grouped) commits at \
            least.

            It ends after --limit, after --timeout, when its output is closed, or by a signal. In a batch it needs \
            --timeout.
            """,
        operands: [NotificationNoun.handle], options: [after, FeedWatch.limit, FeedWatch.timeout],
        examples: [
            Example(
                "social notification watch ana --timeout 100ms | jq -r .text", "Print what happens, for a while")
        ],
        fields: NotificationOutput.fields + [Field("cursor", .string, "where --after goes on from")],
        exits: [
            ExitStatus(65, "the logs no longer reach back to the cursor"), ExitStatus(67, "there is no such account"),
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let reader = try network.accounts.named(try line[NotificationNoun.handle])
        var tail = try network.notifications.tail(of: reader.id, after: line[after])
        try session.printWatch(
            command.fields, limit: line[FeedWatch.limit], timeout: line[FeedWatch.timeout],
            everyMilliseconds: Limits.watchMilliseconds
        ) { left in
            try tail.next().prefix(left).map { item in
                NotificationOutput.cells(item.notification) + [.text(item.position.description)]
            }
        }
    }
}
