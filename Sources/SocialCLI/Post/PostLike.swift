// `post like` and `post unlike`.

internal import CommandSpec
internal import SocialCore

enum PostLike {
    static let like = Command(
        ["post", "like"], "Like a post", discussion: "Liking a repost is liking what it passes on.",
        operands: [PostNoun.id], options: [CommonOptions.by],
        examples: [
            Example(
                "social post like $(social post list --by ana --limit 1 --format ids) --by bob",
                "Let bob like ana's newest post")
        ],
        fields: PostNoun.changeFields,
        exits: [
            ExitStatus(67, "there is no such post or account"),
            ExitStatus(77, "its author and the account are blocked"),
        ], isChange: true,
        handler: Verb(joinsGroups: true) { session in
            let id = try session.postID(try session.invocation[PostNoun.id])
            let actor = try session.actor()
            let (post, isNew) = try session.change { try $0.posts.like(id, by: actor.id) }
            try PostNoun.print(post, changed: isNew, session)
        })

    static let unlike = Command(
        ["post", "unlike"], "Like a post no longer", operands: [PostNoun.id], options: [CommonOptions.by],
        examples: [
            Example(
                "social post unlike $(social post list --by ana --limit 1 --format ids) --by bob",
                "Let bob like ana's newest post no longer")
        ],
        fields: PostNoun.changeFields, exits: [ExitStatus(67, "there is no such post or account")], isChange: true,
        handler: Verb(joinsGroups: true) { session in
            let network = try session.network()
            let id = try session.postID(try session.invocation[PostNoun.id])
            let actor = try session.actor()
            let post = try network.posts.item(id).subject
            let isChanged = try session.change { try $0.posts.unlike(post.id, by: actor.id) }
            try PostNoun.print(post, changed: isChanged, session)
        })
}
