// How do slots get from one shard to another? The façade of the room: plans are carried out a pair of shards at a time,
// by one process at a time, and what an earlier one has left half done comes first.

/// Moves slots between the shards of a data directory.
package struct SlotMoves {
    let directory: String
    let router: Router
    let records: RecordsShards
    let heads: Heads?
    let context: Context
    let isShared: Bool
    let beforeStep: () throws -> Void

    /// What moving did.
    package struct Summary: Equatable, Sendable {
        /// Slots that are at another shard now.
        package var slots = 0
        /// Rows that were copied.
        package var rows = 0
        /// The longest time for which what was to be written in a slot had to wait, in microseconds.
        package var longestFence = 0
    }

    /// The moves in a data directory.
    ///
    /// - Parameters:
    ///   - records: what moves with the slots beside the truth.
    ///   - heads: where it is said which slot map counts.
    ///   - beforeStep: called before each step, so that a test can stop a move anywhere.
    package init(
        directory: String, router: Router, records: RecordsShards, heads: Heads?, isShared: Bool, context: Context,
        beforeStep: @escaping () throws -> Void = {}
    ) {
        self.directory = directory
        self.router = router
        self.records = records
        self.heads = heads
        self.isShared = isShared
        self.context = context
        self.beforeStep = beforeStep
    }

    /// Carries out what a plan says, after whatever an earlier process has left half done.
    ///
    /// - Parameter plan: computed from the slot map when that is done; the body may change the map first.
    /// - Throws: `busy` when another process moves slots.
    package func run(_ plan: () throws -> SlotPlan) throws -> Summary {
        let lock = lock
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { lock.release() }
        var summary = Summary()
        try settle()
        try sweep()
        for move in try unfinished() { try transfer(move.from, move.to).run(move.slots, &summary) }
        for move in try plan().transfers { try transfer(move.from, move.to).run(move.slots, &summary) }
        return summary
    }

    /// Runs a block while no slot moves, and none is half moved.
    ///
    /// - Throws: `busy` when slots are being moved, or were left half moved.
    package func whileSettled<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = lock
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { lock.release() }
        try settle()
        try sweep()
        guard try unfinished().isEmpty else {
            throw StorageError(
                .busy, "slots were left on the move, with rows in two places",
                hint: "end that with \"social shard rebalance\"")
        }
        return try body()
    }

    /// Removes a shard that owns nothing and has no rows any more.
    package func drop(_ shard: Int) throws {
        let lock = lock
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { lock.release() }
        let store = try store(shard)
        let isEmpty = try store.readAll { try $0.state().rows == 0 && $0.slots().isEmpty }
        guard isEmpty else { throw StorageError(.busy, "shard \(shard) has been given slots again", hint: "try again") }
        // Whoever has it open, or its place in an older map in hand, finds out.
        try store.writeAll { try $0.adoptMap() }
        try updateMap { $0 = $0.removing(shard) }
        try sweep()
    }

    /// Removes what is left of shards that are no more.
    private func sweep() throws {
        let files = FileSystem(tap: context.fileTap)
        let map = router.map.current
        for shard in 0..<map.nextShard where map.version(of: shard) == 0 {
            try files.removeTree(DataDirectory.shardPath(directory, shard: shard))
        }
    }

    /// Ends the switch of a slot that another process has left half done: false when one is at work.
    package func finishSwitch() throws -> Bool {
        guard FileSystem(tap: context.fileTap).isWritable(directory), !context.isDryRun else { return false }
        let lock = lock
        guard try lock.tryAcquire() else { return false }
        defer { lock.release() }
        try settle()
        return true
    }

    /// Moves that have begun and not ended; slots that have gone and whose rows have not count too.
    package func unfinished() throws -> [SlotPlan.Transfer] {
        var transfers: [SlotPlan.Transfer] = []
        for giver in router.shards {
            let records = try store(giver).readAll { try $0.slots() }.filter { $0.peer != nil && $0.state != .incoming }
            for taker in router.shards {
                let slots = records.filter { $0.peer == taker }.map(\.slot)
                if !slots.isEmpty { transfers.append(SlotPlan.Transfer(from: giver, to: taker, slots: slots)) }
            }
        }
        return transfers
    }

    /// Keeps slots where they are until what is returned is let go of.
    package static func hold(_ directory: String, shared: Bool, context: Context) throws -> FileLock {
        let lock = mapLock(directory, shared)
        try lock.acquireTogether(waitingMilliseconds: context.lockWaitMilliseconds)
        return lock
    }

    /// Held together by those who read for long, and alone while a slot changes its shard.
    private static func mapLock(_ directory: String, _ isShared: Bool) -> FileLock {
        FileLock(path: "\(directory)/map.lock", shared: isShared)
    }

    private var lock: FileLock { FileLock(path: "\(directory)/moves.lock", shared: isShared) }

    /// Ends what was released and not adopted, and brings the slot map to what the shards say.
    ///
    /// The caller holds the lock of moves.
    private func settle() throws {
        for giver in router.shards {
            let peers = Set(try store(giver).readAll { try $0.slots() }.filter { $0.state == .outgoing }.map(\.peer))
            for taker in router.shards where peers.contains(taker) { try transfer(giver, taker).settle() }
        }
        try updateMap { map in
            var owners = map.owners
            var shards = map.shards
            for index in shards.indices {
                let (state, slots) = try store(shards[index].number).readAll { (try $0.state(), try $0.slots()) }
                shards[index].version = state.mapVersion
                for record in slots where record.state == .owned {
                    owners[record.slot.index] = SlotOwner(shard: shards[index].number, epoch: record.epoch)
                }
            }
            guard let settled = SlotMap(shards: shards, owners: owners, nextShard: map.nextShard) else { return }
            map = settled
        }
    }

    private func transfer(_ giver: Int, _ taker: Int) throws -> SlotTransfer {
        SlotTransfer(
            giver: try store(giver), taker: try store(taker),
            mapLock: SlotMoves.mapLock(directory, isShared),
            publish: { slots in try updateMap { $0 = $0.moving(slots, to: taker) } }, observer: context.observer,
            beforeStep: beforeStep)
    }

    /// Changes the slot map, on disk and in hand; the records of slots that get another shard go there before.
    private func updateMap(_ change: (inout SlotMap) throws -> Void) throws {
        try beforeStep()
        try heads?.setMapMark(Heads.changing)
        var move: SlotRecords.Move?
        defer { move?.release() }
        router.map.current = try Manifest.update(directory, context: context) { manifest in
            let before = manifest.map
            try change(&manifest.map)
            move = try SlotRecords(router: router, shards: records).move(from: before, to: manifest.map)
        }.map
        try heads?.setMapMark(router.map.current.mark)
        try move?.finish()
    }

    private func store(_ shard: Int) throws -> SQLiteStore {
        guard let store = try router.store(shard) as? SQLiteStore else { throw StoreError.onServer }
        return store
    }
}
