// Feeds filled in bulk, for cron: all of a shard, or those that are missing, damaged or incomplete.

/// Fills many feeds of one shard at once.
///
/// The caller holds the shard's view lock.
package struct FeedRegeneration {
    let view: FeedView
    /// What is to be done.
    var plan = Plan(onlyActive: true)

    /// What a regeneration is to do.
    package struct Plan: Sendable {
        /// Build all feeds afresh.
        package var isFull = false
        /// Leave out the feeds of those who have not been active lately; they are read from the truth.
        package var onlyActive = false
        /// Stop when the time is up; whoever was active last comes first.
        package var deadline: Timestamp?
        /// On how many cores.
        package var jobs = Parallel.width

        /// Everyone's feeds, without a limit of time.
        package init(isFull: Bool = false, onlyActive: Bool = false) {
            self.isFull = isFull
            self.onlyActive = onlyActive
        }
    }

    private var caches: FeedCaches { view.caches }
    private var router: Router { caches.router }

    /// Builds a shard's cache afresh.
    ///
    /// - Returns: how many feeds were filled, and how many ids were put into them.
    package func rebuild() throws -> (feeds: Int, deliveries: Int) {
        let build = FeedBuild(
            index: try caches.packedIndex(graph: view.pull.graph), shard: view.shard,
            capacity: caches.settings.feedCapacity, rules: view.rules, includesInactive: !plan.onlyActive,
            jobs: plan.jobs)
        return try build.run(caches)
    }

    /// Fills feeds that are missing, damaged or incomplete, those of whoever was active last first; or exactly those of
    /// some readers.
    ///
    /// - Returns: how many feeds were filled, and how many are left because the time is up.
    func mend(_ cache: inout FeedCache, only readers: [UserID]?) throws -> (filled: Int, left: Int) {
        let readers = try readers ?? unfilled(cache)
        for (filled, reader) in readers.enumerated() {
            if let deadline = plan.deadline, caches.context.clock.now >= deadline {
                return (filled, readers.count - filled)
            }
            try view.fill(reader, &cache)
        }
        return (readers.count, 0)
    }

    private func unfilled(_ cache: FeedCache) throws -> [UserID] {
        var found: [(activeAt: Timestamp, reader: UserID)] = []
        let rules = view.rules
        try router.read(shard: view.shard) { store in
            try store.forEachAccount { reader, activeAt in
                if let state = cache.state(of: reader), state.isWhole {
                    if !state.isIncomplete || (plan.onlyActive && !rules.keepsUp(readerActiveAt: activeAt)) { return }
                }
                found.append((activeAt, reader))
            }
        }
        return found.sorted { ($1.activeAt, $0.reader) < ($0.activeAt, $1.reader) }.map(\.reader)
    }

    func accounts() throws -> [UserID] {
        try router.read(shard: view.shard) { try $0.accountIDs() }
    }
}
