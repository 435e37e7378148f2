// `post import`: a file of posts, or the archive of another network, becomes posts.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostImportVerb {
    enum Source: String, CaseIterable, Sendable {
        case auto, text, ndjson, csv, mastodon, twitter

        /// What the file is said to be; nil when its bytes must say.
        var file: PostFile? {
            PostForm(rawValue: rawValue).map(PostFile.rows) ?? Archive(rawValue: rawValue).map(PostFile.archive)
        }
    }

    static let file = Operand(
        "FILE", .fileOrDash,
        help: "Posts, also compressed with gzip, or an archive: its list, its folder, .tar.gz or .zip")
    static let from = Option("from", .choice(of: Source.self), default: .auto, help: "The form of the file")
    static let by = Option("by", .handle, help: "Posts that name no author are this account's")
    static let byAll = Switch(
        "by-all", help: "Deal the posts round robin to all accounts in the order of their handles")
    static let over = Option(
        "over", .duration, help: "Lay posts without a time evenly over this time before now")

    static let command = Command(
        ["post", "import"], "Import posts from a file or an archive",
        discussion: """
            Plain text is a post a line. NDJSON objects and the columns of CSV have text, and may have author and \
            created_at. The whole file is checked before the first post is made, so a bad row changes nothing. How \
            far an import has come is stored with the posts: the same command on the same file goes on where it was \
            stopped, and changes nothing once it has ended; another --idempotency-key imports the file again.

            Of a Mastodon or Twitter archive the posts that everyone may read are imported, oldest first, at their \
            own times, with answers to own posts and with the pictures and films that are in the archive; reposts, \
            posts for followers and posts without anything are passed over. Importing a newer archive adds only what \
            is new.
            """,
        operands: [file],
        options: [from, by, byAll, over, CommonOptions.idempotencyKey] + ImportOptions.all,
        groups: [ExclusiveGroup(by, byAll)],
        examples: [
            Example("printf 'one\\ntwo\\n' | social post import - --from text --by ana", "Import two posts"),
            Example(
                "social post list --format csv | gzip > posts.csv.gz && social post import posts.csv.gz",
                "Import posts from CSV, with their authors and times"),
        ],
        fields: [
            Field("posts", .integer, "posts that were made"),
            Field("present", .integer, "posts that an earlier import had made"), ImportOptions.rejected,
            Field("passed_over", .integer, "items of an archive that are no posts for everyone"), CommonOutput.changed,
        ],
        exits: [
            ImportOptions.exit, ExitStatus(67, "there is no such account"),
            ExitStatus(73, "the import was begun with --by-all when there were other accounts"),
        ], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let source = try line[file]
        let network = try session.network()
        if case .file(let path) = source, FileSystem().isDirectory(path) {
            let said = line[from].file
            guard case .archive(let archive) = try said ?? PostFile.recognise(folder: path) else {
                throw Failure("no_such_file", "cannot read \"\(path)\": it is a directory")
            }
            return try importArchive(archive, .folder(path), source, session, network)
        }
        let input = try session.input(of: source)
        switch try line[from].file ?? PostFile.recognise(input) {
        case .archive(let archive): try importArchive(archive, .file(input), source, session, network)
        case .rows(let form): try importRows(form, input, source, session, network)
        case nil:
            if case .dash = source {
                throw line.missing("the standard input does not say what it is", hint: "give --from text")
            }
            try importRows(.text, input, source, session, network)
        }
    }

    private static func importRows(
        _ form: PostForm, _ input: InputFile, _ source: FileOrDash, _ session: Session, _ network: Network
    ) throws {
        let line = session.invocation
        var authors = PostImport.Authors.named
        if line.isOn(byAll) { authors = .all }
        if let handle = line[by] { authors = .one(try network.accounts.named(handle)) }
        if form == .text, case .named = authors {
            throw line.missing("plain text does not say who wrote it", hint: "give --by or --by-all")
        }
        var work = PostImport(form: form, authors: authors, overMilliseconds: line[over])
        if let key = line[CommonOptions.idempotencyKey] {
            try Posts.check(key: key)
            work.idempotencyKey = key
        }
        if let size = line[ImportOptions.batchSize] { work.batchRows = size }
        let (summary, rejected) = try session.importing(source) {
            try work.run(input, $0, accounts: network.accounts, posts: network.posts)
        }
        try print(summary.posts, summary.present, rejected, 0, session)
    }

    private static func importArchive(
        _ archive: Archive, _ place: ArchiveSource, _ source: FileOrDash, _ session: Session, _ network: Network
    ) throws {
        let line = session.invocation
        for option: any Parameter in [over, byAll, CommonOptions.idempotencyKey] where line.isGiven(option) {
            throw line.error(
                .conflict, "the posts of an archive have times, an author and keys of their own", about: option,
                hint: "leave --over, --by-all and --idempotency-key out")
        }
        guard let handle = line[by] else {
            throw line.missing("an archive does not say whose account gets it", hint: "give --by")
        }
        var work = ArchiveImport(archive, author: try network.accounts.named(handle))
        if let size = line[ImportOptions.batchSize] { work.batchRows = size }
        let (summary, rejected) = try session.importing(source) {
            try work.run(place, $0, posts: network.posts) { try network.uploads.put($0, by: work.author) }
        }
        if summary.missingMedia > 0 {
            try session.note(
                "attachments that are not in the archive, or no pictures or films: \(summary.missingMedia)")
        }
        let others = ArchiveItem.Reason.allCases.compactMap { reason in
            summary.others[reason].map { "\(words(for: reason)) \($0)" }
        }
        if !others.isEmpty { try session.note("passed over: \(others.joined(separator: ", "))") }
        try print(summary.posts, summary.present, rejected, summary.others.values.reduce(0, +), session)
    }

    private static func words(for reason: ArchiveItem.Reason) -> String {
        switch reason {
        case .repost: "reposts"
        case .notPublic: "not public"
        case .noText: "without text"
        case .noPost: "no posts"
        }
    }

    private static func print(
        _ posts: Int, _ present: Int, _ rejected: Cell, _ passedOver: Int, _ session: Session
    ) throws {
        try session.printSummary(
            command.fields,
            [
                .integer(Int64(posts)), .integer(Int64(present)), rejected, .integer(Int64(passedOver)),
                .bool(posts > 0),
            ])
    }
}
