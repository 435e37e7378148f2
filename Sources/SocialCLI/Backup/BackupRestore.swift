// `backup restore`: a data directory out of a backup.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum BackupRestore {
    static let target = Operand(optional: "TARGET", .directory, help: "Where; otherwise --data or ./.social")
    static let backup = Option(
        "backup", .text.named("BACKUP"), configurable: false, help: "Which; otherwise the newest")

    static let command = Command(
        ["backup", "restore"], "Make a data directory out of a backup",
        discussion: """
            Where nothing is yet. Everything is proved on the way, and in the end the digest is that of the backup. \
            The directory has no replicas; what was left out of the backup is made again when it is needed, or by \
            "social feed regenerate". Whoever has followed the former directory by a cursor begins anew.
            """,
        operands: [BackupNoun.place, target], options: [backup],
        examples: [Example("social backup restore backups again", "Make a data directory of the newest backup")],
        fields: [Field("data", .string, "the data directory")] + BackupNoun.fields + [CommonOutput.changed],
        exits: [
            BackupNoun.missing, BackupNoun.unknown, ExitStatus(73, "something else lies there"),
            ExitStatus(74, "the backup is damaged"),
        ], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let place = try session.absolute(line[BackupNoun.place])
        let data = try line[target] ?? line[Globals.data] ?? DataDirectory.defaultName
        let record = try Backups(in: place, context: session.context).restore(line[backup], to: data)
        try session.print(command.fields, [.text(data)] + BackupNoun.cells(record) + [.bool(true)])
    }
}
