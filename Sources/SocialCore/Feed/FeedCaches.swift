// The cache files of all shards: which are open, which are current, and who may write them.

/// The feed caches of a data directory.
package final class FeedCaches {
    let router: Router
    let logHeads: LogHeads
    /// The settings; they change under a process that changes them itself.
    var settings: Settings
    let context: Context
    let isShared: Bool
    private let directory: String
    private let files: FileSystem
    private var open: [Open] = []
    private var locks: [Int: FileLock] = [:]
    private var inodes: InodeMemo
    private var knownIndex: FeedIndex?
    /// Accounts followed from which on a feed is read through the index.
    package var indexedAuthors = Limits.indexedAuthors

    private struct Open {
        var shard: Int
        var cache: FeedCache
        var inode: UInt64
    }

    /// The caches of a directory.
    package init(
        directory: String, router: Router, logHeads: LogHeads, settings: Settings, isShared: Bool, context: Context
    ) {
        self.directory = directory
        self.router = router
        self.logHeads = logHeads
        self.settings = settings
        self.isShared = isShared
        self.context = context
        files = FileSystem(ofViews: context)
        inodes = InodeMemo(files: files, isUsed: context.isLongRunning)
    }

    /// The cache file of a shard.
    package func path(of shard: Int) -> String {
        "\(DataDirectory.shardPath(directory, shard: shard))/feed.cache"
    }

    /// Whether this process may write the directory.
    var isWritable: Bool { files.isWritable(directory) }

    /// The lock under which a shard's views are written.
    func lock(of shard: Int) -> FileLock {
        if let lock = locks[shard] { return lock }
        let lock = FileLock(
            path: "\(DataDirectory.shardPath(directory, shard: shard))/views.lock", shared: isShared)
        locks[shard] = lock
        return lock
    }

    /// The cache of a shard as it is now; nil when there is none that fits the settings and the shards.
    package func cache(of shard: Int, writable: Bool) -> FeedCache? {
        // Whoever writes must have the file that is there now.
        if writable { inodes.forget(shard) }
        guard let inode = inodes.inode(shard, of: { path(of: shard) }) else { return nil }
        let known = open.firstIndex { $0.shard == shard }
        if let known, open[known].inode == inode, open[known].cache.map.isWritable || !writable {
            return open[known].cache.capacity == settings.feedCapacity ? open[known].cache : nil
        }
        guard let cache = FeedCache(opening: path(of: shard), writable: writable, context: context),
            cache.capacity == settings.feedCapacity
        else { return nil }
        remember(cache, inode, shard)
        return cache
    }

    private func remember(_ cache: FeedCache, _ inode: UInt64, _ shard: Int) {
        open.removeAll { $0.shard == shard }
        open.append(Open(shard: shard, cache: cache, inode: inode))
    }

    /// The cache of a shard if it has applied everything that was committed before this call.
    package func current(of shard: Int, writable: Bool = false) throws -> FeedCache? {
        guard !router.hasOpenGroup else { return nil }
        // The heads first: what is applied when they have been read covers them, or the cache is behind.
        let heads = try logHeads.vector()
        try router.require(shard)
        guard let cache = cache(of: shard, writable: writable), let applied = cache.applied, applied.covers(heads)
        else { return nil }
        // Ahead of a head that was read a moment ago: others have committed and published since. Ahead of the log
        // itself: an older file was put back, and the cache shows what is no more.
        for entry in applied.entries where entry.position.n > heads[entry.shard]?.n ?? .max {
            let state = try router.read(shard: entry.shard) { try $0.state() }
            guard entry.position.n <= state.head, entry.position.incarnation == state.incarnation else { return nil }
        }
        return cache
    }

    /// Makes a new cache file for a shard, writes its records, and puts it in its place.
    func rebuild(
        _ shard: Int, room: FeedCache.Room, vector: OffsetVector, _ fill: (FeedCache) throws -> Void
    ) throws -> FeedCache {
        let path = path(of: shard)
        let cache = try FeedCache.create(
            path, capacity: settings.feedCapacity, room: room, vector: vector, shared: isShared, context: context)
        try fill(cache)
        try cache.publish(as: path, context: context)
        inodes.forget(shard)
        remember(cache, files.inode(of: path) ?? 0, shard)
        return cache
    }

    /// The cache with room for more feeds: a copy in a larger file, without what records that grew have left behind.
    ///
    /// - Parameter sources: how far it has come in each log; nil: as it says itself.
    func grown(_ shard: Int, _ cache: FeedCache, sources: OffsetVector? = nil) throws -> FeedCache {
        let records = cache.readers.compactMap { reader -> FeedRecord? in
            if case .found(let record) = cache.record(of: reader) { record } else { nil }
        }
        let units = records.reduce(0) { sum, record in
            sum + FeedCache.units(ofRing: FeedCache.ring(for: record.entries.count, cache.capacity))
        }
        let marks = cache.marks ?? []
        var room = FeedCache.Room.generous(feeds: 2 * records.count, units: 2 * units, marks: marks.count)
        room.units = max(room.units, cache.room.units)
        return try rebuild(shard, room: room, vector: sources ?? cache.applied ?? OffsetVector()) { larger in
            for record in records { _ = try larger.replace(record) }
            for mark in marks {
                _ = try larger.mark(mark.first, by: mark.author)
                _ = try larger.mark(mark.last, by: mark.author)
            }
        }
    }

    // MARK: The index

    /// Where the packed index lies.
    private var indexPath: String { "\(directory)/feed.index" }

    /// The index of follows and posts as it is now; nil when there is none that so many log entries bring up to date.
    func index(graph: Graph, entryLimit: Int) throws -> FeedIndex? {
        guard !router.hasOpenGroup else { return nil }
        let heads = try logHeads.vector()
        let known = knownIndex ?? FeedIndex(opening: indexPath, files: files)
        // Whatever fails half-way is not gone on from.
        knownIndex = nil
        guard let known,
            try unlessDamaged({
                try known.catchUp(graph: graph, heads: heads, entryLimit: known.changes.entries + entryLimit)
            }) == true
        else { return nil }
        knownIndex = known
        return known
    }

    /// The index, for a reader who follows so many that it is worth while.
    func index(forReader reader: UserID, graph: Graph) throws -> FeedIndex? {
        guard !router.hasOpenGroup else { return nil }
        let count = try router.read(reader.slot) { try $0.followeeCount(of: reader) }
        guard count >= indexedAuthors else { return nil }
        if let index = try index(graph: graph, entryLimit: Limits.indexChanges) { return index }
        return context.isLongRunning && !context.isDryRun ? try packedIndex(graph: graph) : nil
    }

    /// What is read of the index; nil when that is damaged: it goes, and is made again some time.
    func unlessDamaged<Result>(_ body: () throws -> Result) throws -> Result? {
        do { return try body() } catch let error as StorageError where error.code == .damaged {
            knownIndex = nil
            if isWritable, !context.isDryRun { try? files.remove(indexPath) }
            return nil
        }
    }

    /// The index with nothing beside what is packed; it is made when there is none, and may be a moment old.
    func packedIndex(graph: Graph) throws -> FeedIndex {
        let known = try index(graph: graph, entryLimit: Limits.indexEntries)
        let packed = try known.flatMap { known in
            // All of it will be read anyway.
            try unlessDamaged {
                try known.packed.prove()
                return try known.changes.entries == 0 ? known : known.compacted()
            }
        }
        if let packed, packed === known { return packed }
        let index = try packed ?? FeedIndex.build(router: router, logHeads: logHeads)
        try save(index)
        knownIndex = index
        return index
    }

    /// Packs the index again when so much has changed that commands would have to read long logs, and there are so many
    /// feeds that it is worth while.
    func keepIndex(graph: Graph) throws {
        guard isWritable else { return }
        let isThere = files.exists(indexPath)
        guard try isThere || router.gather({ try $0.accountCount() }).reduce(0, +) > Limits.inlineFeeds else { return }
        if let index = try index(graph: graph, entryLimit: Limits.indexChanges), isThere,
            index.changes.entries <= Limits.indexChanges
        {
            return
        }
        _ = try packedIndex(graph: graph)
    }

    private func save(_ index: FeedIndex) throws {
        guard isWritable, !context.isDryRun else { return }
        let lock = FileLock(path: "\(indexPath).lock", shared: isShared)
        // Somebody else who packs it at this moment writes as good a one.
        guard try lock.tryAcquire() else { return }
        defer { lock.release() }
        try index.packed.write(indexPath, kind: FeedIndex.kind, shared: isShared, files: files)
    }
}
