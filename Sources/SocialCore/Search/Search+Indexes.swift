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

    /// Whether an index can answer at once, because it is there and not far behind.
    package func isReady(_ source: SearchSource) throws -> Bool {
        try indexes.status().allSatisfy { status in
            status.source != source || status.behind.map { $0 <= Limits.searchTail } ?? false
        }
    }

    /// Makes all indexes again from the truth.
    @discardableResult
    package func rebuild() throws -> [IndexStatus] { try indexes.rebuild() }

    /// Makes the indexes that there are again, so that nothing of what was deleted is left in them.
    package func purge() throws { for shard in indexes.router.shards { try indexes.purge(shard) } }

    /// Writes down what the logs of some shards say since their indexes were written.
    ///
    /// - Throws: `busy` when another process writes one of them for longer than the lock wait.
    package func bringUp(only isMine: (Int) -> Bool) throws {
        for shard in indexes.router.shards where isMine(shard) {
            for source in SearchSource.allCases { try indexes.bringUp(source, shard) }
        }
    }
}

extension SearchIndexes {
    /// Makes all indexes again.
    func rebuild() throws -> [Search.IndexStatus] {
        try requireWritable()
        return try router.shards.flatMap { shard in
            try SearchSource.allCases.map { source in
                Search.IndexStatus(shard, source, try bringUp(source, shard, isFull: true), behind: 0)
            }
        }
    }

    /// Makes the indexes of a shard again, so that nothing of what was deleted is left in them; where there are none,
    /// none are made.
    func purge(_ shard: Int) throws {
        for source in SearchSource.allCases where try !isEmpty(shard, source) {
            try bringUp(source, shard, isFull: true)
        }
    }

    /// How the indexes are, without bringing them up to date.
    func status() throws -> [Search.IndexStatus] {
        let heads = try logHeads.vector()
        var result: [Search.IndexStatus] = []
        for entry in heads.entries {
            for source in SearchSource.allCases {
                let file = try stored(source, entry.shard)
                let isOfThisLog = file?.position.incarnation == entry.position.incarnation
                let behind = file.flatMap { isOfThisLog ? entry.position.n - $0.position.n : nil }
                result.append(Search.IndexStatus(entry.shard, source, file, behind: behind))
            }
        }
        return result
    }
}

extension Search.IndexStatus {
    /// How an index is; without a file there is none.
    fileprivate init(_ shard: Int, _ source: SearchSource, _ file: IndexFile?, behind: Int64?) {
        let segments = file?.segments ?? []
        self.init(
            shard: shard, source: source, segments: segments.count,
            documents: segments.reduce(0) { $0 + $1.living.livingCount },
            dead: segments.reduce(0) { $0 + $1.living.dead.count }, bytes: file?.sizeBytes ?? 0, behind: behind)
    }
}
