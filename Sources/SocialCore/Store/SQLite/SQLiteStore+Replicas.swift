// What a shard's SQLite engine does with its replicas: it asks them before it reads, hands them each commit, and reads
// from a copy where its own file fails.

internal import GRDB

extension SQLiteStore {
    // MARK: Writing

    /// Gets the replicas ready for a transaction; the caller holds the lock.
    func prepareReplicas(_ connection: SQLiteConnection) throws {
        guard let replicas else { return }
        try replicas.holder.refresh()
        guard replicas.replication != nil else { return }
        guard isPresent else { throw StoreError(.slotMoved, "\"\(path)\" was replaced", hint: "try again") }
        try replicas.prepare(leader(connection))
    }

    func leader(_ connection: SQLiteConnection) throws -> ReplicaLeader {
        ReplicaLeader(
            position: try connection.perform(SQLiteChanges.position),
            complete: { try self.complete($0, connection) }, connection: connection)
    }

    /// Hands the open transaction to the replicas, where there are any.
    func handToReplicas(_ transaction: SQLTransaction, _ connection: SQLiteConnection) throws {
        guard let replicas, let changes = transaction.changes, let next = replicas.next else { return }
        let bytes = try connection.perform { database in
            try SQLiteChanges.setPosition(next, in: database)
            return try changes.bytes()
        }
        do { try replicas.append(bytes, incarnation: transaction.current.incarnation) } catch {
            if replicas.hasFailedSync { failure = error }
            throw error
        }
    }

    /// Commits what an interrupted writer has handed to the replicas.
    private func complete(_ entry: ReplicaEntry, _ connection: SQLiteConnection) throws {
        do {
            let state = try connection.perform { database in
                try database.cachedStatement(sql: "PRAGMA synchronous = FULL").run()
                try database.cachedStatement(sql: "BEGIN IMMEDIATE").run()
                try SQLiteChanges.apply(entry, to: database, file: path)
                return try SQLTransaction(reading: database, shard: shard).state()
            }
            try makeDurable(state, connection)
        } catch {
            try? connection.perform { database in
                if database.isInsideTransaction { try database.execute(sql: "ROLLBACK") }
            }
            throw error
        }
    }

    // MARK: Reading

    /// Runs reads on a snapshot that holds every acknowledged change.
    func readWithReplicas<Result>(
        _ replicas: ShardReplicas, _ body: (any StoreReader) throws -> Result
    ) throws -> Result {
        var hasBegun = false
        func snapshot() throws -> Result {
            try readSnapshot(asMover: false) { reader in
                hasBegun = true
                return try body(reader)
            }
        }
        do {
            if substitute == nil || !isPresent { try catchUp(replicas) }
            return try snapshot()
        } catch let error as StorageError where [.damaged, .noSuchFile, .ioError].contains(error.code) {
            if let substitute { replicas.reading.damaged.append(substitute) }
            let copy = try replicas.newestCopy()
            context.observer?.note("shard \(shard): \(error.message); reading from \"\(copy.path)\"")
            read(from: copy.connection, of: copy.path)
            // What the block has done meanwhile cannot be taken back; the command begins again if it can.
            if hasBegun { throw error }
            return try snapshot()
        }
    }

    /// Makes sure that this file has what a read quorum of logs has.
    private func catchUp(_ replicas: ShardReplicas) throws {
        let connection = try opened()
        func position() throws -> ReplicaPosition { try connection.perform(SQLiteChanges.position) }
        let before = try position()
        guard let newest = try replicas.ask(before), try newest > position() else { return }
        // A commit that is under way is in the logs first. Otherwise its writer was interrupted.
        let missing = newest.sequence - before.sequence
        if missing <= 1 {
            guard files.isWritable(path), try lock.tryAcquire() else { return }
        } else {
            try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        }
        defer {
            replicas.release()
            lock.release()
        }
        do { try prepareReplicas(connection) } catch let error as StorageError where error.code == .quorumLost {
            // What too few replicas have was never acknowledged.
            if missing > 1, !context.readsAvailable { throw error }
        }
    }

    /// Since when what was read may be out of date: the newest change that was there; nil when it is not.
    package func staleSince() throws -> Timestamp? {
        guard let replicas, replicas.reading.isShort else { return nil }
        return try opened().perform { try SQLiteChanges.newestChange(in: $0) } ?? IdentityLayout.earliest
    }

    /// What is to be said where nothing can be written because the truth is gone.
    var lostTruth: StorageError {
        StorageError(
            .damaged, "\"\(path)\" cannot be read, and nothing can be written until another copy takes its place",
            hint: "run \"social replica promote\"")
    }
}
