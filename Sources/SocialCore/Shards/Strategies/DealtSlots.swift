// Our own way: a key has one of 4,096 slots for ever, and a table says whose each slot is.

/// Slots dealt to shards so that none has more than one slot more than another, and that no more move than must.
package struct DealtSlots: KeyedShardMapping {
    /// The shard of each slot.
    private var owners: [Int]
    /// The shards with how many slots each has.
    private var counts: [(shard: Int, slots: Int)]

    /// The slots of a new directory with shards from 0 up to a count.
    package init(shards count: Int) {
        let map = SlotMap(shardCount: count)
        owners = map.runs.flatMap { run in run.slots.map { _ in run.owner.shard } }
        counts = zip(map.shards, map.slotCounts).map { ($0.number, $1) }
    }

    /// How many slots each shard has.
    package var slotCounts: [Int] { counts.map(\.slots) }

    /// Takes up a new shard, which gets its share from those that have the most.
    package mutating func add(_ shard: Int) {
        let share = Slot.count / (counts.count + 1)
        var surplus: [Int: Int] = [:]
        for _ in 0..<share {
            let fullest = counts.indices.reduce(0) { counts[$1].slots > counts[$0].slots ? $1 : $0 }
            counts[fullest].slots -= 1
            surplus[counts[fullest].shard, default: 0] += 1
        }
        for slot in owners.indices {
            guard let rest = surplus[owners[slot]], rest > 0 else { continue }
            surplus[owners[slot]] = rest - 1
            owners[slot] = shard
        }
        counts.append((shard, share))
    }

    /// Does without a shard: each of its slots goes to the one that has the fewest.
    package mutating func remove(_ shard: Int) {
        counts.removeAll { $0.shard == shard }
        for slot in owners.indices where owners[slot] == shard {
            let emptiest = counts.indices.reduce(0) { counts[$1].slots < counts[$0].slots ? $1 : $0 }
            counts[emptiest].slots += 1
            owners[slot] = counts[emptiest].shard
        }
    }

    /// The shard of a key: an access to the table.
    package func shard(of key: UInt64) -> Int { owners[Slot(masking: Int64(truncatingIfNeeded: key)).index] }
}
