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
        pull = FeedPull(router: caches.router, placement: posts.placement, graph: graph, caches: caches)
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
        var entries: [FeedEntry] = []
        if range.upperBound >= record.coveredFrom {
            let covered = max(range.lowerBound, record.coveredFrom)...range.upperBound
            let cached = record.entries.reversed().lazy.filter(covered.contains).prefix(limit)
            entries = cached.map { FeedEntry(id: $0, source: .cache) }
            if !record.pulled.isEmpty {
                let known = Set(entries.map(\.id))
                let pulled = try pull.newest(of: record.pulled, in: covered, limit: limit)
                entries += pulled.lazy.filter { !known.contains($0) }.map { FeedEntry(id: $0, source: .pull) }
                entries = Array(entries.sorted { $0.id > $1.id }.prefix(limit))
            }
        }
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
    ///
    /// A process that goes on working knows what has been posted since the cache, and adds it.
    package func cachedRecord(of reader: UserID) throws -> FeedRecord? {
        // First how far it has come, then the record: what is applied in between is in both.
        let readable = try router.throughAllShards { try readableCache(for: reader) }
        guard let (cache, posts) = readable, case .found(var record) = cache.record(of: reader),
            !record.isIncomplete
        else { return nil }
        record.add(posts)
        return try record.completed(with: cache.marks, pull.graph)
    }

    /// The cache with a reader's feed, and what has been posted in that since; nil when it cannot be told.
    private func readableCache(for reader: UserID) throws -> (FeedCache, [PostID])? {
        let shard = router.shard(of: reader.slot)
        if let cache = try caches.current(of: shard) { return (cache, []) }
        guard let recent = try posts.freshCache(), let cache = caches.cache(of: shard, writable: false),
            let applied = cache.applied, let posts = try recent.posts(since: applied, inFeedOf: reader)
        else { return nil }
        return (cache, posts)
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
        // What others have committed since a snapshot of a server began is seen on the next.
        for _ in 0..<Limits.inlineSnapshots {
            let hasDone = try router.throughAllShards {
                try router.onOneSnapshot { try publishAll(entryLimit: limit) }
            }
            if !hasDone || router.servers == nil { return }
        }
    }

    /// Brings up what is behind; false when nothing was, or could be.
    private func publishAll(entryLimit limit: Int) throws -> Bool {
        var hasDone = false
        for shard in router.shards {
            let lock = caches.lock(of: shard)
            while try !isCurrent(shard) {
                guard try lock.tryAcquire() else { break }
                let isDone: Bool
                do {
                    defer { lock.release() }
                    isDone = try bringUp(shard, entryLimit: limit)
                }
                // Where the kernel does not name its boot, only what is synced counts, and that is not done here.
                if !isDone || caches.context.boot.identity == 0 { break }
                hasDone = true
            }
        }
        return hasDone
    }

    /// Whether a cache has applied all that this process sees.
    ///
    /// Where a snapshot of servers is read, others may have applied more meanwhile, which is no reason to undo it.
    private func isCurrent(_ shard: Int) throws -> Bool {
        guard router.servers != nil else { return try caches.current(of: shard, writable: true)?.isOfThisBoot == true }
        let heads = try caches.logHeads.vector()
        guard let cache = caches.cache(of: shard, writable: true), let applied = cache.applied else { return false }
        return cache.isOfThisBoot && applied.covers(heads)
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
}
