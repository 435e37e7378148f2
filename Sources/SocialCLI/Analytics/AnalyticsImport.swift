// `analytics import`: logs of web servers become counts, each line once.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum AnalyticsImport {
    enum Viewers: String, CaseIterable, Sendable {
        case agent, address
    }

    static let files = Operand(
        oneOrMore: "FILE", .fileOrDash, help: "Logs, also compressed with gzip; - reads the input")
    static let from = Option(
        "from", .choice(of: AccessLogFormat.self), default: .auto, help: "The form of the lines")
    static let map = Option(
        repeating: "map", .accessRule,
        help: "Count paths that match as this kind; REGEX=KIND:post/$1 as accesses to something else")
    static let viewers = Option(
        "viewers", .choice(of: Viewers.self), default: .agent,
        help: "Tell viewers apart by address and browser (agent), or by address alone")
    static let whole = Switch("whole", help: "Count a last line without an end too: the logs will not grow any more")
    static let follow = Switch("follow", short: "f", help: "Go on while the logs grow, and are rotated")
    static let timeout = Option("timeout", .duration, configurable: false, help: "With --follow, end after this time")

    static let command = Command(
        ["analytics", "import"], "Count the accesses in logs of web servers",
        discussion: """
            Each line counts once. How far a log has been read is stored with its counts, and a log is known by what \
            is in it: it can be read again, after it was renamed, compressed, copied or cut off, by two commands at \
            once, and after a kill, and only what is new is counted. The end of a line that is still being written is \
            left for the next time. So cron may run this over all that is there: access.log access.log.1 \
            access.log.*.gz.

            Requests of GET that succeed are views of their path: of /post/ID, /user/HANDLE, /media/ID, /video/ID/…, \
            /tag/NAME and /search?q=WORDS as what these are, of anything else as the path itself. A segment of a film \
            counts as a segment of its quality, as so much of the film watched, and the first and the last one as \
            start and completion. Requests that are refused or fail are of the kind error, those that are sent \
            elsewhere of the kind redirect, and others of the kind other, so that each line is counted. What says of \
            itself that it is a program is counted as a bot. A request is known to be of the same viewer by a hash \
            of address and browser.

            Lines are read in the common and the combined form, also with the virtual host in front, and as JSON with \
            the names of nginx' variables. Bad ones are left out, and the exit status tells.
            """,
        operands: [files],
        options: [from, map, viewers, whole, follow, timeout, ImportOptions.onError, ImportOptions.rejects],
        groups: [ExclusiveGroup(follow, whole)],
        examples: [
            Example("social analytics import access.log", "Count what is new in a log"),
            Example(
                "social analytics import access.log --map '^/p/([0-9]+)=view:post/$1' --map '^/dl/=download'",
                "Count paths of one's own as posts and downloads"),
            Example(
                "social analytics import access.log --follow --timeout 100ms --format ndjson", "Go on while it grows"),
        ],
        fields: [
            Field("file", .string, "the log"), Field("lines", .integer, "lines that were read"),
            Field("events", .integer, "accesses that were counted"), ImportOptions.rejected,
            Field("known_bytes", .integer, "bytes of the log that had been counted before"),
            Field("counted_bytes", .integer, "bytes of the log that are counted now"), CommonOutput.changed,
        ],
        exits: [
            ExitStatus(65, "a line is bad: it was left out, or nothing behind it was counted"),
            ExitStatus(66, "there is no such file"), ExitStatus(75, "another process counts the same log"),
        ], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let names = try line[files]
        let network = try session.network()
        let work = work(session, network)
        if line.isOn(follow) { return try follow(names, work, session, network) }
        let first = names.first ?? .dash
        _ = try session.importing(first, others: Array(names.dropFirst()), bad: .skip) { badRows in
            func count(_ show: ([Cell]) throws -> Void) throws {
                for file in names {
                    badRows.file = file.name
                    let summary =
                        switch file {
                        case .file(let path): try work.run(path, badRows, network.analytics)
                        case .dash:
                            try work.run(
                                name: file.name, bytes: try session.bytes(of: file), badRows, network.analytics)
                        }
                    try show(cells(summary))
                }
            }
            if session.isQuiet { return try count { _ in } }
            // A reader that has closed its end does not keep the other logs from being counted.
            try session.printList(command.fields) { emit in try count { _ = try emit($0) } }
        }
    }

    private static func work(_ session: Session, _ network: Network) -> AccessLogImport {
        let line = session.invocation
        var work = AccessLogImport()
        work.format = line[from]
        work.rules.rules = line[map]
        work.rules.viewersHaveAgents = line[viewers] == .agent
        work.rules.user = { try network.accounts.find($0)?.id }
        work.rules.film = { id in
            guard let record = try network.media.records(of: [id]).first ?? nil, record.content.segmentation != nil
            else { return nil }
            return try network.films.film(of: record)
        }
        work.isLastLineWhole = line.isOn(whole)
        return work
    }

    private static func follow(
        _ files: [FileOrDash], _ work: AccessLogImport, _ session: Session, _ network: Network
    ) throws {
        let line = session.invocation
        var followers: [LogFollower] = []
        for file in files {
            guard case .file(let path) = file else { throw line.missing("the standard input cannot be followed") }
            guard FileSystem().exists(path) else {
                throw StorageError(.noSuchFile, "cannot read \"\(path)\": no such file or directory")
            }
            followers.append(LogFollower(path, work, network.analytics))
        }
        _ = try session.importing(files.first ?? .dash, others: Array(files.dropFirst()), bad: .skip) { badRows in
            try session.printWatch(
                command.fields, timeout: line[timeout], everyMilliseconds: Limits.followMilliseconds, isEven: true
            ) { _ in
                var rows: [[Cell]] = []
                for (follower, file) in zip(followers, files) {
                    badRows.file = file.name
                    if let summary = try follower.look(badRows) { rows.append(cells(summary)) }
                }
                return session.isQuiet ? [] : rows
            }
        }
    }

    private static func cells(_ summary: AccessLogImport.Summary) -> [Cell] {
        [
            .text(summary.name), .integer(Int64(summary.lines)), .integer(Int64(summary.events)),
            .integer(Int64(summary.rejected)), .integer(Int64(summary.knownBytes)),
            .integer(Int64(summary.countedBytes)), .bool(summary.lines > 0),
        ]
    }
}

extension ValueType where Value == AccessRules.Rule {
    /// A regular expression and a kind of access.
    static var accessRule: ValueType<AccessRules.Rule> {
        ValueType(
            .custom("access-rule"), placeholder: "REGEX=KIND",
            expecting: "a regular expression, = and a kind of access",
            format: { _ in "" }
        ) { (word) throws(ValueError) in
            do throws(AnalyticsError) { return try AccessRules.Rule(word) } catch { throw ValueError(error.message) }
        }
    }
}
