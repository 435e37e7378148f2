// The verbs of `post`, and what they have in common.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostNoun {
    static let commands = [
        PostCreate.command, PostShow.command, PostList.command, PostEdit.command, PostDelete.command,
        PostThread.command, PostLike.like, PostLike.unlike, PostRepost.command, PostImportVerb.command,
    ]

    static let id = Operand("ID", .postReference, help: "Which post: its id, or key:KEY of an idempotency key")

    /// What a verb that changes a post prints.
    static let changeFields = PostOutput.fields + [CommonOutput.changed]

    /// Prints a post that a verb has changed, or left as it was.
    static func print(_ post: PostRecord, changed: Bool, _ session: Session) throws {
        let network = try session.network()
        let rows = try PostOutput.rows(try network.posts.items(of: [post]), network)
        guard let cells = rows.first else {
            throw Failure("no_such_post", "there is no post \"\(post.id)\"")
        }
        try session.print(changeFields, cells + [.bool(changed)])
    }
}

/// Where the text of a post comes from.
enum TextSource {
    static let text = Option("text", .text, configurable: false, help: "What to say")
    static let file = Option("file", .fileOrDash, configurable: false, help: "Read the text from a file")

    /// The text: the operand, `--text`, `--file` or the standard input, without one last newline.
    static func read(_ session: Session, _ word: String?) throws -> String {
        let line = session.invocation
        if let text = line[text] { return text }
        if let word, word != "-" { return word }
        let source = line[file] ?? .dash
        var bytes = try session.bytes(of: source)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        do { return try TextEncoding.decode(bytes[...], line: 1, column: 1) } catch {
            throw Failure(error, file: source.name)
        }
    }
}
