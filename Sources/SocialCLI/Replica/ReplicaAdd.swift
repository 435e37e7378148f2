// `replica add`: one copy more.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ReplicaAdd {
    static let directory = Operand(
        "DIR", .directory, help: "An empty directory, or one to be made; best on another disk")

    static let command = Command(
        ["replica", "add"], "Add a replica",
        discussion: """
            Copies all shards to the directory; from then on every change is written there too. The quorums stay as \
            they are if every read still meets every write, and are those of a majority otherwise. Writers wait \
            meanwhile.
            """,
        operands: [directory], options: [QuorumOptions.write, QuorumOptions.read],
        examples: [Example("social replica add second", "Keep a second copy")],
        fields: ReplicaNoun.fields + [CommonOutput.changed], exits: [ExitStatus(73, "something lies there")],
        isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let network = try session.network()
        let place = try session.absolute(line[directory])
        let isThere = network.manifest.replication?.places.contains(place) ?? false
        let replication = try network.addReplica(
            place, writeQuorum: line[QuorumOptions.write], readQuorum: line[QuorumOptions.read])
        try session.print(command.fields, ReplicaNoun.cells(network.directory, replication) + [.bool(!isThere)])
    }
}
