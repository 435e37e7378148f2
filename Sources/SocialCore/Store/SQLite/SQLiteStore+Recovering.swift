// A shard's truth that is damaged, made anew in its place.

internal import GRDB

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
            let quarantine = try Quarantine(in: directory, shard: shard, of: "truth", shared: shared, context: context)
            do { return try recover(quarantine, shared: shared) } catch {
                quarantine.abandon()
                throw error
            }
        }
    }

    /// Keeps the damaged file in quarantine, and puts the newest replica's copy in its place.
    ///
    /// - Throws: as `promote`; then everything stays as it is.
    func keepAndPromote(directory: String, shared: Bool) throws {
        let quarantine = try Quarantine(in: directory, shard: shard, of: "truth", shared: shared, context: context)
        do {
            try withLock {
                forgetConnection()
                if files.exists(path) { _ = try quarantine.keep(path, context: context) }
            }
            _ = try promote(from: nil)
            try quarantine.close(Recovery())
        } catch {
            quarantine.abandon()
            throw error
        }
    }

    private func recover(_ quarantine: Quarantine, shared: Bool) throws -> Recovery {
        let damaged = try quarantine.keep(path, context: context)
        let new = quarantine.newPath("whole")
        try files.makeEmptyFile(new, shared: shared)
        let wait = context.lockWaitMilliseconds
        let whole = try SQLiteConnection(path: new, mode: .readWrite, busyMilliseconds: wait)
        let recovery = try whole.perform { to in
            let incarnation = context.random.next()
            try SQLiteSchema.create(in: to, shard: shard, incarnation: incarnation, map: map.current)
            return try damaged.perform { from in
                try from.mendSchema(like: to)
                try to.execute(sql: "BEGIN IMMEDIATE")
                let recovery = try TruthRecovery(
                    of: shard, from: from, to: to, map: map.current, now: context.clock.now
                ).run()
                try to.execute(sql: "COMMIT")
                return recovery
            }
        }
        _ = try whole.truncateLog(busyMilliseconds: wait)
        try whole.replace(path, files: files, busyMilliseconds: wait)
        try quarantine.close(recovery)
        let state = try opened().perform { try SQLiteTransaction(reading: $0, shard: shard).state() }
        try heads?.announce(
            shard: shard, incarnation: state.incarnation, inode: files.inode(of: path) ?? 0, head: state.head)
        return recovery
    }
}
