// `feed show`: the newest posts of those whom an account follows.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FeedShow {
    static let handle = Operand("HANDLE", .handle, help: "Whose feed")
    static let paging = Paging(.post, .descending, isRanked: true)

    static let command = Command(
        ["feed", "show"], "Show an account's feed, newest first",
        discussion: """
            The newest posts come from a cache, older ones from the truth, with no gap and no repetition at any depth. \
            What a command before this one has changed is always there.
            """,
        operands: [handle], options: paging.options, groups: [paging.group],
        examples: [
            Example("social feed show ana --json | jq -r '.[].text'", "Print the texts only"),
            Example("social feed show ana --limit 5 --format ids", "Print the ids of five posts"),
        ],
        fields: PostOutput.fields + [CommonOutput.cursor], exits: [ExitStatus(67, "there is no such account")],
        handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let reader = try network.accounts.named(try line[handle])
        var shown = 0
        var last: PostID?
        try session.printList(command.fields) { emit in
            try paging.forEach(line, cursor: \.post.id, fetch: { try network.feeds.page(for: reader.id, $0) }) {
                items in
                for (item, cells) in zip(items, try PostOutput.rows(items, network)) {
                    guard try emit(cells + [.text(item.post.id.description)]) else { return false }
                }
                shown += items.count
                last = items.last?.post.id ?? last
                return true
            }
        }
        guard paging.goesDown(line) else { return }
        try session.noteCut(after: shown, of: paging.limit(line)) {
            try network.feeds.page(for: reader.id, Page(after: last, limit: Limits.pageRows)).count
        }
    }
}
