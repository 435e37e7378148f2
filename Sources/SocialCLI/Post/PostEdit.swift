// `post edit`: change what a post says; what it said is kept.

internal import CommandSpec
internal import SocialCore

enum PostEdit {
    static let words = Operand(optional: "TEXT", .text, help: "What it says now; - reads it from the standard input")

    static let command = Command(
        ["post", "edit"], "Change the text of a post",
        discussion: "What the post said before is kept: \"post show\" prints it under versions.",
        operands: [PostNoun.id, words], options: [TextSource.text, TextSource.file, CommonOptions.by],
        groups: [ExclusiveGroup(words, TextSource.text, TextSource.file, required: true)],
        examples: [
            Example(
                "social post edit $(social post list --by ana --limit 1 --format ids) 'hello again' --by ana",
                "Change ana's newest post")
        ],
        fields: PostNoun.changeFields,
        exits: [
            ExitStatus(65, "the text is empty or too long, or the post is a repost"),
            ExitStatus(67, "there is no such post"), ExitStatus(77, "the post is someone else's"),
        ], isChange: true, handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let id = try session.postID(try session.invocation[PostNoun.id])
        let text = try TextSource.read(session, try session.invocation[words])
        let author = try session.invocation[CommonOptions.by].map { _ in try session.actor().id }
        let edited = try session.change { try $0.posts.edit(id, text: text, by: author) }
        try PostNoun.print(edited.value, changed: edited.isNew, session)
    }
}
