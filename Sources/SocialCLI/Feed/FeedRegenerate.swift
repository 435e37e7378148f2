// `feed regenerate`: make cached feeds current, whole and durable; for cron.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FeedRegenerate {
    static let handles = Operand(zeroOrMore: "HANDLE", .handle, help: "Whose feeds; none: everyone's")
    static let full = Switch("full", help: "Build all feeds afresh instead of going on from the last run")
    static let active = Switch("active", help: "Leave out those who were not active within feed.active-window")
    static let budget = Option("budget", .duration, help: "Stop after this time; the next run goes on")
    static let jobs = Option(
        "jobs", .integer(in: 1...Limits.jobs), help: "Build on so many cores; default: all")

    static let command = Command(
        ["feed", "regenerate"], "Bring cached feeds up to date",
        discussion: """
            Goes on from where the last run ended, with those who were active last first, and loses nothing when it is \
            interrupted. Feeds that are not kept up because their readers have not been active are filled too; \
            --active leaves them to be read from the truth. Prints one summary, or nothing under --quiet. While \
            another run is at work it waits for --lock-wait, then exits with 75.
            """,
        operands: [handles], options: [full, active, budget, jobs],
        examples: [
            Example("social feed regenerate", "Bring all feeds up to date"),
            Example("social feed regenerate --active --budget 20s", "Work for 20 seconds at most"),
            Example("*/5 * * * * social --data /srv/social feed regenerate -q", "The same from cron, silently"),
        ],
        fields: FeedWork.fields, exits: [ExitStatus(75, "another run is at work")], isChange: true,
        handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let readers = try line[handles].map { try network.accounts.named($0).id }
        var plan = FeedRegeneration.Plan(isFull: line.isOn(full), onlyActive: line.isOn(active))
        plan.deadline = line[budget].map { network.context.clock.now.advanced(byMilliseconds: $0) }
        if let jobs = line[jobs] { plan.jobs = jobs }
        let summary = try network.feeds.regenerate(readers.isEmpty ? nil : readers, plan)
        try session.printSummary(command.fields, FeedWork.cells(summary))
    }
}

/// What verbs that bring feeds up to date print.
enum FeedWork {
    static let fields = [
        Field("feeds", .integer, "feeds filled from the truth"),
        Field("entries", .integer, "log entries applied"),
        Field("deliveries", .integer, "posts put into feeds"),
        Field("rebuilt_shards", .integer, "shards whose feeds were built afresh"),
        Field("left", .integer, "feeds left for the next run, because the time was up"),
        Field("complete", .boolean, "whether all work is done"),
    ]

    static func cells(_ summary: Feeds.Summary) -> [Cell] {
        [
            .integer(Int64(summary.feeds)), .integer(Int64(summary.entries)), .integer(Int64(summary.deliveries)),
            .integer(Int64(summary.rebuiltShards)), .integer(Int64(summary.left)), .bool(summary.isComplete),
        ]
    }
}
