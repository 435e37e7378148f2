// `upload gc`: remove objects that nothing refers to.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UploadGC {
    static let command = Command(
        ["upload", "gc"], "Remove bytes that no upload refers to",
        discussion: """
            Also what uploads have left that were stopped. Others upload meanwhile as always. For cron: it is \
            idempotent, and silent with --quiet.
            """,
        examples: [Example("social upload gc --dry-run", "Say what would be removed")],
        fields: [
            Field("objects", .integer, "objects that nothing refers to"), Field("bytes", .integer, "their bytes"),
            Field("temporaries", .integer, "files that a stopped upload has left"), CommonOutput.changed,
        ],
        exits: [ExitStatus(75, "an upload or another gc has been at work for longer than --lock-wait")],
        isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let collection = try session.network().uploads.keeping.collect()
        try session.printSummary(
            command.fields,
            [
                .integer(Int64(collection.objects)), .integer(collection.sizeBytes),
                .integer(Int64(collection.temporaries)), .bool(collection.objects + collection.temporaries > 0),
            ])
    }
}
