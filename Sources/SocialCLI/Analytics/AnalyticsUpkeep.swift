// `analytics status` and `analytics prune`: do counts add up, and how finely are old ones kept?

internal import CommandSpec
internal import Formats
internal import SocialCore

enum AnalyticsStatusVerb {
    static let deep = Switch("deep", help: "Read every count, and add up all of them")
    static let sources = Switch("sources", help: "List the logs that have been counted instead")

    static let command = Command(
        ["analytics", "status"], "Tell what is counted, and whether it adds up",
        discussion: """
            What all time has must be what its days have, and what came from logs and from commands. With --deep this \
            is looked at for every resource, and every byte of every count is read.
            """,
        options: [deep, sources], groups: [ExclusiveGroup(deep, sources)],
        examples: [
            Example("social analytics status --deep", "Check every count"),
            Example("social analytics status --sources", "List the logs"),
        ],
        fields: [
            Field("events", .integer, "accesses that are counted"),
            Field("from_logs", .integer, "accesses that came from logs"),
            Field("resources", .integer, "resources, added up over the shards"),
            Field("first_day", .string, nullable: true, "the first day that is told of"),
            Field("last_day", .string, nullable: true, "the last one"),
            Field("minute_pages", .integer, "pages that tell of minutes"),
            Field("hour_pages", .integer, "pages that tell of hours"),
            Field("day_pages", .integer, "pages that tell of days"), Field("bytes", .integer, "what the records take"),
            Field("sources", .integer, "logs that have been counted"),
            Field("problems", .array, "what does not add up, or is damaged"),
        ],
        exits: [ExitStatus(1, "something does not add up, or is damaged")], handler: Verb(isBulk: true, run))

    /// What `--sources` prints.
    static let sourceFields = [
        Field("source", .integer, "the number of the log in its shard"), Field("shard", .integer, "the shard"),
        Field("name", .string, "where it was read last"), Field("bytes", .integer, "how far it has been counted"),
        Field("lines", .integer, "lines that were read"), Field("events", .integer, "accesses that were counted"),
        Field("rejected", .integer, "lines that were bad"), Field("first_at", .time, "when it was first read"),
        Field("last_at", .time, "when it was last read"),
    ]

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let status = try session.network().analytics.status(isDeep: line.isOn(deep))
        if line.isOn(sources) {
            return try session.printList(sourceFields) { emit in
                for (shard, source) in status.sources {
                    let cells: [Cell] = [
                        .integer(source.id), .integer(Int64(shard)), .text(source.name), .integer(Int64(source.offset)),
                        .integer(Int64(source.lines)), .integer(Int64(source.events)),
                        .integer(Int64(source.rejected)), .time(source.firstAt.text), .time(source.lastAt.text),
                    ]
                    if try !emit(cells) { return }
                }
            }
        }
        if !status.problems.isEmpty { session.exit = 1 }
        let problems = JSONValue.array(status.problems.map { .string("shard \($0.shard): \($0.message)") })
        try session.print(
            command.fields,
            [
                .integer(status.events), .integer(status.fromLogs), .integer(Int64(status.resources)),
                date(status.days?.lowerBound), date(status.days?.upperBound), .integer(Int64(status.grains[0])),
                .integer(Int64(status.grains[1])), .integer(Int64(status.grains[2])),
                .integer(Int64(status.sizeBytes)), .integer(Int64(status.sources.count)),
                .json(problems),
            ])
    }

    private static func date(_ day: Int64?) -> Cell {
        day.map { .text(String(RFC3339.format($0 * 86_400_000).prefix(10))) } ?? .null
    }
}

enum AnalyticsPrune {
    static let standard = Analytics.Retention.standard
    static let minutes = Option(
        "minutes", .duration, default: standard.minutesMilliseconds, help: "Tell of minutes for this time")
    static let hours = Option(
        "hours", .duration, default: standard.hoursMilliseconds, help: "Tell of hours for this time")
    static let days = Option("days", .duration, help: "Tell of days for this time; otherwise for ever")

    static let command = Command(
        ["analytics", "prune"], "Keep old counts less finely",
        discussion: """
            Counts of minutes become counts of hours when they are old, and these counts of days; with --days what is \
            older is kept as one sum. No access is forgotten, only when exactly it was: count and top over all time \
            stay what they are. For cron: it is idempotent, silent with --quiet, and a run that was stopped is gone on \
            with by the next.
            """,
        options: [minutes, hours, days],
        examples: [
            Example("social analytics prune", "Keep minutes for a week, and hours for 400 days"),
            Example("social analytics prune --minutes 2d --hours 90d --days 1000d --quiet", "Keep less"),
        ],
        fields: [
            Field("pages_before", .integer, "pages that were merged"),
            Field("pages_after", .integer, "pages that came of them"),
            Field("forgotten_days", .integer, "days that are no longer told of"),
            CommonOutput.changed,
        ], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let retention = Analytics.Retention(
            minutesMilliseconds: line[minutes], hoursMilliseconds: line[hours], daysMilliseconds: line[days])
        let pruning = try session.network().analytics.prune(retention)
        let pages: [Cell] = [.integer(Int64(pruning.pagesBefore)), .integer(Int64(pruning.pagesAfter))]
        let days = Cell.integer(Int64(pruning.forgottenDays))
        try session.printSummary(command.fields, pages + [days, .bool(pruning.pagesBefore > 0)])
    }
}
