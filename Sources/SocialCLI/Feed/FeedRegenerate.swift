// `feed regenerate`: make cached feeds current and durable; for cron.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FeedRegenerate {
    static let handles = Operand(zeroOrMore: "HANDLE", .handle, help: "Whose feeds; none: everyone's")
    static let full = Switch("full", help: "Build all feeds afresh instead of going on from the last run")

    static let command = Command(
        ["feed", "regenerate"], "Bring cached feeds up to date",
        discussion: """
            Goes on from where the last run ended, and loses nothing when it is interrupted. Prints one summary, or \
            nothing under --quiet. While another run is at work it waits for --lock-wait, then exits with 75.
            """,
        operands: [handles], options: [full],
        examples: [
            Example("social feed regenerate", "Bring all feeds up to date"),
            Example("*/5 * * * * social --data /srv/social feed regenerate -q", "The same from cron, silently"),
        ],
        fields: [
            Field("feeds", .integer, "feeds filled from the truth"),
            Field("entries", .integer, "log entries applied"),
            Field("deliveries", .integer, "posts put into feeds by those entries"),
            Field("rebuilt_shards", .integer, "shards whose feeds were built afresh"),
            Field("complete", .boolean, "whether all work is done"),
        ], exits: [ExitStatus(75, "another run is at work")], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let names = try session.invocation[handles]
        let readers = try names.map { try network.accounts.named($0).id }
        let summary = try network.feeds.regenerate(
            names.isEmpty ? nil : readers, isFull: session.invocation.isOn(full))
        try session.printSummary(
            command.fields,
            [
                .integer(Int64(summary.feeds)), .integer(Int64(summary.entries)), .integer(Int64(summary.deliveries)),
                .integer(Int64(summary.rebuiltShards)), .bool(true),
            ])
    }
}
