// The records of all shards of a data directory.

/// Opens the records of shards when they are needed.
package final class RecordsShards {
    private let directory: String
    private let isShared: Bool
    private let context: Context
    private var stores: [RecordsStore?] = []

    /// The records of a data directory.
    package init(directory: String, shared: Bool, context: Context) {
        self.directory = directory
        isShared = shared
        self.context = context
    }

    /// The records of a shard.
    package subscript(shard: Int) -> RecordsStore {
        if shard < stores.count, let store = stores[shard] { return store }
        let store = RecordsStore(
            shard: shard, folder: DataDirectory.shardPath(directory, shard: shard), shared: isShared, context: context)
        while stores.count <= shard { stores.append(nil) }
        stores[shard] = store
        return store
    }

    /// Forgets a shard that has been removed.
    package func forget(_ shard: Int) { if shard < stores.count { stores[shard] = nil } }

    /// Tidies up at the end of a process that went on for long.
    package func finish() throws { for store in stores { try store?.finish() } }
}
