// `replica status`: how each copy is.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ReplicaStatusVerb {
    static let deep = Switch("deep", help: "Look at every row of every copy, not at logs and positions alone")

    static let command = Command(
        ["replica", "status"], "Show the state of every replica",
        discussion: """
            A replica is ok when its log holds everything; behind when it has missed changes, which the next write or \
            \"social replica repair\" brings; lost when its directory or its files are gone; damaged when they are not \
            what they should be; split when it holds a change that the others do not have. The data directory itself \
            comes first. What lies in the copies is only looked at with --deep.
            """,
        options: [deep],
        examples: [
            Example("social replica status", "See whether all copies are there"),
            Example(
                "social replica status --deep --json | jq 'map(select(.state != \"ok\"))'", "List what needs a repair"),
        ],
        fields: [
            Field("place", .string, "the directory"), Field("role", .string, "leader or replica"),
            Field("shard", .integer, "the shard's number"),
            Field("state", .string, "ok, behind, lost, damaged or split"),
            Field("problem", .string, nullable: true, "what is wrong"),
            Field("epoch", .integer, nullable: true, "the number of promotions its log has seen"),
            Field("sequence", .integer, nullable: true, "the number of commits its log has seen"),
            Field("lag", .integer, nullable: true, "commits that it has missed"),
            Field("bytes", .integer, "bytes of its log and its copy"),
        ], exits: [ExitStatus(1, "a replica is not ok")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let all = try session.network().replicaStatus(isDeep: session.invocation.isOn(deep))
        try session.printList(command.fields) { emit in
            for status in all {
                let cells: [Cell] = [
                    .text(status.place), .text(status.isLeader ? "leader" : "replica"), .integer(Int64(status.shard)),
                    .text(status.state.rawValue), .text(orNull: status.problem),
                    .integer(orNull: status.position?.epoch), .integer(orNull: status.position?.sequence),
                    .integer(orNull: status.lag), .integer(Int64(status.bytes)),
                ]
                guard try emit(cells) else { return }
            }
        }
        if all.contains(where: { $0.state != .ok }) { session.exit = ExitTable.no }
    }
}
