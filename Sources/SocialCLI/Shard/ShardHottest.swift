// `shard hottest`: which slots, or which accounts, make a shard large or busy.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ShardHottest {
    static let accounts = Switch("accounts", help: "List accounts instead of slots")
    static let sort = Option(
        "sort", .choice(of: HotSpots.Measure.self), configurable: false,
        help: "Put those with most of this first; otherwise writes, and followers of accounts")

    static let command = Command(
        ["shard", "hottest"], "List the slots or accounts with the most load",
        discussion: """
            Reads and writes are counted for each slot; see "social help shard list". What slots and accounts have is \
            counted by reading everything, as "social digest" does.

            Under --shard-by user everything of a hot account, its posts and what is read and written of them, lies in \
            the account's slot, and so on one shard. Under --shard-by post its posts lie in many slots, on all shards.
            """,
        options: [accounts, sort, CommonOptions.limit, CommonOptions.all],
        groups: [ExclusiveGroup(CommonOptions.limit, CommonOptions.all)],
        examples: [
            Example("social shard hottest --limit 5", "List the five slots that are written most"),
            Example(
                "social shard hottest --accounts --sort posts --fields account,shard,posts",
                "See which accounts write most, and on which shards they live"),
        ],
        fields: [
            Field("slot", .integer, "the slot, or the one in which the account lives"),
            Field("shard", .integer, "the shard that owns it"),
            Field("account", .string, nullable: true, "the account's handle; null for a slot"),
            Field("reads", .integer, nullable: true, "things looked up in the slot; null for an account"),
            Field("writes", .integer, nullable: true, "changes in the slot; null for an account"),
            Field("posts", .integer, "posts that lie there, or that the account has written"),
            Field("followers", .integer, "to how many each post goes; of a slot, those of all who live there"),
            Field("bytes", .integer, "bytes of its rows, without the space between them and without indexes"),
        ], handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let isOfAccounts = line.isOn(accounts)
        let measure = line[sort] ?? (isOfAccounts ? .followers : .writes)
        if isOfAccounts, measure.isOfSlots {
            throw line.error(
                .conflict, "\(measure.rawValue) are counted for slots, not for accounts", about: sort,
                hint: "sort accounts by posts, followers or bytes")
        }
        let network = try session.network()
        let spots = try network.hotSpots()
        let ranked = isOfAccounts ? spots.accounts(by: measure) : spots.slots(by: measure)
        let limit = CommonOptions.limit(line)
        try session.printList(command.fields) { emit in
            for spot in ranked.prefix(limit) {
                guard try emit(cells(spot, network)) else { return }
            }
        }
        try session.noteCut(after: min(ranked.count, limit), of: limit) { ranked.count - limit }
    }

    private static func cells(_ spot: HotSpots.Spot, _ network: Network) throws -> [Cell] {
        let shard = network.router.shard(of: spot.slot)
        // Not by the slot, where it would be counted.
        let account = try spot.account.flatMap { id in try network.router.read(shard: shard) { try $0.account(id) } }
        return [
            .integer(Int64(spot.slot.index)), .integer(Int64(shard)), .text(orNull: account?.handle.display),
            .integer(orNull: spot.load.map { Int64($0.reads) }), .integer(orNull: spot.load.map { Int64($0.writes) }),
            .integer(Int64(spot.posts)), .integer(Int64(spot.followers)), .integer(Int64(spot.bytes)),
        ]
    }
}
