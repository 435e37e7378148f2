// `replica repair`: lost, stale and damaged copies made as good as new.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ReplicaRepairVerb {
    static let place = Operand(optional: "DIR", .directory, help: "The directory of one replica; otherwise all")

    static let command = Command(
        ["replica", "repair"], "Make replicas as good as new",
        discussion: """
            Every row of every copy is looked at. A copy that has only missed changes takes them from the log; one \
            that is lost, damaged or split is copied afresh from the data directory, and a directory that is gone is \
            made again. The data directory itself is repaired with \"social replica promote\".
            """,
        operands: [place],
        examples: [
            Example(
                "social replica add second -q && rm -r second && social replica repair", "Make a lost copy again")
        ],
        fields: [
            Field("place", .string, "the directory"), Field("shard", .integer, "the shard's number"),
            Field("repair", .string, "none, log or copy: what was done"), CommonOutput.changed,
        ], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let named = try session.invocation[place].map(session.absolute)
        let done = try session.network().repairReplicas(named)
        try session.printList(command.fields) { emit in
            for work in done {
                let cells: [Cell] = [
                    .text(work.place), .integer(Int64(work.shard)), .text(work.repair.rawValue),
                    .bool(work.repair != .none),
                ]
                guard try emit(cells) else { return }
            }
        }
    }
}
