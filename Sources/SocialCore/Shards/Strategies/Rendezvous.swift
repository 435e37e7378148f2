// Rendezvous hashing: every shard bids for the key.

/// The highest random weight (Thaler and Ravishankar, "Using Name-Based Mappings to Increase Hit Rates", 1998).
package struct Rendezvous: KeyedShardMapping {
    /// The shards with 64 bits of their own.
    private var members: [(shard: Int, bits: UInt64)]

    /// Shards from 0 up to a count.
    package init(shards count: Int) { members = (0..<count).map { ($0, Mixing.shard($0)) } }

    /// Takes up a new shard.
    package mutating func add(_ shard: Int) { members.append((shard, Mixing.shard(shard))) }

    /// Does without a shard.
    package mutating func remove(_ shard: Int) { members.removeAll { $0.shard == shard } }

    /// The shard of a key; costs a hash a shard.
    package func shard(of key: UInt64) -> Int {
        var best = (weight: UInt64(0), shard: members[0].shard)
        for member in members {
            let weight = Mixing.finalize(key ^ member.bits)
            if weight > best.weight { best = (weight, member.shard) }
        }
        return best.shard
    }
}
