// Deleted is not gone: free pages, the write-ahead log, what is kept of older formats, and the logs and copies of
// replicas still hold what a row said. Here all of that goes.

extension SQLiteStore {
    /// Leaves no byte of what was deleted in the file, beside it, and with its replicas.
    ///
    /// Cost: writes the file anew, and each copy of it.
    /// - Throws: `quorumLost` when a replica cannot be reached, `busy` when somebody reads for longer than the wait.
    package func purge() throws {
        try withLock {
            let connection = try opened()
            if substitute != nil { throw lostTruth }
            try prepareReplicas(connection)
            try connection.purge(waitingMilliseconds: context.lockWaitMilliseconds)
            for suffix in [".new", ".new-wal", ".new-shm"] { try files.remove(path + suffix) }
            for format in 1..<SQLiteSchema.format {
                let kept = SQLiteStore.keptPath(path, format: format)
                for name in [kept, "\(kept).new"] { try files.remove(name) }
            }
            try replicas?.beginAnew(leader(connection))
        }
    }

    /// The replicas that cannot be reached now.
    package func missingReplicas() throws -> [String] {
        guard let replicas else { return [] }
        try replicas.holder.refresh()
        return replicas.places.filter { !$0.isThere }.map(\.directory)
    }
}

extension ShardReplicas {
    /// Makes every copy again from the leader, and lets all logs begin behind what was written so far; the replicas
    /// have been prepared.
    func beginAnew(_ leader: ReplicaLeader) throws {
        guard let own else { return }
        for place in places {
            guard place.isThere else {
                throw StorageError(
                    .quorumLost, "the replica \"\(place.directory)\" cannot be reached",
                    hint: "run the command again when it can, or remove it with \"social replica remove\"")
            }
            try copy(to: place, from: leader, own)
        }
        try home.makeLog(identity: own.identity, base: own.head, floor: own.floor)
    }
}
