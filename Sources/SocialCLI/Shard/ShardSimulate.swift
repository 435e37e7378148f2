// `shard simulate`: what the ways to place keys on shards cost, when all goes well, when a shard is added, and when one
// fails.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum ShardSimulate {
    private static let standard = ShardSimulation()

    static let shards = Option(
        "shards", .integer(in: Limits.shards), configurable: false,
        help: "How many shards; otherwise those of the data directory, or 4 without one")
    static let accounts = Option(
        "accounts", .integer(in: Limits.placedAccounts), default: standard.accounts, help: "How many accounts")
    static let posts = Option(
        "posts", .integer(in: Limits.placedPosts), default: standard.posts, help: "How many posts")
    static let skew = Option(
        "skew", .number(in: 0...4), default: 1,
        help: "The account of rank n writes, or is read, in proportion to 1/n^X")
    static let points = Option(
        "points", .integer(in: Limits.ringPoints), default: standard.points, help: "Points of a shard on a ring")
    static let bound = Option(
        "bound", .number(in: 1...100), default: 1.25, help: "The most that a bounded shard holds, against the mean")
    static let shardBy = Option(
        "shard-by", .choice(of: Placement.self), help: "Only with posts at their author (user), or spread (post)")
    static let chart = Option(
        "chart", .choice(of: Measure.self, placeholder: "FIELD"), bare: .failureGrowth, configurable: false,
        help: "Print a bar chart of one field; on its own of failure_growth")

    /// What a chart can show.
    enum Measure: String, CaseIterable, Sendable {
        case keyBalance = "key_balance"
        case writeBalance = "write_balance"
        case readBalance = "read_balance"
        case addMoved = "add_moved"
        case removeMoved = "remove_moved"
        case hottestWrites = "hot_writes"
        case failureGrowth = "failure_growth"
        case failureLargestShare = "failure_largest_share"
    }

    static let command = Command(
        ["shard", "simulate"], "Compare strategies of placing keys on shards",
        discussion: """
            Places a made-up network. Under user the keys are accounts, and posts lie with their author; under post \
            each post is a key of its own. Accounts write, and are read, as Zipf's law says (--skew); who writes much \
            is read much, but not in quite the same order. A read is that of one post by its id, as feeds make them, \
            and there are 10 for each post. Chance comes from --seed (otherwise 0), and the numbers are the same on \
            every machine.

            modulo is the key modulo the number of shards. ring is consistent hashing: each shard has --points points \
            on a ring, and a key belongs to the next one; ring-1 has one point a shard, and with ring-bounded a key \
            whose shard already holds --bound times the mean goes on to the next that does not. jump is jump hash: \
            when a shard goes, the last one takes its number. With rendezvous the shard with the highest hash of key \
            and shard wins. slots are the 4,096 slots of this program, dealt evenly.

            A balance is the greatest load of a shard against the mean: 1 is even. Adding a shard must move 1/(N+1) of \
            the keys; removing one, those that lay there. Keys that move between two shards which stay are moved for \
            nothing.

            The shard that fails is the one with the most requests. failure_growth tells how many times its former \
            requests the worst affected shard gets then. If all were at full capacity, N/(N-1) would be the least; \
            where one neighbour has to take everything (failure_largest_share is 1) it falls next, and the thundering \
            herd moves on to its neighbour.

            Under user all that the busiest account writes falls on one shard, and a page of its posts is read from \
            there; under post it is gathered from all shards that may have some.
            """,
        options: [shards, accounts, posts, skew, points, bound, shardBy, chart],
        groups: [ExclusiveGroup(chart, Globals.json, Globals.format)],
        examples: [
            Example("social shard simulate --shards 4 --chart", "See where the thundering herd goes"),
            Example(
                "social shard simulate --shards 64 --json | jq '.[] | {strategy, shard_by, key_balance, add_moved}'",
                "Compare balance and movement on 64 shards"),
            Example(
                "social shard simulate --shards 8 --skew 1.2 --chart=hot_writes",
                "Compare what the busiest account costs its shard"),
        ], fields: fields, handler: Verb(isBulk: true, run))

    private static let fields = [
        Field("strategy", .string, "how a key finds its shard"),
        Field("shard_by", .string, "user or post: what the keys are"),
        Field("shards", .integer, "how many shards there are"),
        Field("points", .integer, nullable: true, "points of a shard on the ring"),
        Field("bound", .number, nullable: true, "the most that a shard may hold, against the mean"),
        Field("keys", .integer, "how many keys are placed"),
        Field("key_balance", .number, "keys of the fullest shard against the mean"),
        Field("write_balance", .number, "the most writes of a shard against the mean"),
        Field("read_balance", .number, "the most reads of a shard against the mean"),
        Field("add_moved", .number, "share of the keys that move when a shard is added"),
        Field("add_ideal", .number, "share that must"),
        Field("add_needless", .number, "share that moves between shards which were there before"),
        Field("remove_moved", .number, nullable: true, "share of the keys that move when a shard is removed"),
        Field("remove_ideal", .number, nullable: true, "share that must: what lay there"),
        Field("remove_needless", .number, nullable: true, "share that moves between shards which stay"),
        Field("hot_writes", .number, "most writes of the busiest account on one shard, against a shard's mean"),
        Field("hot_shards", .integer, "shards from which a page of the busiest account is gathered"),
        Field("failure_growth", .number, nullable: true, "most that a shard's requests grow when one fails"),
        Field(
            "failure_largest_share", .number, nullable: true, "largest share of its requests that one other takes"),
        Field("failure_shards", .integer, nullable: true, "shards that take some of them"),
    ]

    private static func run(_ session: Session) throws {
        let line = session.invocation
        var simulation = standard
        simulation.shards = try shardCount(session)
        simulation.accounts = line[accounts]
        simulation.posts = line[posts]
        simulation.skewThousandths = Int((line[skew] * 1_000).rounded())
        simulation.points = line[points]
        simulation.boundThousandths = Int((line[bound] * 1_000).rounded())
        simulation.seed = UInt64(line[Globals.seed] ?? 0)
        let placements = line[shardBy].map { [$0] } ?? Placement.allCases
        if let measure = line[chart] {
            var bars: [BarChart.Bar] = []
            for placement in placements {
                simulation.forEachCost(placement, observer: session.context.observer) { bars.append(bar($0, measure)) }
            }
            let text = BarChart.text(bars, columns: session.world.terminal.columns)
            _ = try session.world.output.write("\(measure.rawValue)\n\(text)")
            return
        }
        try session.printList(fields) { emit in
            for placement in placements {
                var isOpen = true
                try simulation.forEachCost(placement, observer: session.context.observer) { cost in
                    if isOpen { isOpen = try emit(cells(cost)) }
                }
                if !isOpen { return }
            }
        }
    }

    private static func shardCount(_ session: Session) throws -> Int {
        if let count = session.invocation[shards] { return count }
        let isSomewhere =
            try session.invocation[Globals.data] != nil
            || DataDirectory.find(from: session.world.workingDirectory) != nil
        return isSomewhere ? try session.network().manifest.map.shards.count : standard.shards
    }

    private static func cells(_ cost: ShardCost) -> [Cell] {
        let what: [Cell] = [
            .text(cost.strategy.rawValue), .text(cost.placement.rawValue), .integer(Int64(cost.shards)),
            .integer(orNull: cost.points.map(Int64.init)),
            number(cost.boundThousandths.map { Ratio($0, of: 1_000) }), .integer(Int64(cost.keys)),
        ]
        let ratios = [
            cost.keyBalance, cost.writeBalance, cost.readBalance, cost.added.moved, cost.added.ideal,
            cost.added.needless, cost.removed?.moved, cost.removed?.ideal, cost.removed?.needless,
            cost.hottestWrites,
        ]
        return what + ratios.map(number) + [
            .integer(Int64(cost.hottestShards)), number(cost.failure?.growth), number(cost.failure?.largestShare),
            .integer(orNull: cost.failure.map { Int64($0.gaining) }),
        ]
    }

    private static func number(_ ratio: Ratio?) -> Cell { ratio.map { .number($0.value) } ?? .null }

    private static func bar(_ cost: ShardCost, _ measure: Measure) -> BarChart.Bar {
        let ratio: Ratio? =
            switch measure {
            case .keyBalance: cost.keyBalance
            case .writeBalance: cost.writeBalance
            case .readBalance: cost.readBalance
            case .addMoved: cost.added.moved
            case .removeMoved: cost.removed?.moved
            case .hottestWrites: cost.hottestWrites
            case .failureGrowth: cost.failure?.growth
            case .failureLargestShare: cost.failure?.largestShare
            }
        let label = "\(cost.placement.rawValue) \(cost.strategy.rawValue)"
        return BarChart.Bar(label, ratio?.value ?? 0, number(ratio).plainText)
    }
}
