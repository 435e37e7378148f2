// Reading with replicas: a read quorum of logs is asked how far it has come, and where the leader's truth cannot be
// read a copy takes its place.

extension ShardReplicas {
    /// What was found out when a read quorum was asked last.
    struct Reading {
        /// When; nil when it never was.
        var askedAtMilliseconds: Int64?
        /// Whether fewer could be asked, and the answer was wanted all the same.
        var isShort = false
        /// Replicas whose copies have turned out to be damaged.
        var damaged: [String] = []
    }

    /// Asks a read quorum how far the shard has come.
    ///
    /// - Returns: the newest position; nil when there is nobody to ask, or it was done a moment ago.
    /// - Throws: `quorumLost`, `superseded`.
    func ask(_ position: ReplicaPosition) throws -> ReplicaPosition? {
        guard let replication else { return nil }
        let now = MonotonicClock.milliseconds
        if let last = reading.askedAtMilliseconds, now - last < Limits.replicaCheckMilliseconds { return nil }
        let own = try? home.log(provesLast: false)
        if own == nil, isNew(position) { return nil }
        var logs = own.map { [$0] } ?? []
        for place in places where logs.count < replication.readQuorum && place.isThere {
            guard let log = try? place.log(provesLast: false), log.identity == logs.first?.identity ?? log.identity
            else { continue }
            logs.append(log)
        }
        reading.isShort = logs.count < replication.readQuorum
        if reading.isShort, !context.readsAvailable { throw short(logs.count, replication) }
        if let own, let other = logs.first(where: { $0.head.position.epoch > own.epoch }), !context.readsAvailable {
            throw superseded(by: other)
        }
        reading.askedAtMilliseconds = now
        return logs.map(\.head.position).max()
    }

    private func short(_ count: Int, _ replication: Replication) -> StorageError {
        StorageError(
            .quorumLost,
            "\(count) of \(replication.copies) replicas can be asked, and a read needs \(replication.readQuorum)",
            hint: "read what there is with \"--read-consistency available\", or see \"social replica status\"")
    }

    func superseded(by other: ReplicaLog) -> StorageError {
        StorageError(
            .superseded, "\"\(other.path)\" follows another leader than \"\(holder.directory)\"",
            hint: "use the directory that was recovered; \"social replica promote\" makes this one the leader")
    }

    /// A copy that holds every acknowledged change, brought up to date in its place.
    ///
    /// - Throws: `quorumLost` or `damaged` when there is none.
    func newestCopy() throws -> (connection: SQLiteConnection, path: String) {
        guard let replication else { throw StorageError(.damaged, "there are no replicas") }
        let logs = readable()
        reading.isShort = logs.count < replication.readQuorum
        if reading.isShort, !context.readsAvailable { throw short(logs.count, replication) }
        let newest = logs.map(\.head.position).max() ?? .start
        var best: (position: ReplicaPosition, place: ReplicaPlace)?
        for place in places where place.isThere && !reading.damaged.contains(place.directory) {
            guard let position = try? advance(place.copy, by: logs) else { continue }
            if best.map({ $0.position < position }) ?? true { best = (position, place) }
            if position == newest { break }
        }
        guard let best, best.position == newest || context.readsAvailable else {
            throw StorageError(
                .damaged, "no replica of shard \(shard) can take the place of \"\(home.copy.path)\"",
                hint: "see \"social replica status\"")
        }
        if best.position < newest { reading.isShort = true }
        return (try best.place.copy.open(), best.place.directory)
    }

    /// Brings a copy as far as some logs reach; how far that is.
    func advance(_ copy: SQLiteCopy, by logs: [ReplicaLog]) throws -> ReplicaPosition {
        var position = try copy.position()
        for log in logs.sorted(by: { $0.head.position > $1.head.position }) where log.head.position > position {
            position = max(position, try copy.advance(by: log))
        }
        return position
    }
}
