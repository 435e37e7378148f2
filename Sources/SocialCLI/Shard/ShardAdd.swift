// `shard add`: one more shard, which gets its share of the slots.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ShardAdd {
    static let weight = Option(
        "weight", .integer(in: Limits.shardWeight), default: 1, help: "Its share, against the other shards' weights")
    static let store = Option(
        "store", .text.named("URL"), configurable: false,
        help: "Give this server its share of the shards of a network on servers")
    static let place = Option(
        "dir", .directory, configurable: false, help: "Keep its files in this empty directory, maybe on another disk")

    static let command = Command(
        ["shard", "add"], "Add a shard and move its share of the slots there",
        discussion: """
            Slots move one after the other while everybody goes on reading and writing; only those move that the new \
            shard gets. Each is copied, then what has changed meanwhile goes after it, and for a few milliseconds what \
            is to be written in it waits. When the command is interrupted, nothing is lost, and the next \
            \"social shard rebalance\" goes on. No id changes.

            In a network on servers the number of shards stays, and --store adds a server: its share of the \
            shards, and with them their slots, moves there from the servers that have most. The rows are copied, \
            logical replication brings what changes meanwhile, and what is to be written waits for a few \
            milliseconds at the end. The servers must reach each other under the addresses that the network knows, \
            write their logs with wal_level=logical, and let the user of the address make publications and \
            subscriptions.
            """,
        options: [weight, place, store], groups: [ExclusiveGroup(place, store)],
        examples: [
            Example("social shard add", "Add a shard with the same share as the others"),
            Example("social shard add --weight 2 --dry-run", "See what a shard twice as large would get"),
        ], fields: ShardMoves.fields, exits: [ShardMoves.busy], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let weight = session.invocation[weight]
        if let store = session.invocation[store] {
            return try ShardMoves.run(session, network, try network.sharing(withServer: store, weight: weight))
        }
        let place = session.invocation[place].map(session.absolute)
        let change = try network.planAdding(weight: weight, in: place)
        let done = try session.context.isDryRun ? nil : network.addShard(weight: weight, in: place)
        try ShardMoves.print(session, change, shard: done?.shard ?? change.added, done?.summary)
    }
}
