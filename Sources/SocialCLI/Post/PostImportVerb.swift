// `post import`: a file of posts becomes posts.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostImportVerb {
    enum Source: String, CaseIterable, Sendable {
        case auto, text, ndjson
    }

    static let file = Operand("FILE", .fileOrDash, help: "A post a line, or NDJSON objects")
    static let from = Option("from", .choice(of: Source.self), default: .auto, help: "The form of the file")
    static let by = Option("by", .handle, help: "All posts are this account's")
    static let byAll = Switch(
        "by-all", help: "Deal the posts round robin to all accounts in the order of their handles")
    static let over = Option("over", .duration, help: "Lay the posts evenly over this time before now")

    static let command = Command(
        ["post", "import"], "Import posts from a file",
        discussion: """
            Plain text is a post a line. NDJSON objects have text, and may have author and created_at. The whole file \
            is checked before the first post is made, so a bad line changes nothing.
            """,
        operands: [file], options: [from, by, byAll, over], groups: [ExclusiveGroup(by, byAll)],
        examples: [
            Example("printf 'one\\ntwo\\n' | social post import - --from text --by ana", "Import two posts")
        ],
        fields: [Field("posts", .integer, "posts that were made"), CommonOutput.changed],
        exits: [ExitStatus(65, "a line is no post"), ExitStatus(67, "there is no such account")], isChange: true,
        handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let source = try line[file]
        let network = try session.network()
        var authors = PostImport.Authors.named
        if line.isOn(byAll) { authors = .all }
        if let handle = line[by] { authors = .one(try network.accounts.named(handle)) }
        let bytes = try session.bytes(of: source)
        let form = try form(line[from], source, bytes)
        if form == .text, case .named = authors {
            throw Failure("missing_operand", "plain text does not say who wrote it", hint: "give --by or --by-all")
        }
        let work = PostImport(form: form, authors: authors, overMilliseconds: line[over])
        let summary: PostImport.Summary
        do {
            summary = try work.run(
                { LineReader(bytes: bytes, limitBytes: 8 * Limits.textBytes) }, accounts: network.accounts,
                posts: network.posts)
        } catch let error as DataError { throw Failure(error, file: source.name) }
        try session.printSummary(command.fields, [.integer(Int64(summary.posts)), .bool(true)])
    }

    /// The form of a file: as said, or by its first byte; the standard input must say it unless it is NDJSON.
    private static func form(_ said: Source, _ file: FileOrDash, _ bytes: [UInt8]) throws -> PostImport.Form {
        switch said {
        case .text: return .text
        case .ndjson: return .ndjson
        case .auto:
            if bytes.first == UInt8(ascii: "{") { return .ndjson }
            if case .dash = file {
                throw Failure("missing_operand", "the standard input does not say what it is", hint: "give --from text")
            }
            return .text
        }
    }
}
