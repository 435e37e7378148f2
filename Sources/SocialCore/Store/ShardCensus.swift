// How much lies and goes on on a shard: what `shard list` prints.

/// What one shard holds.
package struct ShardCensus: Equatable, Sendable {
    /// What is counted by walking through an index.
    package struct Holdings: Equatable, Sendable {
        /// How many accounts live there.
        package var accounts: Int
        /// How many posts lie there.
        package var posts: Int
        /// How many accounts are followed by those that live there, counted once for each follower.
        package var follows: Int
    }

    /// The shard's number.
    package var shard: Int
    /// How many slots it owns.
    package var slots: Int
    /// What was counted; nil where nobody wants to know.
    package var holdings: Holdings?
    /// What is looked up and changed in its slots.
    package var load: SlotLoad
    /// How many rows of truth there are.
    package var rows: Int64
    /// Bytes of the files of its truth.
    package var bytes: Int
    /// The number of commits in its log, trimmed ones included.
    package var head: Int64

    /// The shards of a data directory, in the order of their numbers.
    static func all(
        _ router: Router, directory: String, now: Timestamp, countsHoldings: Bool
    ) throws -> [ShardCensus] {
        try router.throughAllShards {
            let map = router.map.current
            var loads: [Int: SlotLoad] = [:]
            for (owner, load) in zip(map.owners, SlotLoads.all(in: directory, now: now)) {
                loads[owner.shard, default: SlotLoad()].add(load)
            }
            return try zip(router.shards, map.slotCounts).map { shard, slots in
                let path = DataDirectory.truthPath(directory, shard: shard)
                let bytes = ["", "-wal"].reduce(0) { $0 + FileSystem().size(of: path + $1) }
                return try router.read(shard: shard) { reader in
                    let state = try reader.state()
                    let holdings =
                        try countsHoldings
                        ? Holdings(
                            accounts: reader.accountCount(), posts: reader.postCount(), follows: reader.followCount())
                        : nil
                    return ShardCensus(
                        shard: shard, slots: slots, holdings: holdings, load: loads[shard] ?? SlotLoad(),
                        rows: state.rows, bytes: bytes, head: state.head)
                }
            }
        }
    }
}
