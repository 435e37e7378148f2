// `post create`: write a post.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostCreate {
    static let words = Operand(optional: "TEXT", .text, help: "What to say; - reads it from the standard input")
    static let replyTo = Option("reply-to", .postReference, help: "Answer this post")
    static let media = Option(
        repeating: "media", .text.named("ID|FILE"), configurable: false,
        help: "Show this upload of the author, or upload this file first; up to 10")
    static let alt = Option(
        repeating: "alt", .text, configurable: false,
        help: "Say what is to be seen on the uploaded files, for those who do not see it: once for each, in order")
    static let expires = Option("expires", .duration, help: "Show it for this long only, as a story")

    static let command = Command(
        ["post", "create"], "Write a post",
        discussion:
            """
            The text comes from the operand, --text, --file or the standard input; one last newline is dropped. A post \
            that shows something may do without words. A number, HANDLE/FILENAME, a hash or key:KEY after --media is \
            an upload; anything else is a file, and ./12 is one too.
            """,
        operands: [words],
        options: [
            TextSource.text, TextSource.file, CommonOptions.by, replyTo, media, alt, expires,
            CommonOptions.idempotencyKey,
        ],
        groups: [
            ExclusiveGroup(words, TextSource.text, TextSource.file), ExclusiveGroup(replyTo, expires),
        ],
        examples: [
            Example("social post create 'hello, world' --by ana", "Write a post as ana"),
            Example("date | social post create - --by ana", "Write what another program prints"),
            Example("social post create 'in Lisbon today' --by ana --expires 24h", "Write a story"),
            Example("social post create 'my cat' --by ana --media cat.png --alt 'a cat asleep'", "Show a picture"),
        ],
        fields: PostNoun.changeFields,
        exits: [
            ExitStatus(65, "the text is empty, too long or no UTF-8, or a file is no picture or film"),
            ExitStatus(67, "there is no such account, or no such post to answer"),
            ExitStatus(73, "the idempotency key was used for another post"),
            ExitStatus(77, "the author of the post to answer is blocked, or blocks this account"),
        ], isChange: true, handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let author = try session.actor()
        let attachments = line[media]
        let word = try line[words]
        let hasText = word != nil || line.isGiven(TextSource.text) || line.isGiven(TextSource.file)
        guard hasText || !attachments.isEmpty else {
            throw line.missing("TEXT, --text, --file or --media is missing", hint: "say what to post")
        }
        let text = hasText ? try TextSource.read(session, word) : ""
        let parent = try line[replyTo].map(session.postID)
        let shown = try UploadPut.attach(attachments, alt: line[alt], by: author, session)
        let made = try session.change { network in
            try network.posts.create(
                by: author, text: text, replyTo: parent, media: shown, lifetimeMilliseconds: line[expires],
                idempotencyKey: line[CommonOptions.idempotencyKey])
        }
        // Nobody has done anything yet with a new post.
        if made.isNew {
            let cells = PostOutput.cells(PostItem(post: made.value, author: author))
            try session.print(command.fields, cells + [.bool(true)])
        } else {
            try PostNoun.print(made.value, changed: false, session)
        }
    }
}
