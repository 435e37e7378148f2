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
    /// How many rows of truth there are.
    package var rows: Int64
    /// Bytes of the files of its truth.
    package var bytes: Int
    /// The number of commits in its log, trimmed ones included.
    package var head: Int64

    /// The shards of a data directory, in the order of their numbers.
    static func all(_ router: Router, directory: String) throws -> [ShardCensus] {
        try router.throughAllShards { try each(router, directory) }
    }

    private static func each(_ router: Router, _ directory: String) throws -> [ShardCensus] {
        let slots = router.map.current.slotCounts
        return try zip(router.shards, slots).map { shard, slots in
            let path = DataDirectory.truthPath(directory, shard: shard)
            let bytes = ["", "-wal"].reduce(0) { $0 + FileSystem().size(of: path + $1) }
            return try router.read(shard: shard) { reader in
                let state = try reader.state()
                return ShardCensus(
                    shard: shard, slots: slots, accounts: try reader.accountCount(), posts: try reader.postCount(),
                    follows: try reader.followCount(), rows: state.rows, bytes: bytes, head: state.head)
            }
        }
    }
}
