// `post repost`: pass a post on to one's followers.

internal import CommandSpec
internal import SocialCore

enum PostRepost {
    static let command = Command(
        ["post", "repost"], "Pass a post on to one's followers",
        discussion: """
            A repost has an id of its own; delete it with "post delete". An account passes a post on once, and \
            reposting a repost passes on the original. In a feed a repost is left out when the same post came into \
            it in the day before.
            """,
        operands: [PostNoun.id], options: [CommonOptions.by, CommonOptions.idempotencyKey],
        examples: [
            Example(
                "social post repost $(social post list --by ana --limit 1 --format ids) --by bob",
                "Let bob pass on ana's newest post")
        ],
        fields: PostNoun.changeFields,
        exits: [
            ExitStatus(67, "there is no such post or account"),
            ExitStatus(77, "its author and the account are blocked"),
        ], isChange: true, handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let id = try session.postID(try line[PostNoun.id])
        let author = try session.actor()
        let made = try session.change {
            try $0.posts.repost(id, by: author, idempotencyKey: line[CommonOptions.idempotencyKey])
        }
        try PostNoun.print(made.value, changed: made.isNew, session)
    }
}
