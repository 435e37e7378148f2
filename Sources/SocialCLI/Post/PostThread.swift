// `post thread`: the conversation around a post.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostThread {
    static let limit = Option(
        "limit", short: "n", .integer(in: 1...Limits.pageRows), default: Limits.pageRows, help: "Print at most so many")

    static let command = Command(
        ["post", "thread"], "Show the conversation around a post",
        discussion:
            "From its beginning, whichever of its posts is named; each answer below what it answers. With --by, as "
            + "that account sees it: without those that block it or that it blocks.",
        operands: [PostNoun.id], options: [CommonOptions.by, limit, AccessRecording.option],
        examples: [
            Example(
                "social post thread $(social post list --by ana --limit 1 --format ids) --json | jq length",
                "Count the posts of a conversation")
        ],
        fields: [Field("depth", .integer, "answers between it and the beginning")] + PostOutput.fields,
        exits: [ExitStatus(67, "there is no such post")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let id = try session.postID(try line[PostNoun.id])
        let thread = try network.posts.thread(around: id, limit: line[limit])
        let depths = Dictionary(uniqueKeysWithValues: thread.map { ($0.post.id, $0.depth) })
        var items = try network.posts.items(of: thread.map(\.post))
        if line[CommonOptions.by] != nil {
            let hidden = try network.graph.hidden(from: try session.actor().id)
            items.removeAll { hidden.contains($0.post.author) }
        }
        var recording = try AccessRecording(session, viewer: session.viewer())
        try session.printList(command.fields) { emit in
            for (item, cells) in zip(items, try PostOutput.rows(items, network)) {
                recording?.add(.post(item.subject.id), item.post.id == id ? .view : .impression)
                guard try emit([.integer(Int64(depths[item.post.id] ?? 0))] + cells) else { return }
            }
        }
        recording?.finish()
    }
}
