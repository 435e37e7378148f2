// `backup prune`: old backups go, by rules.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum BackupPrune {
    private static func rule(_ name: String, _ help: String) -> Option<Int> {
        Option(name, .integer(in: 0...100_000), default: 0, help: help)
    }

    static let last = rule("last", "Keep so many of the newest")
    static let daily = rule("daily", "Keep the newest of each of so many days")
    static let weekly = rule("weekly", "Keep the newest of each of so many weeks")
    static let monthly = rule("monthly", "Keep the newest of each of so many months")

    static let command = Command(
        ["backup", "prune"], "Remove the backups that no rule keeps",
        discussion: """
            A backup that any rule keeps stays, and the newest always does; at least one rule has to be given. Days, \
            weeks from Monday on and months are those of UTC that have a backup. What no backup needs any more is \
            removed with them.
            """,
        operands: [BackupNoun.place], options: [last, daily, weekly, monthly],
        examples: [
            Example(
                "social backup prune backups --last 3 --daily 7 --weekly 4 --monthly 12",
                "Keep a few of each age")
        ],
        fields: [
            Field("removed", .integer, "backups that are gone"),
            Field("objects", .integer, "parts that went with them"), CommonOutput.changed,
        ], exits: [BackupNoun.missing], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let place = try session.absolute(line[BackupNoun.place])
        var rules = BackupRules()
        rules.last = line[last]
        rules.daily = line[daily]
        rules.weekly = line[weekly]
        rules.monthly = line[monthly]
        guard [last, daily, weekly, monthly].contains(where: { line.isGiven($0) }) else {
            throw line.missing(
                "nothing says which backups to keep", hint: "social backup prune DIR --daily 7 --weekly 4")
        }
        let gone = try Backups(in: place, context: session.context).prune(rules)
        try session.printSummary(
            command.fields,
            [.integer(Int64(gone.ids.count)), .integer(Int64(gone.objects)), .bool(!gone.ids.isEmpty)])
    }
}
