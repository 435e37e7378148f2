// What is done to the replicas of a shard as a whole, under the lock of its truth.

extension SQLiteStore {
    /// Runs a block while nobody else writes this shard.
    package func withLock<Result>(_ body: () throws -> Result) throws -> Result {
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer {
            replicas?.release()
            lock.release()
        }
        return try body()
    }

    /// Makes the logs and copies of this shard where there are none yet, and finishes what an interrupted writer began.
    package func makeReplicas() throws { try withLock { try prepareReplicas(opened()) } }

    /// The state of each replica, the leader's first; none where there are no replicas.
    package func replicaStatus(isDeep: Bool) throws -> [ReplicaStatus] {
        guard let replicas, replicas.replication != nil else { return [] }
        return replicas.status(isDeep: isDeep) {
            substitute == nil ? try? opened().perform(SQLiteChanges.position) : nil
        }
    }

    /// Makes replicas as good as new.
    ///
    /// - Parameter directory: which one; nil for all.
    /// - Returns: what was done to each of them.
    package func repairReplicas(_ directory: String?) throws -> [(place: String, repair: ReplicaRepair)] {
        guard let replicas, replicas.replication != nil else { return [] }
        let connection = try opened()
        let places = replicas.places.filter { directory == nil || $0.directory == directory }
        let copied = try replicas.copyAfresh(places, from: leader(connection))
        return try withLock {
            let leader = try leader(connection)
            try replicas.prepare(leader, isRepair: true)
            let done = try places.map { place in
                let isCopied = copied.contains(place.directory)
                return (place.directory, try replicas.repair(place, leader, isCopied: isCopied))
            }
            // What an interrupted writer left can be finished now.
            try prepareReplicas(connection)
            replicas.settle(isLast: true)
            return done
        }
    }

    /// Brings a file of an older format up to date, as whoever reads it does.
    package func modernise() throws { _ = try read { try $0.state() } }

    /// Copies this shard to the directory of a replica that is about to be added; the caller holds the lock.
    ///
    /// - Parameter isFirst: whether there has been no replica so far.
    package func copyToReplica(_ directory: String, isFirst: Bool) throws {
        guard let replicas else { return }
        let connection = try opened()
        if !isFirst { try prepareReplicas(connection) }
        let leader = try leader(connection)
        guard let own = isFirst ? try replicas.begin(leader) : replicas.own else { return }
        try replicas.copy(to: replicas.place(directory), from: leader, own)
    }

    /// Makes sure that other replicas than the present ones hold everything; the caller holds the lock.
    package func requireReplicas(_ replication: Replication?) throws {
        guard let replicas, replicas.replication != nil else { return }
        let present = replicas.replication
        defer { replicas.holder.current = present }
        replicas.holder.current = try replication ?? Replication(places: [])
        try replicas.prepare(leader(opened()))
    }

    /// Removes the leader's log: there are no replicas any more.
    package func removeReplicaLog() throws {
        guard let replicas else { return }
        try files.remove(replicas.home.logPath)
    }

    /// Puts the newest replica's copy in the place of this shard's truth, and raises the epoch.
    ///
    /// - Returns: the directory whose copy was taken.
    package func promote(from directory: String?) throws -> String {
        guard let replicas else { throw lostTruth }
        let source = try withLock {
            try replicas.holder.refresh()
            if !context.isDryRun { forgetConnection() }
            return try replicas.remakeLeader(from: directory)
        }
        if context.isDryRun { return source }
        replicas.isPromoting = true
        defer { replicas.isPromoting = false }
        let wasGrouping = isGrouping
        if wasGrouping { try endGroup() }
        try beginLog()
        if wasGrouping { beginGroup() }
        return source
    }

    /// Begins another life of the log, after which no place in the former one means anything.
    func beginLog() throws { try writeAll { try $0.renew(incarnation: context.random.next()) } }
}
