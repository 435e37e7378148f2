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
    ///   - leader: how far the leader's truth has come; nil when it cannot be read.
    ///   - isDeep: whether every row of every copy is looked at.
    func status(leader: ReplicaPosition?, isDeep: Bool) -> [ReplicaStatus] {
        let own = try? home.log(provesLast: true)
        let reference = own ?? readable().max { $0.head.position < $1.head.position }
        let isNew = isNew(leader)
        var all = [
            describe(home, isLeader: true, own?.head.position) { try self.judgeLeader(own, leader, isNew, isDeep) }
        ]
        for place in places {
            let log = try? place.log(provesLast: true)
            var status = describe(place, isLeader: false, log?.head.position) {
                try self.judge(place, log, against: reference, isNew, isDeep)
            }
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

    private func describe(
        _ place: ReplicaPlace, isLeader: Bool, _ position: ReplicaPosition?, _ judge: () throws -> Verdict
    ) -> ReplicaStatus {
        let verdict: Verdict
        do { verdict = try judge() } catch { verdict = Verdict(.damaged, "\(error)") }
        return ReplicaStatus(
            place: place.directory, isLeader: isLeader, shard: shard, state: verdict.state, problem: verdict.problem,
            isTruthLost: verdict.isTruthLost, position: position, lag: isLeader && position != nil ? 0 : nil,
            bytes: place.sizeBytes)
    }

    private func judgeLeader(
        _ log: ReplicaLog?, _ position: ReplicaPosition?, _ isNew: Bool, _ isDeep: Bool
    ) throws -> Verdict {
        guard let position else {
            let isThere = FileSystem().exists(home.copy.path)
            return Verdict(
                isThere ? .damaged : .lost, "its truth \(isThere ? "cannot be read" : "is missing")", isTruthLost: true)
        }
        if isNew { return Verdict(.ok) }
        guard let log else { return Verdict(.damaged, "its log is lost") }
        guard try log.isWhole() else { return Verdict(.damaged, "its log is damaged") }
        if log.head.position < position { return Verdict(.damaged, "its log ends before its truth") }
        guard try log.mark(at: position.sequence)?.position == position else {
            return Verdict(.damaged, "its truth is older than its log", isTruthLost: true)
        }
        if isDeep, let problem = try home.copy.problems().first { return Verdict(.damaged, problem, isTruthLost: true) }
        return log.head.position > position ? Verdict(.behind, "a change is not finished") : Verdict(.ok)
    }

    private func judge(
        _ place: ReplicaPlace, _ log: ReplicaLog?, against reference: ReplicaLog?, _ isNew: Bool, _ isDeep: Bool
    ) throws -> Verdict {
        guard place.isThere else { return Verdict(.lost, "its directory is not there") }
        if isNew { return Verdict(.ok) }
        guard let log else {
            return FileSystem().exists(place.logPath)
                ? Verdict(.damaged, "its log is damaged") : Verdict(.lost, "its log is missing")
        }
        guard let reference, log.identity == reference.identity else {
            return Verdict(.damaged, "it belongs to another network")
        }
        guard try log.isWhole() else { return Verdict(.damaged, "its log is damaged") }
        guard FileSystem().exists(place.copy.path) else { return Verdict(.lost, "its copy is missing") }
        guard let mark = try log.mark(at: place.copy.position().sequence), try mark.position == place.copy.position()
        else { return Verdict(.damaged, "its copy and its log do not fit together") }
        if isDeep, let problem = try place.copy.problems().first { return Verdict(.damaged, problem) }
        let head = log.head
        if head == reference.head { return Verdict(.ok) }
        if head.position.epoch > reference.epoch { return Verdict(.split, "it follows another leader") }
        if let mark = try reference.mark(at: head.position.sequence), mark != head {
            return Verdict(.split, "it has a change that the leader does not have")
        }
        if head.position > reference.head.position {
            return Verdict(.behind, "the leader has not taken up its last change")
        }
        return Verdict(.behind)
    }
}
