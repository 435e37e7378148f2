// The state of the indexes, and making them again.

extension Search {
    /// How one index of one shard is.
    package struct IndexStatus: Equatable, Sendable {
        /// The shard.
        package var shard: Int
        /// What is in it.
        package var source: SearchSource
        /// How many segments it has on disk.
        package var segments: Int
        /// How many documents.
        package var documents: Int
        /// How many more it still holds that are no more.
        package var dead: Int
        /// The bytes of its files.
        package var bytes: Int
        /// How many commits of the log it has not been brought up to; nil where there is no index of use.
        package var behind: Int64?
    }

    /// How the indexes are.
    package func status() throws -> [IndexStatus] { try indexes.status() }

    /// Makes all indexes again from the truth.
    @discardableResult
    package func rebuild() throws -> [IndexStatus] {
        try indexes.rebuild()
        return try status()
    }
}

extension SearchIndexes {
    /// Makes all indexes again.
    func rebuild() throws {
        for shard in router.shards {
            for source in SearchSource.allCases { try bringUp(source, shard, isFull: true) }
        }
    }

    /// How the indexes are, without bringing them up to date.
    func status() throws -> [Search.IndexStatus] {
        let heads = try logHeads.vector()
        var result: [Search.IndexStatus] = []
        for entry in heads.entries {
            for source in SearchSource.allCases {
                let (file, bytes) = try stored(source, entry.shard)
                let isOfThisLog = file?.position.incarnation == entry.position.incarnation
                result.append(
                    Search.IndexStatus(
                        shard: entry.shard, source: source, segments: file?.segments.count ?? 0,
                        documents: file?.segments.reduce(0) { $0 + $1.living.livingCount } ?? 0,
                        dead: file?.segments.reduce(0) { $0 + $1.living.dead.count } ?? 0, bytes: bytes,
                        behind: file.flatMap { isOfThisLog ? entry.position.n - $0.position.n : nil }))
            }
        }
        return result
    }
}
