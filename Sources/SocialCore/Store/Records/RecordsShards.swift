// The records of all shards of a network.

/// Opens the records of shards when they are needed.
package final class RecordsShards {
    private let make: (Int) -> any RecordsSource
    private var sources: [(any RecordsSource)?] = []

    /// The records of a network.
    ///
    /// - Parameter make: those of a shard.
    package init(_ make: @escaping (Int) -> any RecordsSource) { self.make = make }

    /// The records of the shards in a data directory.
    package convenience init(directory: String, shared: Bool, context: Context) {
        self.init { shard in
            RecordsStore(
                shard: shard, folder: DataDirectory.shardPath(directory, shard: shard), shared: shared,
                context: context)
        }
    }

    /// The records of a shard.
    package subscript(shard: Int) -> any RecordsSource {
        if shard < sources.count, let source = sources[shard] { return source }
        let source = make(shard)
        while sources.count <= shard { sources.append(nil) }
        sources[shard] = source
        return source
    }

    /// The records of a shard in a file.
    ///
    /// - Throws: `onServer` when a server keeps them.
    package func file(of shard: Int) throws -> RecordsStore {
        guard let store = self[shard] as? RecordsStore else { throw StoreError.onServer }
        return store
    }

    /// Forgets a shard that has been removed.
    package func forget(_ shard: Int) { if shard < sources.count { sources[shard] = nil } }

    /// Tidies up at the end of a process that went on for long.
    package func finish() throws { for source in sources { try source?.finish() } }
}
