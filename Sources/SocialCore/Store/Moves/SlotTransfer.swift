// Slots on their way from one shard to another, while everybody goes on reading and writing:
//
//     mark      the giver notes which rows change in them from now on
//     copy      their rows go into the taker's tables, a batch at a time; nobody sees them there
//     catch up  what has changed meanwhile goes after them
//     switch    for a few slots after the other: under the giver's lock the last changes go over and the slots are
//               released; the taker adopts them; the slot map says so
//     clean up  the giver removes the rows
//
// Each step is one transaction, and what the tables say of a slot tells which comes next, so that whoever finds a move
// that was interrupted can go on. A slot that is released belongs to nobody until it is adopted: what is written in it
// waits for that long.

internal import Glibc

/// Slots that go from one shard to another.
struct SlotTransfer {
    let giver: SQLiteStore
    let taker: SQLiteStore
    /// Taken while a slot changes its shard, so that those who read for long do not lose sight of it.
    let mapLock: FileLock
    /// Puts the new shard of slots into the slot map, durably.
    let publish: (ArraySlice<Slot>) throws -> Void
    let observer: (any RunObserver)?
    /// Called before each transaction, so that a test can stop a move anywhere.
    let beforeStep: () throws -> Void

    /// Moves slots that are marked, or go on to be.
    func run(_ slots: [Slot], _ summary: inout SlotMoves.Summary) throws {
        if !slots.isEmpty { try change(giver) { try $0.mark(slots, goingTo: taker.shard) } }
        let marked = try giver.readAll { try $0.slots(.owned, peer: taker.shard) }
        if !marked.isEmpty {
            try change(taker) { try $0.expect(marked, from: giver.shard) }
            try copy(&summary)
            try catchUp()
            observer?.begin("switching slots from shard \(giver.shard) to \(taker.shard)", total: marked.count)
            for start in stride(from: 0, to: marked.count, by: Limits.switchedSlots) {
                giveWay()
                let slots = marked[start..<min(start + Limits.switchedSlots, marked.count)]
                try move(slots, &summary)
                observer?.advance(by: slots.count)
            }
            observer?.end()
        }
        try change(taker) { try $0.endArrival(from: giver.shard) }
        try cleanUp()
    }

    private func change<Result>(
        _ store: SQLiteStore, _ body: (SQLTransaction) throws -> Result
    ) throws -> Result {
        try beforeStep()
        return try store.writeAll(body)
    }

    // MARK: Copying

    private func copy(_ summary: inout SlotMoves.Summary) throws {
        guard var (position, _) = try taker.readAll({ try $0.arrival(from: giver.shard) }),
            position.kind < RowKey.kinds
        else { return }
        let work = "copying rows from shard \(giver.shard) to \(taker.shard)"
        observer?.begin(work, total: try giver.readAll { try estimatedRows($0, .owned) })
        defer { observer?.end() }
        var isLast = false
        while !isLast {
            let batch = try giver.readAll {
                try $0.batch(.owned, goingTo: taker.shard, after: position, limit: Limits.movedRows)
            }
            isLast = batch.isLast
            position = batch.end
            try change(taker) { transaction in
                for row in batch.rows { try transaction.place(row) }
                try transaction.setArrival(from: giver.shard, row: position)
            }
            summary.rows += batch.rows.count
            observer?.advance(by: batch.rows.count)
            giveWay()
        }
    }

    /// About how many rows lie in slots that go to the taker: as if all slots had as many.
    private func estimatedRows(_ giver: SQLTransaction, _ state: SlotState) throws -> Int {
        let slots = try giver.slots()
        let moving = slots.count { $0.peer == taker.shard && $0.state == state }
        return try Int(giver.state().rows) * moving / max(1, slots.count)
    }

    /// Lets others have the locks, for which they do not queue.
    private func giveWay() { usleep(Limits.moveRestMicroseconds) }

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

    private func changedRows(_ giver: SQLTransaction, after n: Int64, limit: Int) throws -> [ChangedRow] {
        try giver.changes(for: taker.shard, after: n, limit: limit).map { ($0.n, $0.key, try giver.row(at: $0.key)) }
    }

    private func apply(_ changes: [ChangedRow]) throws {
        guard let last = changes.last else { return }
        try change(taker) { transaction in
            for (_, key, row) in changes { try transaction.replace(key, with: row) }
            try transaction.setArrival(from: giver.shard, change: last.n)
        }
    }

    // MARK: Switching

    private func move(_ slots: ArraySlice<Slot>, _ summary: inout SlotMoves.Summary) throws {
        try catchUp()
        let after = try taker.readAll { try $0.arrival(from: giver.shard)?.change ?? 0 }
        try mapLock.acquire(waitingMilliseconds: Limits.moveWaitMilliseconds)
        defer { mapLock.release() }
        let clock = ContinuousClock()
        var start = clock.now
        let released = try change(giver) { giver in
            start = clock.now
            try apply(try changedRows(giver, after: after, limit: .max))
            let released = try slots.map { slot in
                let belongings = try giver.belongings(of: slot)
                return Released(
                    slot: slot, epoch: try giver.release(slot, belongings, to: taker.shard), belongings: belongings)
            }
            try giver.adoptMap()
            return (slots: released, head: giver.current.head + 1)
        }
        try adopt(released.slots, head: released.head)
        summary.longestFence = max(summary.longestFence, Int(start.duration(to: clock.now) / .microseconds(1)))
        summary.slots += slots.count
    }

    /// A slot that belongs to nobody.
    private struct Released {
        var slot: Slot
        var epoch: Int64
        var belongings: SQLTransaction.Belongings
    }

    /// Adopts slots.
    ///
    /// - Parameter head: the commit of the giver's log that released them, or one behind it.
    private func adopt(_ slots: [Released], head: Int64) throws {
        try change(taker) { taker in
            for released in slots {
                try taker.adopt(
                    released.slot, epoch: released.epoch, released.belongings, from: giver.shard, after: head)
            }
            try taker.adoptMap()
        }
        try publish(slots.map(\.slot)[...])
    }

    /// Ends the switch of slots that were released and have not been adopted: the process that did so was stopped.
    func settle() throws {
        let incoming = Set(try taker.readAll { try $0.slots(.incoming, peer: giver.shard) })
        let (released, head) = try giver.readAll { giver in
            let outgoing = try giver.slots().filter { $0.state == .outgoing && incoming.contains($0.slot) }
            let released = try outgoing.map {
                Released(slot: $0.slot, epoch: $0.epoch, belongings: try giver.belongings(of: $0.slot))
            }
            // Nothing in the slots can have come after they were released.
            return (released, try giver.state().head)
        }
        if !released.isEmpty { try adopt(released, head: head) }
    }

    // MARK: Cleaning up

    private func cleanUp() throws {
        guard try !giver.readAll({ try $0.slots(.outgoing, peer: taker.shard) }).isEmpty else {
            return try change(giver) { try $0.forgetChanges(for: taker.shard) }
        }
        let work = "removing rows from shard \(giver.shard)"
        observer?.begin(work, total: try giver.readAll { try estimatedRows($0, .outgoing) })
        defer { observer?.end() }
        var position = RowKey.start
        var isLast = false
        while !isLast {
            let batch = try giver.readAll {
                try $0.batch(.outgoing, goingTo: taker.shard, after: position, limit: Limits.movedRows)
            }
            isLast = batch.isLast
            position = batch.end
            if !batch.rows.isEmpty { try change(giver) { try $0.remove(batch.rows) } }
            observer?.advance(by: batch.rows.count)
            giveWay()
        }
        try change(giver) { try $0.forget(goneTo: taker.shard) }
    }
}
