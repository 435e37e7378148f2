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
        let reference = own ?? readable(withoutLeader: true).max { $0.head.position < $1.head.position }
        let isNew = reference == nil && leader == ReplicaPosition(epoch: 0, sequence: 0)
        var all = [describe(home, isLeader: true, own?.head.position) { try self.judgeLeader(own, leader, isNew, isDeep) }]
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

    private typealias Verdict = (state: ReplicaStatus.State, problem: String?)

    private func describe(
        _ place: ReplicaPlace, isLeader: Bool, _ position: ReplicaPosition?, _ judge: () throws -> Verdict
    ) -> ReplicaStatus {
        let verdict: Verdict
        do { verdict = try judge() } catch { verdict = (.damaged, "\(error)") }
        return ReplicaStatus(
            place: place.directory, isLeader: isLeader, shard: shard, state: verdict.state, problem: verdict.problem,
            position: position, lag: isLeader && position != nil ? 0 : nil, bytes: place.sizeBytes)
    }

    private func judgeLeader(
        _ log: ReplicaLog?, _ position: ReplicaPosition?, _ isNew: Bool, _ isDeep: Bool
    ) throws -> Verdict {
        guard let position else {
            return FileSystem().exists(home.copy.path)
                ? (.damaged, "its truth cannot be read") : (.lost, "its truth is missing")
        }
        if isNew { return (.ok, nil) }
        guard let log else { return (.damaged, "its log is lost") }
        if log.head.position < position { return (.damaged, "its log ends before its truth") }
        if isDeep, let problem = try home.copy.problems().first { return (.damaged, problem) }
        return log.head.position > position ? (.behind, "a change is not finished") : (.ok, nil)
    }

    private func judge(
        _ place: ReplicaPlace, _ log: ReplicaLog?, against reference: ReplicaLog?, _ isNew: Bool, _ isDeep: Bool
    ) throws -> Verdict {
        guard place.isThere else { return (.lost, "its directory is not there") }
        if isNew { return (.ok, nil) }
        guard let log else {
            return FileSystem().exists(place.logPath) ? (.damaged, "its log is damaged") : (.lost, "its log is missing")
        }
        guard let reference, log.identity == reference.identity else {
            return (.damaged, "it belongs to another network")
        }
        guard try log.isWhole() else { return (.damaged, "its log is damaged") }
        guard FileSystem().exists(place.copy.path) else { return (.lost, "its copy is missing") }
        guard let mark = try log.mark(at: place.copy.position().sequence), try mark.position == place.copy.position()
        else { return (.damaged, "its copy and its log do not fit together") }
        if isDeep, let problem = try place.copy.problems().first { return (.damaged, problem) }
        let head = log.head
        if head == reference.head { return (.ok, nil) }
        if head.position.epoch > reference.epoch { return (.split, "it follows another leader") }
        if let mark = try reference.mark(at: head.position.sequence), mark != head {
            return (.split, "it has a change that the leader does not have")
        }
        if head.position > reference.head.position { return (.behind, "the leader has not taken up its last change") }
        return (.behind, nil)
    }
}
