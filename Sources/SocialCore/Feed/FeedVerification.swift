// One oracle: for any state of the truth, the cached feed, the feed pulled from the truth and a feed generated afresh
// are the same. This compares them.

/// What differs in one reader's feed.
package struct FeedDifference: Equatable, Sendable {
    /// Whose feed it is.
    package var reader: UserID
    /// Posts that the cache lacks.
    package var missing: [PostID]
    /// Posts that the cache has and the truth has not.
    package var extra: [PostID]
    /// Whether the record itself is damaged.
    package var isDamaged: Bool
}

/// What a verification found.
package struct FeedVerdict: Equatable, Sendable {
    /// Feeds compared.
    package var checked = 0
    /// Feeds that are read from the truth, because their cache is behind, missing or incomplete: nothing to compare.
    package var pulled = 0
    /// What differs.
    package var differences: [FeedDifference] = []
    /// Feeds filled afresh.
    package var repaired = 0
}

extension Feeds {
    /// Compares cached feeds with the truth.
    ///
    /// - Parameters:
    ///   - readers: whose feeds; nil: everyone's.
    ///   - repair: whether feeds that differ are filled afresh.
    package func verify(_ readers: [UserID]? = nil, repair: Bool = false) throws -> FeedVerdict {
        var verdict = FeedVerdict()
        for shard in router.shards {
            // Under the lock, so that nobody else changes the cache, and after catching up, so that there is something
            // to compare. A directory that cannot be written has no lock to take.
            if !repair, !caches.isWritable {
                try verify(shard, readers, repair, &verdict)
                continue
            }
            let lock = caches.lock(of: shard)
            try lock.acquire(waitingMilliseconds: caches.context.lockWaitMilliseconds)
            defer { lock.release() }
            if let cache = caches.cache(of: shard, writable: true) {
                _ = try FeedView(caches: caches, pull: pull, shard: shard).catchUp(cache, entryLimit: .max)
            }
            try verify(shard, readers, repair, &verdict)
        }
        return verdict
    }

    private func verify(_ shard: Int, _ readers: [UserID]?, _ repair: Bool, _ verdict: inout FeedVerdict) throws {
        let everyone = try readers ?? allReaders(of: shard)
        let mine = everyone.filter { router.shard(of: $0.slot) == shard }
        for reader in mine {
            var difference: FeedDifference?
            // A writer may commit between the two looks; then the cache is behind, and the second try sees it.
            for attempt in 0..<3 {
                guard let cache = try caches.current(of: shard) else {
                    verdict.pulled += 1
                    difference = nil
                    break
                }
                difference = try compare(reader, cache, &verdict, isFirst: attempt == 0)
                if difference == nil { break }
            }
            guard let difference else { continue }
            verdict.differences.append(difference)
            if repair, var cache = caches.cache(of: shard, writable: true) {
                try FeedView(caches: caches, pull: pull, shard: shard).fill(reader, &cache)
                try cache.sync()
                verdict.repaired += 1
            }
        }
    }

    private func compare(
        _ reader: UserID, _ cache: FeedCache, _ verdict: inout FeedVerdict, isFirst: Bool
    ) throws -> FeedDifference? {
        switch cache.record(of: reader) {
        case .absent:
            if isFirst { verdict.pulled += 1 }
            return nil
        case .damaged where !cache.isOfThisBoot:
            // Torn by a power cut: read from the truth, and filled by whoever catches up first.
            if isFirst { verdict.pulled += 1 }
            return nil
        case .damaged:
            if isFirst { verdict.checked += 1 }
            return FeedDifference(reader: reader, missing: [], extra: [], isDamaged: true)
        case .found(let record):
            if record.isIncomplete {
                if isFirst { verdict.pulled += 1 }
                return nil
            }
            if isFirst { verdict.checked += 1 }
            let range = record.coveredFrom...PostID(rawValue: .max)
            let truth = Set(try pull.newest(for: reader, in: range, limit: caches.settings.feedCapacity + 1))
            let cached = Set(record.entries)
            // A post that was deleted after the cache was found current is no difference: it will be applied.
            guard try caches.current(of: router.shard(of: reader.slot)) != nil, truth != cached else { return nil }
            return FeedDifference(
                reader: reader, missing: truth.subtracting(cached).sorted(), extra: cached.subtracting(truth).sorted(),
                isDamaged: false)
        }
    }

    private func allReaders(of shard: Int) throws -> [UserID] {
        try FeedRegeneration(view: FeedView(caches: caches, pull: pull, shard: shard)).accounts()
    }
}
