// `shard remove`: a shard less; its slots go to the others.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ShardRemove {
    static let shard = Operand("SHARD", .shard, help: "The shard's number")

    static let command = Command(
        ["shard", "remove"], "Move everything off a shard and remove it",
        discussion: """
            The other shards get its slots in proportion to their weights, as "social shard add" moves them. Its files \
            are removed when nothing lies there any more and all feeds know what had happened there; its number is \
            not used again.
            """,
        operands: [shard],
        examples: [Example("social shard add -q && social shard remove 0", "Replace a shard by a new one")],
        fields: ShardMoves.fields, exits: [ShardMoves.busy], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let shard = try session.invocation[shard]
        let change = try network.planRemoving(shard)
        let summary = try session.context.isDryRun ? nil : network.removeShard(shard)
        try ShardMoves.print(session, change, shard: shard, summary)
    }
}
