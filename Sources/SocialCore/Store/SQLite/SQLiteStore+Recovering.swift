// A shard's truth that is damaged, made anew in its place.

extension SQLiteStore {
    /// Keeps the damaged file in quarantine, and puts in its place what of it can be proved.
    ///
    /// Nobody writes meanwhile, and logs begin a new life. A process that is killed leaves the damaged file where it
    /// was, or the new one in its place.
    ///
    /// - Parameters:
    ///   - directory: the data directory.
    ///   - shared: whether others of the group may write it.
    /// - Throws: `damaged` when nothing can be read at all; then everything stays as it is.
    package func recover(directory: String, shared: Bool) throws -> Recovery {
        try withLock {
            forgetConnection()
            let recovery = try Quarantine.run(
                in: directory, shard: shard, of: "truth", shared: shared, context: context
            ) {
                try $0.renew(path) { new in
                    let incarnation = context.random.next()
                    try SQLiteSchema.create(in: new, shard: shard, incarnation: incarnation, map: map.current)
                } recover: { from, to in
                    try TruthRecovery(of: shard, from: from, to: to, map: map.current, now: context.clock.now).run()
                }
            }
            let state = try opened().perform { try SQLTransaction(reading: $0, shard: shard).state() }
            try heads?.announce(
                shard: shard, incarnation: state.incarnation, inode: files.inode(of: path) ?? 0, head: state.head)
            return recovery
        }
    }

    /// Keeps the damaged file in quarantine, and puts the newest replica's copy in its place.
    ///
    /// - Throws: as `promote`; then everything stays as it is.
    func keepAndPromote(directory: String, shared: Bool) throws {
        try Quarantine.run(in: directory, shard: shard, of: "truth", shared: shared, context: context) { quarantine in
            try withLock {
                forgetConnection()
                if files.exists(path) { try quarantine.keep(path) }
            }
            try quarantine.close(Recovery())
            _ = try promote(from: nil)
        }
    }
}
