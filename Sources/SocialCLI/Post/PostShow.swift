// `post show`: one post.

internal import CommandSpec
internal import SocialCore

enum PostShow {
    static let command = Command(
        ["post", "show"], "Show a post", operands: [PostNoun.id],
        examples: [
            Example("social post list --limit 1 --format ids | xargs social post show --json", "Show the newest post")
        ],
        fields: PostOutput.fields, exits: [ExitStatus(67, "there is no such post")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let post = try network.posts.named(try session.invocation[PostNoun.id])
        let author = try network.accounts.records(of: [post.author]).first ?? nil
        try session.print(command.fields, PostOutput.cells(post, author: author?.handle.display ?? ""))
    }
}
