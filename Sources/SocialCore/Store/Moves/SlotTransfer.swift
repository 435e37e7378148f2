// Slots on their way from one shard to another, while everybody goes on reading and writing:
//
//     mark      the giver notes which rows change in them from now on
//     copy      their rows go into the taker's tables, a batch at a time; nobody sees them there
//     catch up  what has changed meanwhile goes after them
//     switch    for one slot after the other: under the giver's lock the last changes go over and the slot is released;
//               the taker adopts it; the slot map says so
//     clean up  the giver removes the rows
//
// Each step is one transaction, and what the tables say of a slot tells which comes next, so that whoever finds a move
// that was interrupted can go on. A slot that is released belongs to nobody until it is adopted: what is written in it
// waits for that long.

/// Slots that go from one shard to another.
struct SlotTransfer {
    let giver: SQLiteStore
    let taker: SQLiteStore
    /// Taken while a slot changes its shard, so that those who read for long do not lose sight of it.
    let mapLock: FileLock
    /// Puts a slot's new shard into the slot map, durably.
    let publish: (Slot) throws -> Void
    let observer: (any RunObserver)?

    /// What is done.
    struct Progress: Equatable {
        var slots = 0
        var rows = 0
        /// The longest time in which a slot could not be written, in microseconds.
        var longestFence = 0
    }

    /// Moves slots that are marked, or go on to be.
    func run(_ slots: [Slot]) throws -> Progress {
        var progress = Progress()
        if !slots.isEmpty { try giver.writeAll { try $0.mark(slots, goingTo: taker.shard) } }
        let marked = try giver.readAll { try $0.slots(.owned, peer: taker.shard) }
        if !marked.isEmpty {
            try taker.writeAll { try $0.expect(marked, from: giver.shard) }
            try copy(&progress)
            try catchUp()
            observer?.begin("switching slots from shard \(giver.shard) to \(taker.shard)", total: marked.count)
            for slot in marked {
                try change(slot, &progress)
                observer?.advance(by: 1)
            }
            observer?.end()
        }
        try taker.writeAll { try $0.endArrival(from: giver.shard) }
        try cleanUp()
        return progress
    }

    // MARK: Copying

    private func copy(_ progress: inout Progress) throws {
        guard var (position, _) = try taker.readAll({ try $0.arrival(from: giver.shard) }),
            position.kind < RowKey.kinds
        else { return }
        let rows = try giver.readAll { try Int($0.state().rows) }
        observer?.begin("copying rows from shard \(giver.shard) to \(taker.shard)", total: nil)
        observer?.note("shard \(giver.shard) has \(rows) rows")
        defer { observer?.end() }
        var isLast = false
        while !isLast {
            let batch = try giver.readAll {
                try $0.batch(.owned, goingTo: taker.shard, after: position, limit: Limits.movedRows)
            }
            isLast = batch.isLast
            position = batch.end
            try taker.writeAll { transaction in
                for row in batch.rows { try transaction.place(row) }
                try transaction.setArrival(from: giver.shard, row: position)
            }
            progress.rows += batch.rows.count
            observer?.advance(by: batch.rows.count)
        }
    }

    /// Brings over rows that have changed since they were copied, until few are left for those who will have to wait.
    private func catchUp() throws {
        for _ in 0..<Limits.catchUpRounds {
            let after = try taker.readAll { try $0.arrival(from: giver.shard)?.change ?? 0 }
            let changes = try giver.readAll { try changedRows($0, after: after, limit: Limits.movedRows) }
            if changes.count < Limits.fencedChanges { return }
            try apply(changes)
        }
    }

    private typealias ChangedRow = (n: Int64, key: RowKey, row: TruthRow?)

    private func changedRows(_ giver: SQLiteTransaction, after n: Int64, limit: Int) throws -> [ChangedRow] {
        try giver.changes(for: taker.shard, after: n, limit: limit).map { ($0.n, $0.key, try giver.row(at: $0.key)) }
    }

    private func apply(_ changes: [ChangedRow]) throws {
        guard let last = changes.last else { return }
        try taker.writeAll { transaction in
            for (_, key, row) in changes { try transaction.replace(key, with: row) }
            try transaction.setArrival(from: giver.shard, change: last.n)
        }
    }

    // MARK: Switching

    private func change(_ slot: Slot, _ progress: inout Progress) throws {
        try catchUp()
        let after = try taker.readAll { try $0.arrival(from: giver.shard)?.change ?? 0 }
        try mapLock.acquire(waitingMilliseconds: Limits.moveWaitMilliseconds)
        defer { mapLock.release() }
        let clock = ContinuousClock()
        var start = clock.now
        let release = try giver.writeAll { giver in
            start = clock.now
            try apply(try changedRows(giver, after: after, limit: .max))
            let belongings = try giver.belongings(of: slot)
            let epoch = try giver.release(slot, belongings, to: taker.shard)
            return Release(epoch: epoch, belongings: belongings, head: giver.current.head + 1)
        }
        try adopt(slot, release)
        progress.longestFence = max(progress.longestFence, Int(start.duration(to: clock.now) / .microseconds(1)))
        progress.slots += 1
    }

    private struct Release {
        var epoch: Int64
        var belongings: SQLiteTransaction.Belongings
        /// The commit of the giver's log that released the slot.
        var head: Int64
    }

    private func adopt(_ slot: Slot, _ release: Release) throws {
        try taker.writeAll { taker in
            try taker.adopt(
                slot, epoch: release.epoch, release.belongings, from: giver.shard, after: release.head)
        }
        try publish(slot)
    }

    /// Ends the switch of slots that were released and have not been adopted: the process that did so was stopped.
    func settle() throws {
        let incoming = try taker.readAll { try $0.slots(.incoming, peer: giver.shard) }
        for slot in try giver.readAll({ try $0.slots(.outgoing, peer: taker.shard) }) where incoming.contains(slot) {
            let release = try giver.readAll { giver in
                let epoch = try giver.slots().first { $0.slot == slot }?.epoch ?? 0
                // Nothing in the slot can have come after it was released.
                return Release(epoch: epoch, belongings: try giver.belongings(of: slot), head: try giver.state().head)
            }
            try adopt(slot, release)
        }
    }

    // MARK: Cleaning up

    private func cleanUp() throws {
        guard try !giver.readAll({ try $0.slots(.outgoing, peer: taker.shard) }).isEmpty else {
            return try giver.writeAll { try $0.forgetChanges(for: taker.shard) }
        }
        observer?.begin("removing rows from shard \(giver.shard)", total: nil)
        defer { observer?.end() }
        var position = RowKey.start
        var isLast = false
        while !isLast {
            let batch = try giver.readAll {
                try $0.batch(.outgoing, goingTo: taker.shard, after: position, limit: Limits.movedRows)
            }
            isLast = batch.isLast
            position = batch.end
            if !batch.rows.isEmpty { try giver.writeAll { try $0.remove(batch.rows) } }
            observer?.advance(by: batch.rows.count)
        }
        try giver.writeAll { try $0.forget(goneTo: taker.shard) }
    }
}
