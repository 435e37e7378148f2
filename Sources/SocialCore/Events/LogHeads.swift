// The heads of all logs: from the mapped file where it can be trusted, else from the shards themselves.

/// Tells how far each shard's log has come.
package struct LogHeads {
    let router: Router
    let heads: Heads?
    private let memo: Memo?

    /// What the shards said where the file cannot be trusted: while a commit is under way, after a copy or a start of
    /// the machine.
    ///
    /// Until a commit is announced nobody has been told of it, so it may be seen a moment later. A process that reads
    /// all the time would otherwise open the shard each time while another one waits for its disk.
    private final class Memo {
        static let staleNanoseconds: UInt64 = 1_000_000
        var known: [Int: (announced: Int64, intended: Int64, head: LogPosition, at: UInt64)] = [:]
    }

    /// The heads behind a router.
    ///
    /// - Parameter isLongRunning: whether a shard that only itself can tell of need not be asked each time.
    package init(router: Router, heads: Heads?, isLongRunning: Bool = false) {
        self.router = router
        self.heads = heads
        memo = isLongRunning ? Memo() : nil
    }

    /// The head of one shard's log.
    package func head(of shard: Int) throws -> LogPosition {
        if !router.isGrouping, let head = heads?.head(of: shard) {
            return LogPosition(incarnation: head.incarnation, n: head.n)
        }
        guard let memo, let heads, !router.isGrouping else { return try storedHead(of: shard) }
        let (announced, intended) = (heads.announced(of: shard), heads.intended(of: shard))
        let now = MonotonicClock.nanoseconds
        if let known = memo.known[shard], known.announced == announced, known.intended == intended,
            now - known.at < Memo.staleNanoseconds
        {
            return known.head
        }
        let head = try storedHead(of: shard)
        memo.known[shard] = (announced, intended, head, now)
        return head
    }

    /// The heads of all logs that servers keep, asked at once; nil where that cannot be done.
    static func onServers(_ router: Router) throws -> OffsetVector? {
        guard !router.isGrouping, let heads = try router.servers?.heads(of: router.map.current) else {
            return nil
        }
        var vector = OffsetVector()
        for (shard, head) in zip(router.shards, heads) {
            vector[shard] = LogPosition(incarnation: head.incarnation, n: head.n)
        }
        return vector
    }

    private func storedHead(of shard: Int) throws -> LogPosition {
        try router.read(shard: shard) { reader in
            let state = try reader.state()
            return LogPosition(incarnation: state.incarnation, n: state.head)
        }
    }

    /// The heads of all logs.
    package func vector() throws -> OffsetVector {
        try router.lookAtMap()
        return try router.throughAllShards {
            if let vector = try LogHeads.onServers(router) { return vector }
            var vector = OffsetVector()
            for shard in router.shards { vector[shard] = try head(of: shard) }
            return vector
        }
    }
}
