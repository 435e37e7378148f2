// `verify`: is everything all right?

internal import CommandSpec
internal import Formats
internal import SocialCore

enum Verify {
    static let command = Command(
        ["verify"], "Check everything in the data directory",
        discussion: """
            Rows against their hashes, counts and sums, references, slots, the logs, and cached feeds against the \
            truth. Nothing is repaired; each finding names what does that. When nothing is found, the files that were \
            kept of an older format of the directory are removed.
            """,
        examples: [Example("social verify && echo 'all right'", "Check everything")],
        fields: fields, exits: [ExitStatus(1, "something was found")], handler: Verb(isBulk: true, run))

    static let fields = [
        Field("code", .string, "a stable name"), Field("severity", .string, "damage or stale"),
        Field("place", .string, "where"), Field("message", .string, "what was found"),
        Field("repair", .array, nullable: true, "the arguments of the command that repairs it"),
    ]

    private static func run(_ session: Session) throws { try print(session, session.network().verify()) }

    /// Prints what was found, if anything.
    static func print(_ session: Session, _ findings: [Finding]) throws {
        try session.printList(fields) { emit in
            for finding in findings {
                let repair = finding.repair.map { Cell.json(.array($0.map(JSONValue.string))) } ?? .null
                let cells: [Cell] = [
                    .text(finding.code), .text(finding.severity.rawValue), .text(finding.place),
                    .text(finding.message), repair,
                ]
                guard try emit(cells) else { return }
            }
        }
        if !findings.isEmpty { session.exit = ExitTable.no }
    }
}
