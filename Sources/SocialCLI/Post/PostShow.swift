// `post show`: one post, and what it said before.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostShow {
    static let record = Switch(
        "record", configurable: false, help: "Count that it was viewed, and note that the account of --by has seen it")

    static let command = Command(
        ["post", "show"], "Show a post",
        discussion: "With --by, only if that account and its author do not block each other.",
        operands: [PostNoun.id], options: [CommonOptions.by, record],
        examples: [
            Example("social post list --limit 1 --format ids | xargs social post show --json", "Show the newest post")
        ],
        fields: PostOutput.fields + [
            Field("versions", .array, "what it said before it was edited, oldest first, each with text and written_at")
        ], exits: [ExitStatus(67, "there is no such post"), ExitStatus(77, "its author and the account are blocked")],
        handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let item = try network.posts.item(try session.postID(try session.invocation[PostNoun.id]))
        if session.invocation[CommonOptions.by] != nil {
            let actor = try session.actor().id
            if try network.graph.isBlocked(actor, item.subject.author) {
                throw Failure(
                    "blocked", "the author of post \"\(item.post.id)\" and this account do not see each other")
            }
        }
        var recording = try AccessRecording(session, viewer: session.viewer())
        if recording != nil, let viewer = try session.viewer() {
            _ = try session.change { try $0.posts.see(item.subject.id, by: viewer) }
        }
        let versions = try network.posts.versions(of: item.subject.id).map { version -> JSONValue in
            ["text": .string(version.text), "written_at": .string(version.writtenAt.text)]
        }
        for cells in try PostOutput.rows([item], network) {
            try session.print(command.fields, cells + [.json(.array(versions))])
        }
        recording?.add(.post(item.subject.id), .view)
        recording?.finish()
    }
}
