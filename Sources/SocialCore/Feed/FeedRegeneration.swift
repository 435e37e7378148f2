// Feeds filled in bulk, for cron: all of a shard, or those that are missing, damaged or incomplete.

/// Fills many feeds of one shard at once.
///
/// The caller holds the shard's view lock.
package struct FeedRegeneration {
    let view: FeedView
    /// On how many cores.
    var jobs = Parallel.width

    private var caches: FeedCaches { view.caches }
    private var router: Router { caches.router }

    /// Builds a shard's cache afresh.
    ///
    /// - Returns: how many feeds were filled, and how many ids were put into them.
    package func rebuild() throws -> (feeds: Int, deliveries: Int) {
        // A dry run counts what would be filled, and writes no file.
        if caches.context.isDryRun { return (try accounts().count, 0) }
        let observer = caches.context.observer
        observer?.begin("building the feeds of shard \(view.shard)", total: nil)
        defer { observer?.end() }
        let build = FeedBuild(
            index: try caches.packedIndex(graph: view.pull.graph), shard: view.shard,
            capacity: caches.settings.feedCapacity, floor: view.floor, activeFloor: view.activeFloor,
            now: caches.context.clock.now, jobs: jobs)
        let done = try build.run(caches)
        observer?.advance(by: done.feeds)
        return done
    }

    /// Fills feeds that are missing, damaged or incomplete; or exactly those of some readers.
    ///
    /// The feeds of readers who have not been active stay as they are, and are read from the truth.
    func mend(_ cache: inout FeedCache, only readers: [UserID]?) throws -> Int {
        var filled = 0
        let activeFloor = view.activeFloor
        for reader in try readers ?? accounts() {
            if readers == nil, let state = cache.state(of: reader), state.isWhole,
                !state.isIncomplete || state.activeHour < activeFloor
            {
                continue
            }
            try view.fill(reader, &cache)
            filled += 1
        }
        return filled
    }

    func accounts() throws -> [UserID] {
        try router.read(shard: view.shard) { try $0.accountIDs() }
    }
}
