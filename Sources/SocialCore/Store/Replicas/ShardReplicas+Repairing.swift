// Replicas made, made again, and made the leader.

/// What a repair did to a replica.
package enum ReplicaRepair: String, Sendable {
    /// There was nothing to do.
    case none
    /// Its copy took up what its log held.
    case log
    /// Everything was copied.
    case copy
}

extension ShardReplicas {
    /// Looks at every row of some replicas, and copies everything to those that need it, while others write.
    ///
    /// - Returns: the directories to which everything was copied; their logs are still to be begun.
    /// - Throws: `damaged` when the leader itself is: nothing is copied from it then.
    func copyAfresh(_ places: [ReplicaPlace], from leader: ReplicaLeader) throws -> [String] {
        let statuses = status(isDeep: true) { try? leader.connection.perform(SQLiteChanges.position) }
        let lost = places.filter { place in
            statuses.contains { $0.place == place.directory && !$0.isLeader && $0.needsCopy }
        }
        if !lost.isEmpty, let truth = statuses.first, truth.isTruthLost {
            throw StorageError(
                .damaged, "\"\(home.copy.path)\" is damaged: \(truth.problem ?? "")",
                hint: "run \"social replica promote\" first")
        }
        for place in lost {
            try place.makeFolder()
            try place.copy.make(from: leader.connection)
        }
        return lost.map(\.directory)
    }

    /// Makes one replica of a shard as good as new; its leader has been prepared for repair.
    ///
    /// - Parameter isCopied: whether everything has just been copied to it.
    func repair(_ place: ReplicaPlace, _ leader: ReplicaLeader, isCopied: Bool) throws -> ReplicaRepair {
        guard let own else { return .none }
        let follower = followers.first { $0.place.directory == place.directory }
        if let follower, !isCopied {
            if try place.copy.position() == follower.log.head.position { return .none }
            if try place.copy.advance(by: follower.log) == follower.log.head.position { return .log }
        }
        // Since it was copied, the leader's log may have been begun anew.
        let isFitting = try isCopied && follow(place, from: place.copy.position(), own)
        if !isFitting { try copy(to: place, from: leader, own) }
        return .copy
    }

    /// Copies everything to a replica: the truth, and the log from there on.
    func copy(to place: ReplicaPlace, from leader: ReplicaLeader, _ own: ReplicaLog) throws {
        try place.makeFolder()
        guard try follow(place, from: place.copy.make(from: leader.connection), own) else {
            throw outdated("its own log")
        }
    }

    /// Begins the log of a replica where its copy ends: false when the leader's log does not reach back to there.
    private func follow(_ place: ReplicaPlace, from position: ReplicaPosition, _ own: ReplicaLog) throws -> Bool {
        guard let base = try own.mark(at: position.sequence), base.position == position,
            let entries = try own.entries(after: position.sequence)
        else { return false }
        // The log of a follower is locked already.
        let isFollower = followers.contains { $0.place.directory == place.directory }
        let lock = isFollower ? nil : try place.lock()
        defer { lock?.release() }
        try place.makeLog(identity: own.identity, base: base, entries: entries)
        return true
    }

    /// Begins the leader's log of a shard that has had no replicas.
    func begin(_ leader: ReplicaLeader) throws -> ReplicaLog {
        let base = ReplicaMark(leader.position, check: context.random.next())
        try home.makeLog(identity: context.random.next(), base: base)
        guard let log = try home.log(provesLast: true) else { throw outdated("its own log") }
        return log
    }

    /// Makes the leader's truth and log again from the newest replicas; the caller holds the lock of the truth.
    ///
    /// - Parameter directory: which replica's copy is taken; nil for any that is the newest.
    /// - Returns: whose copy was taken, or would be in a dry run.
    /// - Throws: `quorumLost` when too few logs can be read to know the newest change.
    func remakeLeader(from directory: String?) throws -> String {
        guard let replication else { throw StorageError(.quorumLost, "there are no replicas") }
        let logs = readable()
        guard logs.count >= max(replication.promotionQuorum, 1),
            let newest = logs.max(by: { $0.head.position < $1.head.position })
        else {
            throw StorageError(
                .quorumLost,
                "\(logs.count) of \(replication.copies) replicas of shard \(shard) can be read, and it takes "
                    + "\(replication.promotionQuorum) to know the newest change",
                hint: "bring the others back; see \"social replica status\"")
        }
        for place in places where place.isThere && (directory == nil || place.directory == directory) {
            if context.isDryRun { return place.directory }
            guard (try? advance(place.copy, by: logs)) == newest.head.position, try place.copy.problems().isEmpty
            else { continue }
            try home.makeFolder()
            _ = try home.copy.remake(from: place.copy.open())
            var entries: [ReplicaEntry] = []
            try newest.forEach { entries.append($0) }
            try home.makeLog(
                identity: newest.identity, base: newest.base, floor: newest.epoch + 1, entries: entries)
            return place.directory
        }
        throw StorageError(
            .damaged, "\(directory.map { "\"\($0)\"" } ?? "no replica") has all of shard \(shard)",
            hint: "see \"social replica status --deep\"")
    }
}
