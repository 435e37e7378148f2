// What has happened among those I follow? The façade of the room: pages of feeds, fan-out, regeneration, status and
// verification.

/// The feeds of a network.
package struct Feeds {
    let caches: FeedCaches
    let pull: FeedPull
    let posts: Posts
    let accounts: Accounts

    /// The feeds over truth and caches.
    package init(caches: FeedCaches, posts: Posts, accounts: Accounts, graph: Graph) {
        self.caches = caches
        self.posts = posts
        self.accounts = accounts
        pull = FeedPull(router: caches.router, placement: posts.placement, graph: graph)
    }

    var router: Router { caches.router }

    // MARK: Reading

    /// The newest entries of a range of a reader's feed, newest first: from the cache as far as it goes, and on from
    /// the truth, with no gap.
    ///
    /// This is the one place that says where an entry comes from.
    ///
    /// - Parameter record: what the cache says; nil reads everything from the truth.
    func entries(
        for reader: UserID, in range: ClosedRange<PostID>, limit: Int, _ record: FeedRecord?
    ) throws -> [FeedEntry] {
        guard let record else { return try stored(for: reader, in: range, limit: limit) }
        let cached = record.entries.reversed().lazy.filter(range.contains).prefix(limit)
        var entries: [FeedEntry] = cached.map { FeedEntry(id: $0, source: .cache) }
        if entries.count < limit, range.lowerBound < record.coveredFrom {
            let last = min(range.upperBound.rawValue, record.coveredFrom.rawValue - 1)
            let rest = range.lowerBound...PostID(rawValue: last)
            entries += try stored(for: reader, in: rest, limit: limit - entries.count)
        }
        return entries
    }

    private func stored(for reader: UserID, in range: ClosedRange<PostID>, limit: Int) throws -> [FeedEntry] {
        try pull.newest(for: reader, in: range, limit: limit).map { FeedEntry(id: $0, source: .database) }
    }

    /// What the cache says about a reader, if that is all that has happened.
    package func cachedRecord(of reader: UserID) throws -> FeedRecord? {
        guard let cache = try caches.current(of: router.shard(of: reader.slot)),
            case .found(let record) = cache.record(of: reader), !record.isIncomplete
        else { return nil }
        return record
    }

    // MARK: Publishing

    /// Brings the caches up to date on a command's way out.
    ///
    /// Whoever holds a shard's view lock sees this command's commit when it looks again after releasing it, so nothing
    /// is left behind that was small enough to do.
    package func publishInline() throws {
        if caches.context.isDryRun { return }
        let limit =
            caches.context.isLongRunning ? Limits.inlineEntriesWhileRunning : Limits.inlineEntries
        for shard in router.shards {
            let lock = caches.lock(of: shard)
            while try caches.current(of: shard, writable: true)?.isOfThisBoot != true {
                guard try lock.tryAcquire() else { break }
                let isDone: Bool
                do {
                    defer { lock.release() }
                    isDone = try bringUp(shard, entryLimit: limit)
                }
                // Where the kernel does not name its boot, only what is synced counts, and that is not done here.
                if !isDone || caches.context.boot.identity == 0 { break }
            }
        }
    }

    /// Catches up under the lock; makes the cache of a small shard that has none.
    ///
    /// False when it is too much work.
    private func bringUp(_ shard: Int, entryLimit: Int) throws -> Bool {
        let view = FeedView(caches: caches, pull: pull, shard: shard)
        if let cache = caches.cache(of: shard, writable: true),
            let progress = try view.catchUp(cache, entryLimit: entryLimit)
        {
            return progress.isCurrent
        }
        let accounts = try router.read(shard: shard) { try $0.accountCount() }
        guard accounts <= Limits.inlineFeeds else { return false }
        _ = try FeedRegeneration(view: view).rebuild()
        return true
    }

    // MARK: Regenerating

    /// What a regeneration did.
    package struct Summary: Equatable, Sendable {
        /// Feeds filled from the truth.
        package var feeds = 0
        /// Log entries applied.
        package var entries = 0
        /// Ids put into feeds by events.
        package var deliveries = 0
        /// Shards whose cache was built afresh.
        package var rebuiltShards = 0
    }

    /// Makes all feeds, or some, current and durable.
    ///
    /// - Parameters:
    ///   - readers: whose feeds to fill afresh; nil: everyone's, from where the last run ended.
    ///   - isFull: build all feeds afresh.
    /// - Throws: `busy` when another run holds a shard's views for longer than the lock wait.
    package func regenerate(_ readers: [UserID]? = nil, isFull: Bool = false) throws -> Summary {
        var summary = Summary()
        // What killed commands left to be done changes feeds too; the truth is locked before the views.
        _ = try Effects(router: router).settleAll()
        for shard in router.shards {
            let lock = caches.lock(of: shard)
            try lock.acquire(waitingMilliseconds: caches.context.lockWaitMilliseconds)
            defer { lock.release() }
            let mine = readers.map { $0.filter { router.shard(of: $0.slot) == shard } }
            try regenerate(shard, mine, isFull: isFull, &summary)
        }
        if caches.context.isDryRun { return summary }
        // The locks of the views are given back before those of the truth are taken.
        for shard in router.shards { try trimLogs(shard) }
        // Whoever committed meanwhile found the views locked and left the rest to this process.
        try publishInline()
        return summary
    }

    private func regenerate(_ shard: Int, _ readers: [UserID]?, isFull: Bool, _ summary: inout Summary) throws {
        let view = FeedView(caches: caches, pull: pull, shard: shard)
        let work = FeedRegeneration(view: view)
        var cache = isFull ? nil : caches.cache(of: shard, writable: true)
        if let current = cache {
            if let progress = try view.catchUp(current, entryLimit: .max) {
                summary.entries += progress.entries
                summary.deliveries += progress.deliveries
                summary.feeds += progress.filled
                cache = caches.cache(of: shard, writable: true)
            } else {
                cache = nil
            }
        }
        if var current = cache {
            summary.feeds += try work.mend(&current, only: readers)
            try current.sync()
        } else {
            let built = try work.rebuild()
            summary.feeds += built.feeds
            summary.deliveries += built.deliveries
            summary.rebuiltShards += 1
            try caches.cache(of: shard, writable: true)?.sync()
        }
    }

    /// Lets go of events that every cache has synced, beyond those that are kept anyway.
    private func trimLogs(_ shard: Int) throws {
        let vectors = router.shards.map { caches.cache(of: $0, writable: false)?.synced ?? OffsetVector() }
        let state = try router.read(shard: shard) { try $0.state() }
        let synced = vectors.map { $0[shard]?.incarnation == state.incarnation ? $0[shard]?.n ?? 0 : 0 }.min() ?? 0
        let bound = min(synced, state.head - Limits.keptCommits)
        guard bound >= state.oldest, let run = router.map.current.runs.first(where: { $0.owner.shard == shard }) else {
            return
        }
        try router.write(Slot(masking: Int64(run.slots.lowerBound))) { try $0.trimLog(through: bound) }
    }

    // MARK: Status

    /// How far one shard's cache has come.
    package struct Status: Sendable {
        /// The shard.
        package var shard: Int
        /// Feeds in the cache.
        package var feeds: Int
        /// Bytes of the cache file.
        package var bytes: Int
        /// Commits that the cache has not applied; nil when it cannot go on and must be rebuilt.
        package var lag: Int64?
    }

    /// How far each shard's cache has come.
    package func status() throws -> [Status] {
        let heads = try logHeads()
        return router.shards.map { shard in
            guard let cache = caches.cache(of: shard, writable: false), let applied = cache.applied else {
                return Status(shard: shard, feeds: 0, bytes: 0, lag: nil)
            }
            var lag: Int64? = 0
            for entry in heads.entries {
                let head = entry.position
                if let position = applied[entry.shard], position.incarnation == head.incarnation, position.n <= head.n {
                    lag = lag.map { $0 + head.n - position.n }
                } else {
                    lag = nil
                }
            }
            return Status(shard: shard, feeds: cache.count, bytes: cache.map.sizeBytes, lag: lag)
        }
    }

    private func logHeads() throws -> OffsetVector { try caches.logHeads.vector() }
}
