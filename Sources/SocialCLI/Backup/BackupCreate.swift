// `backup create`: a copy of everything as it is now.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum BackupCreate {
    static let command = Command(
        ["backup", "create"], "Back everything up as it is now",
        discussion: """
            All shards at one moment, while others go on writing: they wait for a few milliseconds, not for the copy. \
            What can be made again is left out: cached feeds, indexes, inboxes, thumbnails.

            A folder holds any number of backups, and each part once: blocks of 256 KiB of the databases, and uploads, \
            under the hash of what they hold. The next backup writes only what has changed. While one is made nothing \
            is removed by "upload gc".

            Backups hold what people wrote to each other, and the hashes of their tokens: keep them as safe as the \
            data directory. What was deleted since is still in them, until they are pruned.
            """,
        operands: [BackupNoun.place],
        examples: [
            Example("social backup create backups", "Back up into a folder"),
            Example(
                "social backup create backups -q && social backup prune backups --daily 7 --weekly 4",
                "What cron does each night"),
        ],
        fields: BackupNoun.fields + [Field("new_bytes", .integer, "bytes that no backup before it held")],
        exits: [ExitStatus(73, "something else lies there"), ExitStatus(74, "a row or an upload is damaged")],
        handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let place = try session.absolute(session.invocation[BackupNoun.place])
        let made = try Backups(in: place, context: session.context).create(of: session.network())
        try session.printSummary(
            command.fields, BackupNoun.cells(made.record) + [.integer(Int64(made.newBytes))])
    }
}
