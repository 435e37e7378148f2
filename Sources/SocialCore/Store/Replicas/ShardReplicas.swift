// How a commit of one shard survives the loss of a disk: it is appended to the synced logs of a write quorum before it
// is committed. The leader's own log comes first, so whatever any replica holds, the leader's next writer knows of it
// and completes it. The rules stand in DESIGN.md §4.

/// The leader's database, as far as its replicas ask for it.
struct ReplicaLeader {
    /// How far it has come.
    let position: ReplicaPosition
    /// Makes a change that the logs hold already, and commits it.
    let complete: (ReplicaEntry) throws -> Void
    /// The database itself, of which copies are made.
    let connection: SQLiteConnection
}

/// The replicas of one shard.
///
/// Everything but reading is done by whoever holds the lock of the leader's truth.
package final class ShardReplicas {
    let shard: Int
    let isShared: Bool
    let context: Context
    let holder: ReplicationHolder
    /// The replicas that hold everything, while a write is under way.
    private(set) var followers: [ReplicaFollower] = []
    /// The leader's log, while a write is under way.
    private(set) var own: ReplicaLog?
    /// Whether the next commit raises the epoch: every write quorum must then meet a log that has it.
    var isPromoting = false
    /// Whether the leader's log could not be synced: this process then writes no more.
    private(set) var hasFailedSync = false
    /// What was found out by the last reading, and when.
    var reading = Reading()

    /// The replicas of a shard of a data directory.
    package init(shard: Int, shared: Bool, holder: ReplicationHolder, context: Context) {
        self.shard = shard
        isShared = shared
        self.holder = holder
        self.context = context
    }

    /// Whether there are replicas, as far as this process knows.
    var replication: Replication? { holder.current }
    var files: FileSystem { FileSystem(tap: context.fileTap) }

    func place(_ directory: String) -> ReplicaPlace {
        ReplicaPlace(directory: directory, shard: shard, isShared: isShared, context: context)
    }

    /// The leader's own folder.
    var home: ReplicaPlace { place(holder.directory) }
    /// The others, in order.
    var places: [ReplicaPlace] { (replication?.places ?? []).map(place) }

    // MARK: Writing

    /// Where the next commit leads; nil when there are no replicas.
    var next: ReplicaPosition? {
        own.map { ReplicaPosition(epoch: $0.epoch, sequence: $0.head.position.sequence + 1) }
    }

    /// Gets a write quorum to the leader's position, after completing what an earlier writer has begun.
    ///
    /// - Parameter isRepair: whether replicas are about to be made again, so that too few are no reason to stop.
    /// - Throws: `quorumLost` when too few can be brought there: nothing was changed then.
    func prepare(_ leader: ReplicaLeader, isRepair: Bool = false) throws {
        release()
        guard let replication else { return }
        if context.isDryRun { return try replication.require(readable().count) }
        do {
            var found = try open()
            var own = try leaderLog(leader, &found, isRepair)
            try adopt(from: found, &own)
            // Who wrote the last entry may have been killed before syncing it.
            let isUnfinished = own.head.position > leader.position
            if isUnfinished { try own.sync() }
            followers = found.compactMap { bringUp($0, to: own, syncing: isUnfinished) }
            if !isRepair { try replication.require(followers.count + 1) }
            if isUnfinished, !isRepair {
                guard let entries = try own.entries(after: leader.position.sequence) else {
                    throw outdated("its own log")
                }
                for entry in entries { try leader.complete(entry) }
            }
            self.own = own
        } catch {
            release()
            throw error
        }
    }

    /// Hands a commit to the replicas.
    ///
    /// - Throws: an error that leaves nothing behind, or `outcomeUnknown`.
    func append(_ changes: [UInt8], incarnation: UInt64) throws(StorageError) {
        guard var own, let replication else { return }
        let entry = ReplicaEntry(after: own.head, epoch: own.epoch, incarnation: incarnation, changes: changes)
        // What did not reach the first log has not happened; what reached it may happen at any time from now on.
        try own.append([entry])
        do { try own.sync() } catch {
            hasFailedSync = true
            throw unknown(error.message)
        }
        self.own = own
        var reached = 1
        var reason = ""
        for index in followers.indices.reversed() {
            do throws(StorageError) {
                try followers[index].log.append([entry])
                try followers[index].log.syncOrRewrite(shard: shard, shared: isShared)
                reached += 1
            } catch {
                reason = error.message
                followers[index].lock.release()
                followers.remove(at: index)
            }
        }
        let needed = isPromoting ? max(replication.writeQuorum, replication.promotionQuorum) : replication.writeQuorum
        if reached < needed { throw unknown("\(reached) of \(needed) replicas have it: \(reason)") }
    }

    private func unknown(_ reason: String) -> StorageError {
        StorageError(
            .outcomeUnknown, "the change may or may not be stored: \(reason)",
            hint: "look whether it is there, or repeat it under its --idempotency-key")
    }

    /// Lets the copies take up what is in logs that have grown long, and begins these anew.
    ///
    /// - Parameter isLast: whether the process is about to end, so that short logs are worth it too.
    func settle(isLast: Bool = false) {
        guard let own, let replication else { return }
        let limit = isLast ? ReplicaLog.headerBytes : Limits.replicaLogBytes
        for follower in followers where follower.log.sizeBytes > limit {
            // A copy that cannot take it up keeps its log, and is found out by a repair.
            guard (try? follower.place.copy.advance(by: follower.log)) == follower.log.head.position else { continue }
            try? follower.place.makeLog(identity: own.identity, base: follower.log.head)
        }
        let isNeeded = followers.count < replication.places.count && own.sizeBytes < Limits.replicaLogMaximumBytes
        if own.sizeBytes > limit, !isNeeded {
            try? home.makeLog(identity: own.identity, base: own.head, floor: own.floor)
        }
        release()
    }

    /// Gives the locks of the logs back.
    func release() {
        for follower in followers { follower.lock.release() }
        followers = []
        own = nil
    }

    // MARK: Finding out

    /// The logs of this shard that can be read, the leader's first.
    ///
    /// Where the leader's is lost, what most of the others say is this shard.
    func readable() -> [ReplicaLog] {
        let own = try? home.log(provesLast: true)
        let others = places.filter(\.isThere).compactMap { try? $0.log(provesLast: true) }
        let logs = (own.map { [$0] } ?? []) + others
        let identity =
            own?.identity
            ?? others.map(\.identity).max { one, other in
                others.count { $0.identity == one } < others.count { $0.identity == other }
            }
        return logs.filter { $0.identity == identity }
    }

    /// The logs of the other replicas that can be opened, locked.
    private func open() throws(StorageError) -> [ReplicaFollower] {
        var found: [ReplicaFollower] = []
        for place in places where place.isThere {
            guard let lock = try? place.lock() else { continue }
            guard let log = try? place.log(provesLast: true), log.sizeBytes < Limits.replicaLogMaximumBytes else {
                lock.release()
                continue
            }
            found.append(ReplicaFollower(place: place, lock: lock, log: log))
        }
        return found
    }

    /// The leader's log, made again where it is lost.
    private func leaderLog(
        _ leader: ReplicaLeader, _ found: inout [ReplicaFollower], _ isRepair: Bool
    ) throws -> ReplicaLog {
        let log: ReplicaLog?
        do { log = try home.log(provesLast: true) } catch {
            guard error.code == .damaged else { throw error }
            log = nil
        }
        if let log, log.head.position == leader.position {
            // What the truth has taken up is not needed any more.
            guard isRepair, try !log.isWhole() else { return log }
            try home.makeLog(identity: log.identity, base: log.head, floor: log.floor)
        } else if let log, log.head.position > leader.position, try log.isWhole() {
            return log
        } else if log == nil, isNew(leader.position) {
            for follower in found { follower.lock.release() }
            found = try establish(leader)
        } else {
            try remakeLog(leader, found, isRepair)
        }
        guard let made = try home.log(provesLast: true) else { throw outdated("its own log") }
        return made
    }

    /// Whether nothing has been written to a shard yet, and whoever made its logs may have been interrupted.
    func isNew(_ position: ReplicaPosition?) -> Bool {
        guard position == .start, !files.exists(home.logPath) else { return false }
        return places.filter(\.isThere).allSatisfy {
            (try? $0.log(provesLast: false))?.head.position ?? .start == .start
        }
    }

    /// Makes the logs and the copies of a shard that is new.
    private func establish(_ leader: ReplicaLeader) throws -> [ReplicaFollower] {
        let identity = context.random.next()
        let base = ReplicaMark(leader.position, check: context.random.next())
        for place in places where place.isThere {
            do {
                try place.makeFolder()
                _ = try place.copy.make(from: leader.connection)
                try place.makeLog(identity: identity, base: base)
            } catch is StorageError { continue }
        }
        let found = try open().filter { $0.log.identity == identity }
        try replication?.require(found.count + 1)
        try home.makeLog(identity: identity, base: base)
        return found
    }

    /// Makes the leader's log again from those of the others, which have every acknowledged change only together.
    private func remakeLog(_ leader: ReplicaLeader, _ found: [ReplicaFollower], _ isRepair: Bool) throws {
        if isRepair, found.isEmpty {
            let base = ReplicaMark(leader.position, check: context.random.next())
            let floor = leader.position.epoch + 1
            return try home.makeLog(identity: context.random.next(), base: base, floor: floor)
        }
        // A truth that is ahead of all others tells as much as its log would.
        let newest = found.map(\.log).max { $0.head.position < $1.head.position }
        let isAhead = newest.map { $0.head.position <= leader.position } ?? false
        guard let replication, let newest, found.count + (isAhead ? 1 : 0) >= replication.promotionQuorum else {
            throw StorageError(
                .quorumLost,
                "\"\(home.logPath)\" is lost, and of the other replicas there are too few to tell what was in it",
                hint: "bring the other replicas back; see \"social replica status\"")
        }
        // What only the lost log held was never acknowledged; a new epoch tells it from what comes now.
        let floor = newest.epoch + 1
        let base: ReplicaMark
        var entries: [ReplicaEntry] = []
        if newest.head.position < leader.position {
            base = ReplicaMark(leader.position, check: context.random.next())
        } else if let mark = try newest.mark(at: leader.position.sequence), mark.position == leader.position,
            let rest = try newest.entries(after: leader.position.sequence)
        {
            (base, entries) = (mark, rest)
        } else {
            throw outdated("the replicas")
        }
        try home.makeLog(identity: newest.identity, base: base, floor: floor, entries: entries)
    }

    /// Takes over what a replica has beyond the leader's log, whose end may have been torn off.
    private func adopt(from found: [ReplicaFollower], _ own: inout ReplicaLog) throws {
        let others = found.map(\.log).filter { $0.identity == own.identity }
        if let other = others.first(where: { $0.head.position.epoch > own.epoch }) { throw superseded(by: other) }
        guard let newest = others.max(by: { $0.head.position < $1.head.position }),
            newest.head.position > own.head.position
        else { return }
        guard let entries = try newest.entries(after: own.head.position.sequence, check: own.head.check) else {
            throw outdated("\"\(newest.path)\"")
        }
        try own.append(entries)
        try own.sync()
    }

    /// Brings a replica's log to the leader's head; nil when that takes more than the leader's log.
    private func bringUp(
        _ follower: ReplicaFollower, to own: ReplicaLog, syncing: Bool
    ) -> ReplicaFollower? {
        var follower = follower
        do {
            guard follower.log.identity == own.identity,
                let missing = try own.entries(
                    after: follower.log.head.position.sequence, check: follower.log.head.check)
            else {
                follower.lock.release()
                return nil
            }
            try follower.log.append(missing)
            if syncing || !missing.isEmpty { try follower.log.syncOrRewrite(shard: shard, shared: isShared) }
            return follower
        } catch {
            follower.lock.release()
            return nil
        }
    }

    func outdated(_ other: String) -> StorageError {
        StorageError(
            .damaged, "\"\(home.copy.path)\" is older than \(other) tells",
            hint: "run \"social replica promote\"")
    }
}
