// `import`: an export becomes a network again.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ImportVerb {
    static let file = Operand("FILE", .fileOrDash, help: "An export; - is the standard input")
    static let ifExists = Option(
        "if-exists", .choice(of: Import.Existing.self), default: .error,
        help: "Where another row stands in a row's place: stop, keep it, or replace it")
    static let shiftToNow = Switch(
        "shift-to-now", help: "Move all times, and ids with them, so that the latest is just before now")
    static let onError = Option(
        "on-error", .choice(of: BadRows.Policy.self),
        help: "A bad row stops the import, is skipped, or is reported and skipped")

    static let command = Command(
        ["import"], "Import an export or a fixture",
        discussion: """
            Into an empty directory with any number of shards it makes a network with the same digest. Rows that are \
            there already are passed over, so an import that was interrupted is simply repeated. Rows are stored as \
            they are read; when one of them stops the import, the error says how many are stored. --shift-to-now keeps \
            a fixture's feeds fresh: all times move by the same amount, so order and slots are kept; ids are others \
            then, a command that is repeated under an idempotency key is refused, and the standard input is held in \
            memory.

            Records are treated as rows are: what is there already is passed over, so nothing is counted twice. What \
            has been counted further here since stands in the place of what is to come, and so do days that were \
            forgotten since. An export with records cannot be moved in time.
            """,
        operands: [file], options: [ifExists, shiftToNow, onError, ImportOptions.rejects, ImportOptions.batchSize],
        examples: [
            Example(
                "social fixture generate --users 50 --posts 200 --seed 7 | social import - --shift-to-now",
                "Make a network with fresh feeds"),
            Example(
                "social export | gzip > all.ndjson.gz && social import all.ndjson.gz", "See that everything is there"),
        ],
        fields: [
            Field("rows", .integer, "rows of the export"), Field("added", .integer, "rows that are new"),
            Field("ignored", .integer, "rows that were kept out by others in their place, or by what was deleted"),
            ImportOptions.rejected, CommonOutput.changed,
        ],
        exits: [
            ExitStatus(65, "a row is bad, or the export is of a network that is sharded by something else"),
            ExitStatus(73, "another row stands in a row's place"),
        ], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let source = try line[file]
        let (summary, rejected) = try session.importing(source) { badRows in
            try session.change { network in
                var work = network.import
                work.existing = line[ifExists]
                work.shiftsToNow = line.isOn(shiftToNow)
                if let size = line[ImportOptions.batchSize] { work.batchRows = size }
                return try work.run(try opening(source, twice: work.shiftsToNow, session), badRows)
            }
        }
        try session.printSummary(
            command.fields,
            [
                .integer(Int64(summary.rows)), .integer(Int64(summary.added)), .integer(Int64(summary.ignored)),
                rejected,
                .bool(summary.added > 0),
            ])
    }

    /// What begins to read the export, inflated; the standard input is kept only when it must be read twice.
    private static func opening(
        _ source: FileOrDash, twice: Bool, _ session: Session
    ) throws -> () throws -> ChunkSource {
        if case .dash = source, !twice { return { Gzip.inflating(session.world.readInput) } }
        let input = try session.input(of: source)
        return { try input.open() }
    }
}
