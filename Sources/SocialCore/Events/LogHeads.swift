// The heads of all logs: from the mapped file where it can be trusted, else from the shards themselves.

/// Tells how far each shard's log has come.
package struct LogHeads {
    let router: Router
    let heads: Heads?

    /// The heads behind a router.
    package init(router: Router, heads: Heads?) {
        self.router = router
        self.heads = heads
    }

    /// The head of one shard's log.
    package func head(of shard: Int) throws -> LogPosition {
        if !router.isGrouping, let head = heads?.head(of: shard) {
            return LogPosition(incarnation: head.incarnation, n: head.n)
        }
        return try router.read(shard: shard) { reader in
            let state = try reader.state()
            return LogPosition(incarnation: state.incarnation, n: state.head)
        }
    }

    /// The heads of all logs.
    package func vector() throws -> OffsetVector {
        var vector = OffsetVector()
        for shard in router.shards { vector[shard] = try head(of: shard) }
        return vector
    }
}
