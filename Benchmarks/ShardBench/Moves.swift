// What moves when the 65th shard is added to 64: counted in slots for the slots of this program, and in keys for it and
// its peers.

import Formats
import SocialCore

/// Balance and movement.
enum Moves {
    private static let shards = 64

    static func run(_ count: Int) {
        // A key for each slot: what is true of slots, without the chance of keys.
        say(.slots, "slots", (0..<Slot.count).map(UInt64.init))
        let keys = ShardBench.keys(count)
        for strategy in [ShardStrategy.slots, .jump, .ring] { say(strategy, "keys", keys) }
    }

    private static func say(_ strategy: ShardStrategy, _ unit: String, _ keys: [UInt64]) {
        var mapping = strategy.mapping(shards: shards, points: 100, boundThousandths: 1_250)
        let before = mapping.shards(of: keys)
        mapping.add(shards)
        let after = mapping.shards(of: keys)
        let moved = zip(before, after).filter { $0 != $1 }
        ShardBench.say(
            "adding a shard",
            [
                ("strategy", .string(strategy.rawValue)), ("unit", .string(unit)),
                ("balance", .number(balance(before, shards))),
                ("moved_over_ideal", .number(Ratio(moved.count * (shards + 1), of: keys.count).value)),
                ("between_old", .count(moved.count { $0.1 != shards })),
            ])
    }

    /// The greatest number on a shard against the mean.
    static func balance(_ owners: [Int], _ shards: Int) -> Double {
        let sums = owners.reduce(into: Array(repeating: 0, count: shards)) { $0[$1] += 1 }
        return Ratio((sums.max() ?? 0) * shards, of: owners.count).value
    }
}
