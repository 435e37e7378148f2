// What comes into the logs from a place on, read as it comes. A look at logs in which nothing has happened reads a few
// words of the mapped heads and opens no shard, so it can be repeated many times a second.

/// Reads all logs on from a place.
package struct LogTail {
    /// One commit of one log.
    package struct Commit: Equatable, Sendable {
        /// The shard whose log it is in.
        package var shard: Int
        /// The place behind it.
        package var position: LogPosition
        /// What it changed.
        package var entries: [EventEntry]
    }

    /// Up to where everything has been read.
    package private(set) var offsets: OffsetVector
    private let logHeads: LogHeads
    /// What the heads said of each shard when its log had been read to its end.
    private var marks: [Int: UInt64] = [:]

    /// Reads on from a place in all logs.
    package init(_ logHeads: LogHeads, after offsets: OffsetVector) {
        self.logHeads = logHeads
        self.offsets = offsets
    }

    /// What was committed since the last call, in the order in which it happened as far as the clocks tell; some of it
    /// where there is much.
    ///
    /// - Throws: `cursorExpired` when a log does not go on from the place.
    package mutating func next() throws -> [Commit] {
        var commits: [(at: Timestamp, commit: Commit)] = []
        // Servers tell of all logs at once in which of them something has happened.
        let heads = try LogHeads.onServers(logHeads.router)
        for shard in logHeads.router.shards {
            if let head = heads?[shard], offsets[shard] == head { continue }
            // The mark first: what is committed after it changes it.
            let mark = logHeads.heads?.mark(of: shard)
            if let mark, marks[shard] == mark { continue }
            let (state, events) = try readable(shard)
            // A clock may step back; commits of one log stay in their order.
            var latest = Timestamp(milliseconds: 0)
            for event in events {
                latest = max(latest, event.at)
                let position = LogPosition(incarnation: state.incarnation, n: event.n)
                commits.append((latest, Commit(shard: shard, position: position, entries: event.entries)))
                offsets[shard] = position
            }
            marks[shard] = offsets[shard]?.n == state.head ? mark : nil
        }
        // Commits of different shards at the same time are in the order of the shards.
        return commits.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element.commit)
    }

    /// What follows in a log, up to a slot that was taken over from a log which has not been read so far.
    private mutating func readable(_ shard: Int) throws -> (SourceState, [Event]) {
        var (state, events) = try read(shard)
        let wait = try events.firstIndex { event in
            guard let giver = event.releases(after: offsets).first?.shard else { return false }
            if logHeads.router.shards.contains(giver) { return true }
            throw expired(giver)
        }
        if let wait { events.removeSubrange(wait...) }
        return (state, events)
    }

    private func expired(_ shard: Int) -> EventsError {
        EventsError(
            .cursorExpired, "the log of shard \(shard) does not go on from this cursor", hint: "begin without it")
    }

    private func read(_ shard: Int) throws -> (SourceState, [Event]) {
        try logHeads.router.read(shard: shard) { reader in
            let state = try reader.state()
            // A shard that has been added since is read from its beginning.
            guard let start = offsets[shard] ?? state.beginning, state.goesOn(from: start) else { throw expired(shard) }
            if start.n == state.head { return (state, []) }
            return (state, try reader.events(after: start.n, entryLimit: Limits.catchUpEntries))
        }
    }
}

/// An error of the events room.
package struct EventsError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case cursorExpired = "cursor_expired"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
