// `migrate`: a network moves into another kind of directory: from files to a server and back, to an object store, to
// more shards.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum MigrateVerb {
    static let directory = Operand("DIR", .directory, help: "The new data directory")

    static let command = Command(
        ["migrate"], "Carry the network into a new data directory",
        discussion: """
            Copies what "export --with-records" prints, the settings and the bytes of uploads and films as they are at \
            one moment, then reads all of the new directory and compares its digest. --data is only read, and others \
            may go on writing to it, but what they write from then on is not carried: stop them before a move that \
            counts. Access tokens, services and views are made anew.

            With --store the new network is on a PostgreSQL server, with --objects its uploads are in an object store; \
            where --data has these and the options are left out, the new directory keeps everything in files. A \
            directory, a database or a place in an object store in which something lies is refused. What was \
            interrupted is not whole, and no other command uses it: remove it and begin again.
            """,
        operands: [directory], options: [Init.shards, Init.shared, Init.store, Init.objects],
        examples: [
            Example("social migrate larger --shards 8", "Go on with eight shards"),
            Example(
                "social migrate there --shards 2 --dry-run", "See how much would be carried"),
        ],
        fields: [
            Field("data", .string, "the new data directory"), Field("shards", .integer, "how many shards it has"),
            Field("rows", .integer, "rows of truth"),
            Field("records", .integer, "preferences, messages, counts and other records"),
            Field("objects", .integer, "files of uploads and films"), Field("bytes", .integer, "their bytes"),
            Field("lost", .integer, "files that rows name and that lie nowhere whole"),
            Field("digest", .string, "what \"social digest\" prints of both"), CommonOutput.changed,
        ],
        exits: [
            ExitStatus(1, "files of uploads are lost; everything else is carried"),
            ExitStatus(73, "something lies where the network is to be"),
            ExitStatus(74, "a row is damaged or lost"),
            ExitStatus(75, "others keep changing the network, or a change was left half done"),
        ], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let place = try line[directory]
        let store = try line[Init.store].map { try PostgreSQLAddress($0).text }
        var plan = Network.Plan(isShared: line.isOn(Init.shared), store: store)
        plan.shards = line[Init.shards] ?? (plan.store == nil ? 1 : Limits.serverShards)
        plan.objects = try line[Init.objects].map { try S3Address($0) }
        let migration = Migration(of: try session.network(), to: place, plan, context: session.context)
        try migration.prepare()
        let summary: Migration.Summary
        do { summary = try migration.run() } catch {
            var failure = Failure(error)
            if !session.context.isDryRun { failure.hint = remedy(place, plan) }
            throw failure
        }
        if summary.lostObjects > 0 { session.exit = ExitTable.no }
        try session.printSummary(
            command.fields,
            [
                .text(place), .integer(Int64(plan.shards)), .integer(Int64(summary.digest.rows)),
                .integer(Int64(summary.records)), .integer(Int64(summary.objects)), .integer(summary.objectBytes),
                .integer(Int64(summary.lostObjects)), .text(summary.digest.description), .bool(true),
            ])
    }

    /// How to begin again.
    private static func remedy(_ place: String, _ plan: Network.Plan) -> String {
        let server = plan.store.map { ", make the database of \($0) anew" } ?? ""
        let objects = plan.objects.map { ", empty \($0.text)" } ?? ""
        return "\"\(place)\" is not whole: remove it\(server)\(objects) and run the command again"
    }
}
