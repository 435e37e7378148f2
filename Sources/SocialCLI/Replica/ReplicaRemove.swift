// `replica remove`: one copy less.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ReplicaRemove {
    static let directory = Operand("DIR", .directory, help: "The directory of the replica")

    static let command = Command(
        ["replica", "remove"], "Remove a replica and what it holds",
        discussion: """
            Whether the replica can still be reached does not matter; the ones that stay must be enough for a write. \
            The quorums stay as they are if they still fit, and are those of a majority otherwise.
            """,
        operands: [directory],
        examples: [
            Example(
                "social replica add second -q && social replica remove second",
                "Keep one copy less")
        ],
        fields: ReplicaNoun.fields + [CommonOutput.changed], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let place = session.absolute(try session.invocation[directory])
        try session.confirm("remove the replica in \"\(place)\" and what it holds?")
        let replication = try network.removeReplica(place)
        try session.print(command.fields, ReplicaNoun.cells(network.directory, replication) + [.bool(true)])
    }
}
