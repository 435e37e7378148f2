// `post create`: write a post.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostCreate {
    static let words = Operand(optional: "TEXT", .text, help: "What to say; - reads it from the standard input")
    static let text = Option("text", .text, configurable: false, help: "What to say")
    static let file = Option("file", .fileOrDash, configurable: false, help: "Read the text from a file")

    static let command = Command(
        ["post", "create"], "Write a post",
        discussion:
            "The text comes from the operand, --text, --file or the standard input; one last newline is dropped.",
        operands: [words], options: [text, file, CommonOptions.by, CommonOptions.idempotencyKey],
        groups: [ExclusiveGroup(words, text, file, required: true)],
        examples: [
            Example("social post create 'hello, world' --by ana", "Write a post as ana"),
            Example("date | social post create - --by ana", "Write what another program prints"),
        ],
        fields: PostOutput.fields + [CommonOutput.changed],
        exits: [
            ExitStatus(65, "the text is empty, too long or no UTF-8"), ExitStatus(67, "there is no such account"),
            ExitStatus(73, "the idempotency key was used for another post"),
        ], isChange: true, handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let handle = try session.required(line[CommonOptions.by], "--by", "SOCIAL_USER")
        let text = try content(session)
        let author = try session.network().accounts.named(handle)
        let made = try session.change { network in
            try network.posts.create(by: author, text: text, idempotencyKey: line[CommonOptions.idempotencyKey])
        }
        let cells = PostOutput.cells(made.value, author: author.handle.display)
        try session.print(command.fields, cells + [.bool(made.isNew)])
    }

    private static func content(_ session: Session) throws -> String {
        let line = session.invocation
        if let text = line[text] { return text }
        if let word = try line[words], word != "-" { return word }
        let source = line[file] ?? .dash
        var bytes = try session.bytes(of: source)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        do { return try TextEncoding.decode(bytes[...], line: 1, column: 1) } catch {
            throw Failure(error, file: source.name)
        }
    }
}
