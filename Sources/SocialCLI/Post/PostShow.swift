// `post show`: one post, and what it said before.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostShow {
    static let record = Switch("record", help: "Note that the account of --by has seen it")

    static let command = Command(
        ["post", "show"], "Show a post", operands: [PostNoun.id], options: [CommonOptions.by, record],
        examples: [
            Example("social post list --limit 1 --format ids | xargs social post show --json", "Show the newest post")
        ],
        fields: PostOutput.fields + [
            Field("versions", .array, "what it said before it was edited, oldest first, each with text and written_at")
        ], exits: [ExitStatus(67, "there is no such post")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let item = try network.posts.item(try session.postID(try session.invocation[PostNoun.id]))
        if session.invocation.isOn(record) {
            let actor = try session.actor()
            _ = try session.change { try $0.posts.see(item.subject.id, by: actor.id) }
        }
        let versions = try network.posts.versions(of: item.subject.id).map { version -> JSONValue in
            ["text": .string(version.text), "written_at": .string(version.writtenAt.text)]
        }
        for cells in try PostOutput.rows([item], network) {
            try session.print(command.fields, cells + [.json(.array(versions))])
        }
    }
}
