// Other maps from one: with a slot at another shard, with one shard more or less, with another weight.

extension SlotMap {
    /// The map after slots have moved from one shard to another.
    ///
    /// Their epochs and the versions of both shards have grown by one.
    package func moving(_ slots: some Collection<Slot>, to shard: Int) -> SlotMap {
        var owners = self.owners
        let giver = slots.first.map { owners[$0.index].shard }
        for slot in slots {
            owners[slot.index] = SlotOwner(shard: shard, epoch: owners[slot.index].epoch + 1)
        }
        var shards = self.shards
        for index in shards.indices where shards[index].number == shard || shards[index].number == giver {
            shards[index].version += 1
        }
        return SlotMap(shards: shards, owners: owners, nextShard: nextShard) ?? self
    }

    /// The map with a new shard that owns nothing yet.
    package func adding(weight: Int) -> SlotMap {
        let entry = ShardEntry(number: nextShard, version: 1, weight: weight)
        return SlotMap(shards: shards + [entry], runs: runs, nextShard: nextShard + 1) ?? self
    }

    /// The map without a shard that owns nothing.
    package func removing(_ shard: Int) -> SlotMap {
        SlotMap(shards: shards.filter { $0.number != shard }, runs: runs, nextShard: nextShard) ?? self
    }

    /// The map with another weight of a shard.
    package func weighting(_ shard: Int, _ weight: Int) -> SlotMap {
        changing(shard) { $0.weight = weight }
    }

    /// The map in which a shard's entry has been changed.
    package func changing(_ shard: Int, _ change: (inout ShardEntry) throws -> Void) rethrows -> SlotMap {
        var shards = self.shards
        for index in shards.indices where shards[index].number == shard { try change(&shards[index]) }
        return SlotMap(shards: shards, runs: runs, nextShard: nextShard) ?? self
    }

    /// The owner of each slot.
    package var owners: [SlotOwner] { runs.flatMap { run in run.slots.map { _ in run.owner } } }

    /// A map from the owner of each slot; nil unless there are 4,096 of known shards.
    package init?(shards: [ShardEntry], owners: [SlotOwner], nextShard: Int) {
        self.init(
            shards: shards, runs: owners.enumerated().map { Run(slots: $0...$0, owner: $1) }, nextShard: nextShard)
    }
}
