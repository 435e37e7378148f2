// `shard rebalance`: to each shard its share, and an end to what was left half done.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ShardRebalance {
    static let weights = Option(
        repeating: "weight", .shardWeight, configurable: false, help: "Give a shard another weight, such as 2=3")

    static let command = Command(
        ["shard", "rebalance"], "Give every shard its share of the slots",
        discussion: """
            First goes on with moves that were interrupted. Then as few slots move as must, for each shard to have \
            its share by weight; none, when that is so already. A shard of weight 0 is drained: it keeps its place and \
            owns nothing.
            """,
        options: [weights],
        examples: [
            Example("social shard rebalance", "Even out the shards, or go on where a move was interrupted"),
            Example("social shard rebalance --weight 0=2 --dry-run", "See what a larger share of shard 0 would move"),
        ],
        fields: ShardMoves.fields, exits: [ShardMoves.busy], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let weights = session.invocation[weights].map { (shard: $0.shard, weight: $0.weight) }
        let change = try network.planRebalancing(weights)
        let summary = try session.context.isDryRun ? nil : network.rebalance(weights)
        try ShardMoves.print(session, change, shard: nil, summary)
    }
}
