// Ways to find the shard of a key, other than ours and ours among them: what `shard simulate` compares.

/// A way to find the shard of a key, while shards come and go.
///
/// Shards have numbers that stay theirs; keys are 64 bits that have been mixed well. All arithmetic is in integers, so
/// that every machine finds the same shards.
package protocol ShardMapping {
    /// Takes up a new shard.
    mutating func add(_ shard: Int)
    /// Does without a shard; there must be another.
    mutating func remove(_ shard: Int)
    /// The shards of keys that come in this order.
    func shards(of keys: [UInt64]) -> [Int]
}

/// A mapping that looks at nothing but the key.
package protocol KeyedShardMapping: ShardMapping {
    /// The shard of a key.
    func shard(of key: UInt64) -> Int
}

extension KeyedShardMapping {
    /// The shards of keys.
    package func shards(of keys: [UInt64]) -> [Int] { keys.map(shard) }
}

/// The strategies that are compared.
package enum ShardStrategy: String, CaseIterable, Sendable {
    /// The key modulo the number of shards.
    case modulo
    /// Consistent hashing with one point a shard.
    case singleRing = "ring-1"
    /// Consistent hashing with many points a shard.
    case ring
    /// The same with bounded load.
    case boundedRing = "ring-bounded"
    /// Jump hash.
    case jump
    /// Rendezvous hashing: the highest random weight.
    case rendezvous
    /// Fixed slots that are dealt to the shards: ours.
    case slots

    /// Whether shards have points on a ring.
    package var hasRing: Bool { self == .singleRing || self == .ring || self == .boundedRing }

    /// The mapping of a strategy to shards numbered from 0.
    ///
    /// - Parameters:
    ///   - points: how many points a shard has on a ring.
    ///   - boundThousandths: how much more than the mean a bounded shard holds at most, in thousandths of the mean.
    package func mapping(shards count: Int, points: Int, boundThousandths: Int) -> any ShardMapping {
        switch self {
        case .modulo: NumberedShards(shards: count) { Int($0 % UInt64($1)) }
        case .singleRing: HashRing(shards: count, points: 1)
        case .ring: HashRing(shards: count, points: points)
        case .boundedRing:
            BoundedRing(ring: HashRing(shards: count, points: points), boundThousandths: boundThousandths)
        case .jump: NumberedShards(shards: count, number: JumpHash.bucket)
        case .rendezvous: Rendezvous(shards: count)
        case .slots: DealtSlots(shards: count)
        }
    }
}

extension Mixing {
    /// A shard's own 64 bits for a purpose, such as one of its points.
    static func shard(_ shard: Int, _ purpose: Int = 0) -> UInt64 {
        finalize(finalize(UInt64(shard) &+ 1) &+ UInt64(purpose) &* SplitMix.increment)
    }
}
