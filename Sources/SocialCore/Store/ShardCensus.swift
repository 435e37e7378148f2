// How much lies on a shard: what `shard list` prints.

/// What one shard holds.
package struct ShardCensus: Equatable, Sendable {
    /// The shard's number.
    package var shard: Int
    /// How many slots it owns.
    package var slots: Int
    /// How many accounts live there.
    package var accounts: Int
    /// How many posts lie there.
    package var posts: Int
    /// How many accounts are followed by those that live there, counted once for each follower.
    package var follows: Int
    /// What is looked up and changed in its slots.
    package var load: SlotLoad
    /// How many rows of truth there are.
    package var rows: Int64
    /// Bytes of the files of its truth.
    package var bytes: Int
    /// The number of commits in its log, trimmed ones included.
    package var head: Int64

    /// The shards of a data directory, in the order of their numbers.
    static func all(_ router: Router, directory: String, now: Timestamp) throws -> [ShardCensus] {
        let map = router.map.current
        var loads: [Int: SlotLoad] = [:]
        for (index, load) in SlotLoads.all(in: directory, now: now).enumerated() {
            loads[map.owner(of: Slot(masking: Int64(index))).shard, default: SlotLoad()].add(load)
        }
        return try zip(router.shards, map.slotCounts).map { shard, slots in
            let path = DataDirectory.truthPath(directory, shard: shard)
            let bytes = ["", "-wal"].reduce(0) { $0 + FileSystem().size(of: path + $1) }
            return try router.read(shard: shard) { reader in
                let state = try reader.state()
                return ShardCensus(
                    shard: shard, slots: slots, accounts: try reader.accountCount(), posts: try reader.postCount(),
                    follows: try reader.followCount(), load: loads[shard] ?? SlotLoad(), rows: state.rows, bytes: bytes,
                    head: state.head)
            }
        }
    }
}
