// `analytics record`: counts an access, or many that come as NDJSON.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum AnalyticsRecord {
    /// Where accesses come from.
    enum Source: Sendable {
        case resource(ResourceReference)
        case standardInput
    }

    static let source = Operand(
        optional: "RESOURCE", .accessSource,
        help: "What was accessed, as \"analytics count\" names it; - reads NDJSON from the standard input")
    static let file = Option(
        "from-file", .fileOrDash, configurable: false, help: "Read accesses from this file, an object a line")
    static let kind = Option("kind", .accessKind, default: .view, help: "How: any word of a-z, 0-9 and -")
    static let viewer = Option(
        "viewer", .text, configurable: false,
        help: "By whom, if by no account: whatever tells viewers apart, of which only a hash is kept")
    static let time = Option("at", .moment, configurable: false, help: "When; otherwise now")
    static let amount = Option(
        "amount", .integer(in: Int64(0)...Int64.max), configurable: false, help: "How many bytes, or milliseconds")
    static let count = Option(
        "count", .integer(in: Limits.repeatedAccesses), default: 1, configurable: false, help: "Count it so many times")
    static let bot = Switch("bot", configurable: false, help: "It was a program, no person")

    static let command = Command(
        ["analytics", "record"], "Count an access",
        discussion: """
            Every call counts, unless it comes again under an --idempotency-key. What is named by an id need not \
            exist; accounts are named by their handles, uploads by id or HANDLE/FILENAME.

            A file or the standard input has an NDJSON object a line with resource, and where they are needed kind, \
            by (a handle) or viewer, at, amount and bot; what rows leave out is what the options say. A bad row is \
            found before anything is counted. Up to \(Limits.accessBatch.grouped) accesses, or --batch-size, are \
            counted in one transaction; a run that was interrupted counts again what it is given again, unless it has \
            the same --idempotency-key, file and --batch-size. Logs of web servers are for "analytics import".
            """,
        operands: [source],
        options: [
            file, kind, CommonOptions.by, viewer, time, amount, count, bot, CommonOptions.idempotencyKey,
        ] + ImportOptions.all,
        groups: [ExclusiveGroup(source, file, required: true), ExclusiveGroup(CommonOptions.by, viewer)],
        examples: [
            Example("social analytics record /about.html", "Count that a page was looked at"),
            Example("social analytics record media/ana/cat.png --kind download --by bob", "Count who fetched a file"),
            Example(
                "printf '{\"resource\":\"/\",\"viewer\":\"203.0.113.7\"}\\n' | social analytics record -",
                "Count what another program knows"),
        ],
        fields: [
            Field("recorded", .integer, "accesses that were counted, now or when the key came first"),
            ImportOptions.rejected, CommonOutput.changed,
        ],
        exits: [
            ExitStatus(64, "what is named is no resource"),
            ExitStatus(65, "the time lies in the future, or a row is bad"),
            ExitStatus(66, "there is no such file"), AnalyticsNoun.missing,
            ExitStatus(73, "the idempotency key was used for something else"),
        ], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        switch try line[source] {
        case .resource(let reference): try record(reference, session)
        case .standardInput: try record(.dash, session)
        case nil: try record(line[file] ?? .dash, session)
        }
    }

    /// Counts one access, as often as the line says.
    private static func record(_ reference: ResourceReference, _ session: Session) throws {
        let line = session.invocation
        let key = line[CommonOptions.idempotencyKey]
        try Posts.check(key: key)
        let access = try AccessRows.template(session, session.resource(reference))
        let analytics = try session.network().analytics
        let isNew = try analytics.record(Array(repeating: access, count: line[count]), idempotencyKey: key)
        try session.printSummary(
            command.fields, [.integer(Int64(line[count])), .integer(0), .bool(isNew)])
    }

    /// Counts the accesses of a file.
    private static func record(_ file: FileOrDash, _ session: Session) throws {
        let line = session.invocation
        try Posts.check(key: line[CommonOptions.idempotencyKey])
        if line.isGiven(count) {
            throw line.error(.conflict, "\"--count\" is for one access; a file has a row for each", about: count)
        }
        let rows = try AccessRows(session, session.input(of: file))
        let (summary, rejected) = try session.importing(file) { badRows in
            if badRows.policy == .stop { try rows.forEachBatch(badRows) { _ in } }
            return try rows.record(badRows)
        }
        try session.printSummary(
            command.fields, [.integer(Int64(summary.recorded)), rejected, .bool(summary.isChanged)])
    }
}

extension ValueType where Value == AnalyticsRecord.Source {
    /// A resource, or `-`.
    static var accessSource: ValueType<AnalyticsRecord.Source> {
        let resource = ValueType<ResourceReference>.resource
        return ValueType<AnalyticsRecord.Source>(
            resource.kind, placeholder: resource.placeholder, expecting: "\(resource.expectation), or -"
        ) { (word) throws(ValueError) in
            word == "-" ? .standardInput : .resource(try resource.parse(word))
        }
    }
}
