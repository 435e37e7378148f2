// The logs of all shards, read on from a place in an order in which what happened to a slot before it moved to another
// shard comes before what happened to it there: an adoption is passed only behind the log of the shard that gave the
// slot away, up to the commit that released it.

/// Reads all logs on from a place up to another.
package struct OrderedLogs {
    let router: Router

    /// The logs behind a router.
    package init(router: Router) { self.router = router }

    /// What one read of one log gave.
    package struct Part {
        /// The shard whose log it is.
        package var shard: Int
        /// The commits, in order.
        package var events: [Event]
        /// The place behind them.
        package var position: LogPosition
    }

    /// Calls a closure for what the logs hold after a place, part by part.
    ///
    /// - Parameters:
    ///   - offsets: the place, which moves on behind each part. A log that it does not name is read from its beginning,
    ///     and those of shards that are no more are left out in the end.
    ///   - heads: how far to read; farther where an adoption asks for it. Nil: up to the heads as they are now.
    ///   - entryLimit: about how many entries are in a part at most.
    ///   - visit: says whether to go on; if not, the place stays before this part.
    /// - Returns: false when a log does not go on from the place; then only a new beginning helps.
    package func forEach(
        after offsets: inout OffsetVector, to heads: OffsetVector? = nil, entryLimit: Int = Limits.catchUpEntries,
        _ visit: (Part) throws -> Bool
    ) throws -> Bool {
        var goals = OffsetVector()
        let heads = try heads ?? LogHeads.onServers(router)
        for shard in router.shards {
            guard let span = try span(of: shard, from: offsets[shard], to: heads?[shard]) else { return false }
            offsets[shard] = span.start
            goals[shard] = span.goal
        }
        var isDone = false
        while !isDone {
            isDone = true
            var hasMoved = false
            for shard in router.shards {
                guard let goal = goals[shard], let start = offsets[shard], start.n < goal.n else { continue }
                isDone = false
                var events = try router.read(shard: shard) { try $0.events(after: start.n, entryLimit: entryLimit) }
                guard events.first?.n == start.n + 1 else { return false }
                if let wait = events.firstIndex(where: { !isFree($0, offsets, &goals) }) {
                    events.removeSubrange(wait...)
                }
                guard let last = events.last else { continue }
                let position = LogPosition(incarnation: start.incarnation, n: last.n)
                guard try visit(Part(shard: shard, events: events, position: position)) else { return true }
                offsets[shard] = position
                hasMoved = true
            }
            // Nothing moves when an adoption waits for a shard that is no more, and was not read to its end.
            if !isDone, !hasMoved { return false }
        }
        for entry in offsets.entries where goals[entry.shard] == nil { offsets[entry.shard] = nil }
        return true
    }

    /// From where and how far a log is to be read; nil when it does not go on from where it was left.
    ///
    /// A log whose head is known and where nothing is new is not opened.
    private func span(
        of shard: Int, from place: LogPosition?, to head: LogPosition?
    ) throws -> (start: LogPosition, goal: LogPosition)? {
        if let head, let place, place.incarnation == head.incarnation, place.n >= head.n { return (place, head) }
        // A log in which nothing has ever been is read to its end.
        if let head, place == nil, head.n == 0 { return (head, head) }
        let state = try router.read(shard: shard) { try $0.state() }
        guard let start = place ?? state.beginning, state.goesOn(from: start) else { return nil }
        return (start, LogPosition(incarnation: state.incarnation, n: head?.n ?? state.head))
    }

    /// Whether everything has been read that comes before an event; otherwise it will be.
    private func isFree(_ event: Event, _ offsets: OffsetVector, _ goals: inout OffsetVector) -> Bool {
        let releases = event.releases(after: offsets)
        for (giver, n) in releases { if let goal = goals[giver], goal.n < n { goals[giver]?.n = n } }
        return releases.isEmpty
    }
}
