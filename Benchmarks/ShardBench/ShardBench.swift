// From a key to its shard, measured in one process: the slot map that every command uses beside the strategies of
// `social shard simulate`. Prints one JSON object for each strategy and number of shards.
//
//     shard-bench [KEYS]

import Formats
import SocialCore

/// The program.
@main
enum ShardBench {
    private static let rounds = 5

    static func main() {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1_000_000
        let keys = (0..<max(1, count)).map { Mixing.finalize(UInt64($0)) }
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

    /// Prints the time of a look-up, the least of some rounds, and how even the keys lie.
    private static func say(_ name: String, _ shards: Int, _ keys: [UInt64], _ find: ([UInt64]) -> [Int]) {
        var least = Duration.seconds(3_600)
        var sums = Array(repeating: 0, count: shards)
        for round in 0..<rounds {
            var owners: [Int] = []
            least = min(least, ContinuousClock().measure { owners = find(keys) })
            if round == 0 { for shard in owners { sums[shard] += 1 } }
        }
        let nanoseconds = Double(least.components.attoseconds) / 1e9 + Double(least.components.seconds) * 1e9
        let figure: JSONValue = [
            "figure": "key to shard", "strategy": .string(name), "shards": .integer(Int64(shards)),
            "nanoseconds": .number((nanoseconds / Double(keys.count) * 10).rounded() / 10),
            "key_balance": .number(Ratio((sums.max() ?? 0) * shards, of: keys.count).value),
        ]
        print(figure.text)
    }
}
