// Our own way: a key has one of 4,096 slots for ever, and a table says whose each slot is.

/// The slot map of a data directory, with the moves that the program plans when shards come and go.
///
/// No shard has more than one slot more than another, and no more slots move than must.
package struct DealtSlots: KeyedShardMapping {
    private var map: SlotMap

    /// The slots of a new directory with shards from 0 up to a count.
    package init(shards count: Int) { map = SlotMap(shardCount: count) }

    /// How many slots each shard has.
    package var slotCounts: [Int] { map.slotCounts }

    /// Takes up a new shard, which gets its share from those that have the most.
    package mutating func add(_ shard: Int) {
        change(map.shards + [ShardEntry(number: shard, version: 1)], map.owners)
        move(SlotPlan(balancing: map, onlyTo: shard))
    }

    /// Does without a shard: its slots go to those that have the fewest.
    package mutating func remove(_ shard: Int) {
        move(SlotPlan(balancing: map, draining: shard))
        map = map.removing(shard)
    }

    /// The shard of a key.
    package func shard(of key: UInt64) -> Int { map.owner(of: Slot(masking: Int64(truncatingIfNeeded: key))).shard }

    private mutating func move(_ plan: SlotPlan) {
        var owners = map.owners
        for transfer in plan.transfers {
            for slot in transfer.slots { owners[slot.index].shard = transfer.to }
        }
        change(map.shards, owners)
    }

    private mutating func change(_ shards: [ShardEntry], _ owners: [SlotOwner]) {
        map = SlotMap(shards: shards.sorted { $0.number < $1.number }, owners: owners, nextShard: 0) ?? map
    }
}
