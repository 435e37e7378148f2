// From a key to its shard: the slot map that every command uses, beside the strategies of `social shard simulate`.

import Formats
import SocialCore

/// How long a look-up takes, and how even the keys lie.
enum KeyLookups {
    static func run(_ count: Int) {
        let keys = ShardBench.keys(count)
        for shards in [8, 64] {
            let map = SlotMap(shardCount: shards)
            say("slot map", shards, keys) {
                $0.map { map.owner(of: Slot(masking: Int64(truncatingIfNeeded: $0))).shard }
            }
            for strategy in ShardStrategy.allCases {
                let mapping = strategy.mapping(shards: shards, points: 100, boundThousandths: 1_250)
                say(strategy.rawValue, shards, keys, mapping.shards)
            }
        }
    }

    private static func say(_ name: String, _ shards: Int, _ keys: [UInt64], _ find: ([UInt64]) -> [Int]) {
        var owners: [Int] = []
        let nanoseconds = ShardBench.nanoseconds(each: keys.count) { owners = find(keys) }
        ShardBench.say(
            "key to shard",
            [
                ("strategy", .string(name)), ("shards", .count(shards)), ("nanoseconds", .tenths(nanoseconds)),
                ("key_balance", .number(Moves.balance(owners, shards))),
            ])
    }
}
