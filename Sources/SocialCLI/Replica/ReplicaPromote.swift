// `replica promote`: the newest copy takes the place of the data directory's own.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ReplicaPromote {
    static let place = Operand(
        optional: "DIR", .directory, help: "The directory of the replica; otherwise any that has everything")
    static let shard = Option(
        "shard", .integer(in: 0...Limits.shards.upperBound), configurable: false, help: "Only this shard")

    static let command = Command(
        ["replica", "promote"], "Put a replica's copy in the place of the data directory's own",
        discussion: """
            For a data directory whose truth is lost, damaged or older than its replicas. So many logs are read that \
            every acknowledged change is known; the newest is followed to its end, and its epoch is raised, so that \
            nobody goes on from an older state. Where the whole data directory is gone, \"social init DIR --recover\" \
            makes a new one.
            """,
        operands: [place], options: [shard],
        examples: [
            Example(
                "social replica add second -q && social replica promote", "Go on from the newest copies")
        ],
        fields: [
            Field("shard", .integer, "the shard's number"), Field("place", .string, "whose copy was taken"),
            CommonOutput.changed,
        ], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let done = try session.network().promote(shard: line[shard], from: line[place].map(session.absolute))
        try session.printList(command.fields) { emit in
            for (shard, place) in done {
                guard try emit([.integer(Int64(shard)), .text(place), .bool(true)]) else { return }
            }
        }
    }
}
