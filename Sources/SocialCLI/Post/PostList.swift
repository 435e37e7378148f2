// `post list`: posts, newest first or best first.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostList {
    enum Order: String, CaseIterable, Sendable {
        case new, likes, replies, reposts
    }

    static let by = Option("by", .handle, help: "Only this account's posts")
    static let tag = Option("tag", .tag, help: "Only posts with this tag, with or without #")
    static let likedBy = Option("liked-by", .handle, help: "Only posts that this account likes")
    static let stories = Switch("stories", help: "Only posts that expire and have not yet")
    static let reader = Option(
        "for", .handle, help: "Only posts by those whom this account follows and sees, and whether it has seen them")
    static let sort = Option(
        "sort", .choice(of: Order.self), default: .new, help: "Newest first, or most liked, answered or reposted first")
    static let paging = Paging(.post, .descending)

    static let command = Command(
        ["post", "list"], "List posts, newest first",
        discussion: "Reposts are listed with --by, among the posts of the account that passed them on.",
        options: [
            by, tag, likedBy, stories, reader, CommonOptions.since, CommonOptions.until, sort, AccessRecording.option,
        ] + paging.options,
        groups: [ExclusiveGroup(by, likedBy, stories), paging.group],
        examples: [
            Example("social post list --by ana --limit 5", "Print ana's five newest posts"),
            Example("social post list --since 24h --json | jq length", "Count the posts of the last day"),
            Example("social post list --since 7d --sort likes --limit 10", "Print the top posts of the week"),
            Example("social post list --stories --for bob", "Print the stories that bob may look at"),
        ],
        fields: PostOutput.fields + [
            Field("seen", .boolean, nullable: true, "whether the account of --for has seen it"), CommonOutput.cursor,
        ], exits: [ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let list = try PostSelection(session)
        let line = session.invocation
        var recording = try AccessRecording(
            session, viewer: line[reader].map { try list.network.accounts.named($0).id })
        try session.printList(command.fields) { emit in
            try paging.forEach(
                line, in: list.window, at: \.place, fetch: list.rows, select: list.items
            ) { items in
                for (item, cells) in zip(items, try PostOutput.rows(items, list.network)) {
                    recording?.add(.post(item.subject.id), .impression)
                    guard try emit(cells + [try list.seen(item), .text(item.post.id.description)]) else { return false }
                }
                return true
            }
        }
        recording?.finish()
    }
}
