// `post delete`: remove a post; only its id is remembered.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostDelete {
    static let command = Command(
        ["post", "delete"], "Delete a post", discussion: "With --by, only if it is that account's.",
        operands: [PostNoun.id],
        options: [CommonOptions.by],
        examples: [
            Example(
                "social post list --by ana --limit 1 --format ids | xargs -n 1 social post delete",
                "Delete ana's newest post")
        ],
        fields: [Field("id", .string, "the post's id"), CommonOutput.changed],
        exits: [ExitStatus(67, "there never was such a post"), ExitStatus(77, "the post is someone else's")],
        isChange: true, handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let id = try session.postID(try session.invocation[PostNoun.id])
        try session.confirm("delete post \(id) for ever?")
        let removed = try session.change { network in
            let author = try session.invocation[CommonOptions.by].map { try network.accounts.named($0).id }
            return try network.posts.delete(id, by: author)
        }
        try session.print(command.fields, [.id(id.description), .bool(removed != nil)])
    }
}
