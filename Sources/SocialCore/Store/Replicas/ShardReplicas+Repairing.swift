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
    /// Makes one replica of a shard as good as new; its leader has been prepared for repair.
    ///
    /// - Throws: what hinders it.
    func repair(_ place: ReplicaPlace, _ leader: ReplicaLeader) throws -> ReplicaRepair {
        let status = status(leader: leader.position, isDeep: true).first { $0.place == place.directory && !$0.isLeader }
        guard let own, let status else { return .none }
        if let follower = followers.first(where: { $0.place.directory == place.directory }), !status.needsCopy {
            if try place.copy.position() == follower.log.head.position { return .none }
            if try place.copy.advance(by: follower.log) == follower.log.head.position { return .log }
        }
        try copy(to: place, from: leader, own)
        return .copy
    }

    /// Copies everything to a replica: the truth, and the log from there on.
    func copy(to place: ReplicaPlace, from leader: ReplicaLeader, _ own: ReplicaLog) throws {
        try place.makeFolder()
        let position = try place.copy.make(from: leader.connection)
        guard let base = try own.mark(at: position.sequence), base.position == position,
            let entries = try own.entries(after: position.sequence)
        else { throw outdated("its own log") }
        // Where the replica is a follower its log is locked already.
        let isFollower = followers.contains { $0.place.directory == place.directory }
        let lock = isFollower ? nil : try place.lock()
        defer { lock?.release() }
        try place.makeLog(identity: own.identity, base: base, entries: entries)
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
