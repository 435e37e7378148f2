// `shard move`: slots to a shard, by their numbers or by whose they are.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ShardMove {
    static let slots = Operand(zeroOrMore: "SLOT", .slots, help: "Slots, such as 17 or 0-63")
    static let handle = Option(
        "handle", .handle, configurable: false, help: "The slot in which this handle's account lives")
    static let target = Option("to", .shard, configurable: false, help: "The shard that gets them")
    static let shards = Option(
        "shard", .list(of: .shard), configurable: false, help: "Whole shards of a network on servers, such as 3,7")
    static let store = Option(
        "store", .text.named("URL"), configurable: false, help: "The server that gets the shards")

    static let command = Command(
        ["shard", "move"], "Move slots to a shard, or shards to a server",
        discussion: """
            As "social shard add" moves them, online and one after the other. Slots that are there already stay. The \
            next "social shard rebalance" may move others instead, because it looks at how many there are.

            In a network on servers, shards move as a whole, to the server that --store names, as "social shard add \
            --store" moves them.
            """,
        operands: [slots], options: [handle, target, shards, store],
        groups: [ExclusiveGroup(slots, handle, shards, required: true), ExclusiveGroup(target, store)],
        examples: [
            Example("social shard move 0-63 --to 0", "Give 64 slots to shard 0"),
            Example("social shard move --handle ana --to 0 --dry-run", "See what moving a hot account would cost"),
        ],
        fields: ShardMoves.fields, exits: [ShardMoves.busy], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        if let shards = line[shards] {
            guard let store = line[store] else {
                throw line.missing("\"--store\" is missing", hint: "give the server that gets the shards")
            }
            return try ShardMoves.run(session, network, try network.giving(shards, toServer: store))
        }
        guard let target = line[target] else {
            throw line.missing("\"--to\" is missing", hint: "give the number of a shard")
        }
        let own = try line[handle].map { [try network.accounts.named($0).id.slot] }
        let slots = try own ?? line[slots].flatMap { $0 }
        let change = try network.planMoving(slots, to: target)
        let summary = try session.context.isDryRun ? nil : network.moveSlots(slots, to: target)
        try ShardMoves.print(session, change, shard: target, summary)
    }
}
