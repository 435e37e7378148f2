// What has become of each replica: what `replica status` prints and a repair goes by.

/// The state of one replica of one shard.
package struct ReplicaStatus: Equatable, Sendable {
    /// How a replica is.
    package enum State: String, Sendable {
        /// It holds everything.
        case ok
        /// It has missed changes, and gets them at the next write or repair.
        case behind
        /// There is nothing.
        case lost
        /// There is something else than there should be.
        case damaged
        /// It holds a change that the others do not have in that place.
        case split
    }

    /// The directory; the data directory itself comes first.
    package var place: String
    /// Whether this is the data directory itself.
    package var isLeader: Bool
    /// The shard's number.
    package var shard: Int
    /// How it is.
    package var state: State
    /// What is wrong; nil when nothing is.
    package var problem: String?
    /// Whether the leader's truth itself is lost, so that only another copy can take its place.
    package var isTruthLost: Bool
    /// How far its log has come; nil without one.
    package var position: ReplicaPosition?
    /// How many commits it lacks; nil when that cannot be told.
    package var lag: Int64?
    /// Bytes of its log and its copy.
    package var bytes: Int
    /// Whether its copy has to be made again; otherwise its log is enough.
    package var needsCopy: Bool { state == .lost || state == .damaged || state == .split }
}

extension ShardReplicas {
    /// The state of each replica, the leader's first.
    ///
    /// - Parameters:
    ///   - isDeep: whether every row of every copy is looked at.
    ///   - leader: tells how far the leader's truth has come; nil when it cannot be read.
    func status(isDeep: Bool, leader: () -> ReplicaPosition?) -> [ReplicaStatus] {
        let position = leader()
        let own = try? home.log(provesLast: true)
        let reference = own ?? readable().max { $0.head.position < $1.head.position }
        let isNew = isNew(position)
        var all = [look(at: home, isDeep) { isNew ? Verdict(.ok) : try judgeLeader($0, leader(), since: own) }]
        all[0].isLeader = true
        if !isNew, position == nil { all[0].isTruthLost = true }
        for place in places {
            var status = look(at: place, isDeep) { try judge(place, $0, since: reference, isNew) }
            if let head = reference?.head.position.sequence, let mine = status.position?.sequence {
                status.lag = max(0, head - mine)
            }
            all.append(status)
        }
        return all
    }

    private struct Verdict {
        var state: ReplicaStatus.State
        var problem: String?
        var isTruthLost = false

        init(_ state: ReplicaStatus.State, _ problem: String? = nil, isTruthLost: Bool = false) {
            self.state = state
            self.problem = problem
            self.isTruthLost = isTruthLost
        }
    }

    /// Judges a replica by its log, again while somebody writes and may have disturbed the look.
    private func look(
        at place: ReplicaPlace, _ isDeep: Bool, _ judge: (ReplicaLog?) throws -> Verdict
    ) -> ReplicaStatus {
        var verdict = Verdict(.ok)
        var log: ReplicaLog?
        for _ in 0..<Limits.replicaLooks {
            let before = (files.stamp(of: place.logPath), files.stamp(of: home.logPath))
            log = try? place.log(provesLast: true)
            do { verdict = try judge(log) } catch { verdict = Verdict(.damaged, "\(error)") }
            if verdict.state == .ok || before == (files.stamp(of: place.logPath), files.stamp(of: home.logPath)) {
                break
            }
        }
        if isDeep, verdict.state == .ok || verdict.state == .behind {
            let isLeader = place.directory == holder.directory
            do {
                if let problem = try place.copy.problems().first {
                    verdict = Verdict(.damaged, problem, isTruthLost: isLeader)
                }
            } catch { verdict = Verdict(.damaged, "\(error)", isTruthLost: isLeader) }
        }
        return ReplicaStatus(
            place: place.directory, isLeader: false, shard: shard, state: verdict.state, problem: verdict.problem,
            isTruthLost: verdict.isTruthLost, position: log?.head.position, lag: log.map { _ in 0 },
            bytes: place.sizeBytes)
    }

    private func judgeLeader(
        _ log: ReplicaLog?, _ position: ReplicaPosition?, since first: ReplicaLog?
    ) throws -> Verdict {
        guard let position else {
            let isThere = FileSystem().exists(home.copy.path)
            return Verdict(
                isThere ? .damaged : .lost, "its truth \(isThere ? "cannot be read" : "is missing")", isTruthLost: true)
        }
        // The log was opened before the position was asked for, so a commit may have come between.
        guard let log, let latest = try home.log(provesLast: true) else { return Verdict(.damaged, "its log is lost") }
        guard try log.isWhole() || latest.base != log.base else { return Verdict(.damaged, "its log is damaged") }
        if latest.head.position < position { return Verdict(.damaged, "its log ends before its truth") }
        guard try latest.mark(at: position.sequence)?.position == position else {
            return Verdict(.damaged, "its truth is older than its log", isTruthLost: true)
        }
        let goal = first?.head.position ?? latest.head.position
        return position < goal ? Verdict(.behind, "a change is not finished") : Verdict(.ok)
    }

    private func judge(
        _ place: ReplicaPlace, _ log: ReplicaLog?, since reference: ReplicaLog?, _ isNew: Bool
    ) throws -> Verdict {
        guard place.isThere else { return Verdict(.lost, "its directory is not there") }
        if isNew { return Verdict(.ok) }
        guard let log else {
            let isThere = FileSystem().exists(place.logPath)
            return isThere ? Verdict(.damaged, "its log is damaged") : Verdict(.lost, "its log is missing")
        }
        guard let reference, log.identity == reference.identity else {
            return Verdict(.damaged, "it belongs to another network")
        }
        guard try log.isWhole() else { return Verdict(.damaged, "its log is damaged") }
        guard FileSystem().exists(place.copy.path) else { return Verdict(.lost, "its copy is missing") }
        let copied = try place.copy.position()
        guard try log.mark(at: copied.sequence)?.position == copied else {
            return Verdict(.damaged, "its copy and its log do not fit together")
        }
        if log.epoch > reference.epoch { return Verdict(.split, "it follows another leader") }
        // Whichever of the two goes further must hold the end of the other.
        let (head, other) = (log.head, reference.head)
        if head.position.sequence >= other.position.sequence {
            guard let mark = try log.mark(at: other.position.sequence) else { return Verdict(.behind) }
            return mark == other ? Verdict(.ok) : Verdict(.split, "it has a change that the leader does not have")
        }
        if let mark = try reference.mark(at: head.position.sequence), mark != head {
            return Verdict(.split, "it has a change that the leader does not have")
        }
        return Verdict(.behind)
    }
}
