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

extension FeedVerdict {
    /// Whether a feed differs that has not been repaired.
    package var isBad: Bool { repaired < differences.count }
}

extension Feeds {
    /// Compares cached feeds with the truth.
    ///
    /// - Parameters:
    ///   - readers: whose feeds, each once; nil: everyone's.
    ///   - repair: whether feeds that differ are filled afresh.
    package func verify(_ readers: [UserID]? = nil, repair: Bool = false) throws -> FeedVerdict {
        var verdict = FeedVerdict()
        let readers = readers.map(Set.init)
        for shard in router.shards {
            let mine = readers.map { $0.filter { router.shard(of: $0.slot) == shard }.sorted() }
            if mine?.isEmpty == true { continue }
            // Under the lock, so that nobody else changes the cache, and after catching up, so that there is something
            // to compare. A directory that cannot be written has no lock to take.
            if !repair, !caches.isWritable {
                try verify(mine ?? allReaders(of: shard), on: shard, repair, &verdict)
                continue
            }
            let lock = caches.lock(of: shard)
            try lock.acquire(waitingMilliseconds: caches.context.lockWaitMilliseconds)
            defer { lock.release() }
            if let cache = caches.cache(of: shard, writable: true) {
                _ = try FeedView(caches: caches, pull: pull, shard: shard).catchUp(cache, entryLimit: .max)
            }
            try verify(mine ?? allReaders(of: shard), on: shard, repair, &verdict)
        }
        verdict.differences.sort { $0.reader < $1.reader }
        return verdict
    }

    /// Compares the cached feeds of some readers, drawn by chance, with the truth.
    package func verify(sampleOf count: Int, repair: Bool = false) throws -> FeedVerdict {
        var everyone = try router.shards.flatMap { try allReaders(of: $0) }.sorted()
        // The first steps of a shuffle (Fisher and Yates).
        let count = min(count, everyone.count)
        for place in 0..<count {
            let rest = UInt64(everyone.count - place)
            let drawn = posts.context.random.next().multipliedFullWidth(by: rest).high
            everyone.swapAt(place, place + Int(drawn))
        }
        return try verify(Array(everyone.prefix(count)), repair: repair)
    }

    private func verify(
        _ readers: [UserID], on shard: Int, _ repair: Bool, _ verdict: inout FeedVerdict
    ) throws {
        let observer = caches.context.observer
        observer?.begin("comparing the feeds of shard \(shard)", total: readers.count)
        defer { observer?.end() }
        guard let cache = try caches.current(of: shard) else {
            verdict.pulled += readers.count
            return
        }
        var different: [FeedDifference] = []
        for reader in readers {
            observer?.advance(by: 1)
            switch try comparison(of: reader, on: shard, cache) {
            case .pulled: verdict.pulled += 1
            case .equal: verdict.checked += 1
            case .different(let difference):
                verdict.checked += 1
                different.append(difference)
            }
        }
        verdict.differences += different
        guard repair, !different.isEmpty, var cache = caches.cache(of: shard, writable: true) else { return }
        let view = FeedView(caches: caches, pull: pull, shard: shard)
        for difference in different { try view.fill(difference.reader, &cache) }
        try cache.sync()
        verdict.repaired += different.count
    }

    /// What comparing one feed with the truth gives.
    private enum Comparison {
        case equal
        case different(FeedDifference)
        /// The feed is read from the truth: there is nothing to compare.
        case pulled
    }

    /// Compares a reader's feed in a cache that was current a moment ago.
    private func comparison(of reader: UserID, on shard: Int, _ cache: FeedCache) throws -> Comparison {
        var found = try compare(reader, cache)
        // A writer may commit between the two looks; then the cache is behind, and another try sees it.
        for _ in 0..<2 {
            guard case .different = found else { return found }
            guard let cache = try caches.current(of: shard) else { return .pulled }
            found = try compare(reader, cache)
        }
        guard case .different = found, try caches.current(of: shard) == nil else { return found }
        return .pulled
    }

    private func compare(_ reader: UserID, _ cache: FeedCache) throws -> Comparison {
        switch cache.record(of: reader) {
        case .absent: return .pulled
        // Torn by a power cut: read from the truth, and filled by whoever catches up first.
        case .damaged where !cache.isOfThisBoot: return .pulled
        case .damaged:
            return .different(FeedDifference(reader: reader, missing: [], extra: [], isDamaged: true))
        case .found(let record):
            if record.isIncomplete { return .pulled }
            let range = record.coveredFrom...PostID(rawValue: .max)
            let truth = try pull.newest(for: reader, in: range, limit: caches.settings.feedCapacity + 1)
            if truth.elementsEqual(record.entries.reversed()) { return .equal }
            let (due, cached) = (Set(truth), Set(record.entries))
            return .different(
                FeedDifference(
                    reader: reader, missing: due.subtracting(cached).sorted(), extra: cached.subtracting(due).sorted(),
                    isDamaged: false))
        }
    }

    private func allReaders(of shard: Int) throws -> [UserID] {
        try FeedRegeneration(view: FeedView(caches: caches, pull: pull, shard: shard)).accounts()
    }
}
