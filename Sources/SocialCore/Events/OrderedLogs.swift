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

    /// What a visitor says to a part.
    package enum Answer {
        /// It has been applied.
        case goOn
        /// It has not been, and no more is wanted.
        case stop
    }

    /// Calls a closure for what the logs hold after a place, part by part.
    ///
    /// - Parameters:
    ///   - offsets: the place, which moves on with each part that was applied. A log that it does not name is read from
    ///     its beginning, and those of shards that are no more are left out in the end.
    ///   - heads: how far to read; farther where an adoption asks for it. Nil: up to the heads as they are now.
    ///   - entryLimit: about how many entries are in a part at most.
    /// - Returns: false when a log does not go on from the place; then only a new beginning helps.
    package func forEach(
        after offsets: inout OffsetVector, to heads: OffsetVector? = nil, entryLimit: Int = Limits.catchUpEntries,
        _ visit: (Part) throws -> Answer
    ) throws -> Bool {
        var goals = OffsetVector()
        for shard in router.shards {
            let state = try self.state(of: shard, at: heads?[shard], offsets[shard])
            guard let state else { return false }
            goals[shard] = LogPosition(incarnation: state.incarnation, n: state.goal)
            if offsets[shard] == nil { offsets[shard] = LogPosition(incarnation: state.incarnation, n: 0) }
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
                guard try visit(Part(shard: shard, events: events, position: position)) == .goOn else { return true }
                offsets[shard] = position
                hasMoved = true
            }
            // Nothing moves when an adoption waits for a shard that is no more, and was not read to its end.
            if !isDone, !hasMoved { return false }
        }
        for entry in offsets.entries where goals[entry.shard] == nil { offsets[entry.shard] = nil }
        return true
    }

    /// How far a log is to be read; nil when it does not go on from where it was left.
    ///
    /// A log whose head is known and where nothing is new is not opened.
    private func state(
        of shard: Int, at head: LogPosition?, _ start: LogPosition?
    ) throws -> (incarnation: UInt64, goal: Int64)? {
        if let head, let start, start.incarnation == head.incarnation, start.n >= head.n {
            return (head.incarnation, head.n)
        }
        let state = try router.read(shard: shard) { try $0.state() }
        guard let start else { return state.oldest == 1 ? (state.incarnation, head?.n ?? state.head) : nil }
        guard start.incarnation == state.incarnation, start.n <= state.head, start.n + 1 >= state.oldest else {
            return nil
        }
        return (state.incarnation, head?.n ?? state.head)
    }

    /// Whether everything has been read that comes before an event; otherwise it will be.
    private func isFree(_ event: Event, _ offsets: OffsetVector, _ goals: inout OffsetVector) -> Bool {
        var isFree = true
        for case .adopted(_, let giver, let n) in event.entries {
            guard (offsets[giver]?.n ?? 0) < n else { continue }
            isFree = false
            if let goal = goals[giver], goal.n < n { goals[giver]?.n = n }
        }
        return isFree
    }
}
