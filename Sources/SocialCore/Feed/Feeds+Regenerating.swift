// Caches brought up to date for good: fan-out that was left pending, feeds that are missing or incomplete, and how far
// all of it has come.

extension Feeds {
    /// What bringing feeds up to date did.
    package struct Summary: Equatable, Sendable {
        /// Feeds filled from the truth.
        package var feeds = 0
        /// Log entries applied.
        package var entries = 0
        /// Ids put into feeds.
        package var deliveries = 0
        /// Shards whose cache was built afresh.
        package var rebuiltShards = 0
        /// Feeds that are left for the next run, because the time was up.
        package var left = 0
        /// Shards that were not begun, because the time was up.
        package var leftShards = 0

        /// Whether nothing is left to be done.
        package var isComplete: Bool { left == 0 && leftShards == 0 }
    }

    /// Makes all feeds, or some, current and durable.
    ///
    /// - Parameter readers: whose feeds to fill afresh; nil: everyone's, from where the last run ended.
    /// - Throws: `busy` when another run holds a shard's views for longer than the lock wait.
    package func regenerate(
        _ readers: [UserID]? = nil, _ plan: FeedRegeneration.Plan = FeedRegeneration.Plan()
    ) throws -> Summary {
        try bringUpToDate(plan) { shard, cache, work, summary in
            let mine = readers.map { $0.filter { router.shard(of: $0.slot) == shard } }
            let (filled, left) = try work.mend(&cache, only: mine)
            summary.feeds += filled
            summary.left += left
        }
    }

    /// Puts into feeds what is pending, and makes that durable.
    ///
    /// - Throws: `busy` as above.
    ///
    /// - Parameter isMine: which shards' feeds; nil for all.
    package func publish(
        _ plan: FeedRegeneration.Plan = FeedRegeneration.Plan(onlyActive: true), only isMine: ((Int) -> Bool)? = nil
    ) throws -> Summary {
        try bringUpToDate(plan, only: isMine) { _, _, _, _ in }
    }

    private func bringUpToDate(
        _ plan: FeedRegeneration.Plan, only isMine: ((Int) -> Bool)? = nil,
        _ body: (Int, inout FeedCache, FeedRegeneration, inout Summary) throws -> Void
    ) throws -> Summary {
        try router.throughAllShards { try bringAllUpToDate(plan, isMine, body) }
    }

    private func bringAllUpToDate(
        _ plan: FeedRegeneration.Plan, _ isMine: ((Int) -> Bool)?,
        _ body: (Int, inout FeedCache, FeedRegeneration, inout Summary) throws -> Void
    ) throws -> Summary {
        var summary = Summary()
        // What killed commands left to be done changes feeds too; the truth is locked before the views.
        _ = try Effects(router: router).settleAll()
        for shard in router.shards where isMine?(shard) ?? true {
            if let deadline = plan.deadline, caches.context.clock.now >= deadline {
                summary.leftShards += 1
                continue
            }
            let lock = caches.lock(of: shard)
            try lock.acquire(waitingMilliseconds: caches.context.lockWaitMilliseconds)
            defer { lock.release() }
            let work = FeedRegeneration(view: FeedView(caches: caches, pull: pull, shard: shard), plan: plan)
            if var cache = try caughtUp(shard, plan, &summary) {
                try body(shard, &cache, work, &summary)
                try cache.sync()
            } else {
                let built = try work.rebuild()
                summary.feeds += built.feeds
                summary.deliveries += built.deliveries
                summary.rebuiltShards += 1
                try caches.cache(of: shard, writable: true)?.sync()
            }
        }
        if caches.context.isDryRun { return summary }
        // The locks of the views are given back before those of the truth are taken.
        for shard in router.shards { try trimLogs(shard) }
        try caches.keepIndex(graph: pull.graph)
        // Whoever committed meanwhile found the views locked and left the rest to this process.
        try publishInline()
        return summary
    }

    /// The cache of a shard after all pending events; nil when it has to be built.
    private func caughtUp(_ shard: Int, _ plan: FeedRegeneration.Plan, _ summary: inout Summary) throws -> FeedCache? {
        guard !plan.isFull, let cache = caches.cache(of: shard, writable: true) else { return nil }
        let view = FeedView(caches: caches, pull: pull, shard: shard)
        guard let progress = try view.catchUp(cache, entryLimit: .max) else { return nil }
        summary.entries += progress.entries
        summary.deliveries += progress.deliveries
        summary.feeds += progress.filled
        // It may have moved to a larger file.
        return caches.cache(of: shard, writable: true)
    }

    /// Lets go of events that every cache has synced, beyond those that are kept anyway.
    private func trimLogs(_ shard: Int) throws {
        let vectors = router.shards.map { caches.cache(of: $0, writable: false)?.synced ?? OffsetVector() }
        let state = try router.read(shard: shard) { try $0.state() }
        let synced = vectors.map { $0[shard]?.incarnation == state.incarnation ? $0[shard]?.n ?? 0 : 0 }.min() ?? 0
        let read = try router.consumedLog(shard, state.incarnation) ?? .max
        let bound = min(synced, read, state.head - Limits.keptCommits)
        guard bound >= state.oldest else { return }
        try router.write(shard: shard) { try $0.trimLog(through: bound) }
    }

    // MARK: Status

    /// How far one shard's cache has come.
    package struct Status: Sendable {
        /// The shard.
        package var shard: Int
        /// Accounts, each of which has a feed.
        package var accounts: Int
        /// Feeds that are read from the cache.
        package var feeds: Int
        /// Ids in them.
        package var entries: Int
        /// Authors whose posts are fetched when feeds are read.
        package var pulledAuthors: Int
        /// Bytes of the cache file.
        package var bytes: Int
        /// When the feed that was filled from the truth longest ago was; nil when there is none.
        package var oldest: Timestamp?
        /// Commits that the cache has not applied; nil when it cannot go on and must be rebuilt.
        package var lag: Int64?
    }

    /// How far each shard's cache has come.
    ///
    /// Cost: the header of each cached feed is read.
    package func status() throws -> [Status] {
        try router.throughAllShards {
            let heads = try caches.logHeads.vector()
            return try router.shards.map { try status(of: $0, heads) }
        }
    }

    private func status(of shard: Int, _ heads: OffsetVector) throws -> Status {
        var status = Status(
            shard: shard, accounts: try router.read(shard: shard) { try $0.accountCount() }, feeds: 0, entries: 0,
            pulledAuthors: 0, bytes: 0)
        guard let cache = caches.cache(of: shard, writable: false), let applied = cache.applied else {
            return status
        }
        let census = cache.census
        (status.feeds, status.entries, status.oldest) = (census.complete, census.entries, census.oldest)
        (status.pulledAuthors, status.bytes) = (cache.marks?.count ?? 0, cache.map.sizeBytes)
        status.lag = 0
        for entry in heads.entries {
            let head = entry.position
            if let position = applied[entry.shard], position.incarnation == head.incarnation, position.n <= head.n {
                status.lag = status.lag.map { $0 + head.n - position.n }
            } else {
                status.lag = nil
            }
        }
        return status
    }
}
