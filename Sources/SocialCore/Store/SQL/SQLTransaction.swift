// One transaction on a shard's truth: what it has claimed, counted and logged so far. The operations stand in the
// extensions beside this file, one for each kind of row.

/// A snapshot that is read, or a transaction that is written.
final class SQLTransaction: StoreReader, StoreWriter {
    let database: any SQLDatabase
    let shard: Int
    /// The slot map that claims are checked against; a group takes up a fresh one between its writes.
    var map: SlotMap?
    private var begun: SourceState?
    private var claimed: Set<Slot> = []
    /// What this transaction adds to the shard's log, count and sum.
    private var pending = Pending()
    /// Accounts that this transaction has found not to be deleted.
    var living: Set<UserID> = []
    /// New edges that the table `follower` does not have yet; see `turnRound`.
    var unturned: [FollowRecord] = []
    /// Whether rows lie here that belong to slots of other shards, and are not shown; see SQLTransaction+Slots.
    var hidesSlots = false
    /// Whether slots are copied from here, so that the rows that change have to be noted.
    var notesChanges = false
    /// Whether this transaction moves slots, and so sees all rows.
    var seesHiddenSlots = false
    /// Whether something is left here of handles whose owners were erased; nil until somebody asks.
    var hasRemnants: Bool?
    /// What is changed, where replicas want to know; nil without any.
    var changes: SQLiteChanges?

    private struct Pending {
        var entries: [EventEntry] = []
        var rows: Int64 = 0
        var sum: UInt64 = 0
        var isDirty = false
    }

    /// A snapshot to be read.
    init(reading database: any SQLDatabase, shard: Int) {
        self.database = database
        self.shard = shard
        map = nil
    }

    /// A transaction to be written, under the slot map that its command has in hand.
    init(writing database: any SQLDatabase, shard: Int, map: SlotMap) throws {
        self.database = database
        self.shard = shard
        self.map = map
        begun = try state()
    }

    /// Whether there is something to commit.
    var isDirty: Bool { pending.isDirty }

    /// The state that this transaction will leave.
    var current: SourceState {
        var state = begun ?? SourceState(incarnation: 0, mapVersion: 0, head: 0, oldest: 1, rows: 0, sum: 0)
        state.rows += pending.rows
        state.sum &+= pending.sum
        return state
    }

    func statement(_ sql: String) throws -> any SQLStatement { try database.statement(sql) }

    // MARK: State

    /// What is stored, and what this transaction has added so far.
    func state() throws -> SourceState {
        let isLocked = map != nil && !database.rowLock.isEmpty
        let sql = "SELECT incarnation, map_version, head, oldest, rows, sum, format FROM shard"
        let state = try statement(isLocked ? sql + database.rowLock : sql).first { row in
            guard row.integer(6) >= SQLiteSchema.format else {
                throw StoreError(.olderFormat, "shard \(shard) has format \(row.integer(6))", hint: "try again")
            }
            guard row.integer(6) == SQLiteSchema.format else {
                throw StorageError(
                    .newerFormat, "shard \(shard) has format \(row.integer(6)), newer than this program",
                    hint: "use a newer social")
            }
            return SourceState(
                incarnation: UInt64(bitPattern: row.integer(0)), mapVersion: row.integer(1), head: row.integer(2),
                oldest: row.integer(3), rows: row.integer(4) + pending.rows,
                sum: UInt64(bitPattern: row.integer(5)) &+ pending.sum)
        }
        guard let state else { throw StorageError(.damaged, "shard \(shard) does not say what it is") }
        try lookForMoves()
        return state
    }

    func slots() throws -> [SlotRecord] {
        try statement("SELECT slot, owned, epoch, last, peer FROM slot ORDER BY slot").all { row in
            SlotRecord(
                slot: Slot(masking: row.integer(0)), state: SlotState(rawValue: row.integer(1)) ?? .none,
                epoch: row.integer(2), last: row.integer(3), peer: row.optionalInteger(4).map { Int($0) })
        }
    }

    // MARK: Claims and minting

    /// Makes sure that this shard owns a slot at the epoch that the caller's map says.
    func claim(_ slot: Slot) throws {
        if claimed.contains(slot) { return }
        let select = try statement(SQLTransaction.slotSelection).bind(Int64(slot.rawValue))
        try claim(slot, select.first { ($0.integer(0), $0.integer(1)) })
    }

    /// The same for several slots, at once.
    func claim(_ slots: [Slot]) throws {
        let slots = Set(slots).subtracting(claimed).sorted()
        var found: [(owned: Int64, epoch: Int64)?] = Array(repeating: nil, count: slots.count)
        try database.ask(
            slots.indices.map { index in
                SQLQuestion(SQLTransaction.slotSelection) {
                    $0.bind(Int64(slots[index].rawValue))
                } read: {
                    found[index] = ($0.integer(0), $0.integer(1))
                }
            })
        for (slot, found) in zip(slots, found) { try claim(slot, found) }
    }

    private static let slotSelection = "SELECT owned, epoch FROM slot WHERE slot = ?"

    private func claim(_ slot: Slot, _ found: (owned: Int64, epoch: Int64)?) throws {
        let owner = map?.owner(of: slot)
        guard let found, let owner, owner.shard == shard, found.owned == 1, found.epoch == owner.epoch else {
            throw StoreError(.slotMoved, "slot \(slot.rawValue) is not in shard \(shard)", hint: "try again")
        }
        claimed.insert(slot)
    }

    /// A new id in a slot, at the present time.
    func mint(in slot: Slot, now: Timestamp) throws -> Int64 {
        try claim(slot)
        let select = try statement("SELECT last FROM slot WHERE slot = ?").bind(Int64(slot.rawValue))
        var last = try select.first { $0.integer(0) } ?? 0
        repeat {
            do { last = try Minting.next(after: last, now: now, slot: slot) } catch { throw StoreError(error) }
        } while try isTaken(last)
        try statement("UPDATE slot SET last = ? WHERE slot = ?").bind(last, Int64(slot.rawValue)).run()
        return last
    }

    /// The next free id of a past millisecond; the slot's last id stays as it is.
    func mint(in slot: Slot, imported time: Timestamp) throws -> Int64 {
        try claim(slot)
        do {
            for id in try Minting.range(at: time, slot: slot) where try !isTaken(id) { return id }
            throw MintingError.exhausted
        } catch let error as MintingError { throw StoreError(error) }
    }

    /// Whether an id is given, or was.
    func isTaken(_ id: Int64) throws -> Bool {
        try statement(SQLTransaction.takenSelection).bind(id).first { $0.integer(0) } == 1
    }

    static let takenSelection = """
        SELECT EXISTS (SELECT 1 FROM post WHERE id = ?1) OR EXISTS (SELECT 1 FROM tombstone WHERE id = ?1)
            OR EXISTS (SELECT 1 FROM account WHERE id = ?1) OR EXISTS (SELECT 1 FROM media WHERE id = ?1)
        """

    // MARK: Counting and logging

    /// Adds an entry to the transaction's event.
    func log(_ entry: EventEntry) {
        pending.entries.append(entry)
        pending.isDirty = true
    }

    /// Adds an entry unless it is the newest already.
    func logOnce(_ entry: EventEntry) {
        if pending.entries.last != entry { log(entry) }
    }

    /// Says that there is something to commit that is no row of truth.
    func markDirty() { pending.isDirty = true }

    /// Counts a row that was added; the difference of the hashes goes into the shard's sum.
    ///
    /// - Parameter hash: the row's `sumShare`, which the caller has at hand.
    func count(added hash: UInt64, _ row: @autoclosure () -> TruthRow) throws {
        pending.rows += 1
        pending.sum &+= hash
        pending.isDirty = true
        if notesChanges { try note(row()) }
    }

    /// Counts a row that was removed.
    func count(removed row: TruthRow) throws {
        pending.rows -= 1
        pending.sum &-= row.sumShare
        pending.isDirty = true
        if notesChanges { try note(row) }
    }

    /// Stored rows prove themselves by their hash.
    func verify(_ row: TruthRow, against hash: Int64, _ name: @autoclosure () -> String) throws {
        if Int64(bitPattern: row.check) != hash {
            throw StorageError(
                .damaged, "\(name()) in shard \(shard) is damaged", hint: "run \"social verify\"")
        }
    }

    /// Runs a block; when it throws, exactly what it did is undone and the transaction goes on.
    func attempt<Result>(_ body: () throws -> Result) throws -> Result {
        try turnRound()
        let before = (pending, claimed)
        try statement("SAVEPOINT operation").run()
        do {
            let result = try body()
            try turnRound()
            try statement("RELEASE operation").run()
            try database.settle()
            return result
        } catch {
            (pending, claimed) = before
            unturned = []
            // A full disk may have made SQLite roll back everything; then there is no savepoint any more.
            if database.isInsideTransaction {
                try statement("ROLLBACK TO operation").run()
                try statement("RELEASE operation").run()
            }
            throw error
        }
    }

    /// Writes the event and the sums: the last statements before the commit.
    func appendEvent(at time: Timestamp) throws {
        guard var state = begun else { return }
        try turnRound()
        if !pending.entries.isEmpty {
            state.head += 1
            let insert = try statement("INSERT INTO log VALUES (?, ?, ?)").bind(state.head, time.milliseconds)
            insert.bind(EventCoding.encode(pending.entries), at: 3)
            try insert.run()
        }
        begun = state
        let sum = Int64(bitPattern: current.sum)
        try statement("UPDATE shard SET head = ?, rows = ?, sum = ?").bind(state.head, current.rows, sum).run()
    }

    func events(after n: Int64, entryLimit: Int) throws -> [Event] {
        let select = try statement("SELECT n, at, entries FROM log WHERE n > ? ORDER BY n").bind(n)
        var events: [Event] = []
        var entryCount = 0
        while entryCount < entryLimit, try select.next() {
            let number = select.integer(0)
            guard let entries = EventCoding.decode(select.bytes(2)) else {
                throw StorageError(
                    .damaged, "event \(number) of shard \(shard) is damaged", hint: "run \"social verify\"")
            }
            entryCount += entries.count
            events.append(Event(n: number, at: Timestamp(milliseconds: select.integer(1)), entries: entries))
        }
        select.stop()
        return events
    }

    /// Begins a new life of the log, in which older offsets mean nothing.
    func renew(incarnation: UInt64) throws {
        try statement("UPDATE shard SET incarnation = ?").bind(Int64(bitPattern: incarnation)).run()
        begun?.incarnation = incarnation
        pending.isDirty = true
    }

    func trimLog(through n: Int64) throws {
        let state = try state()
        guard n >= state.oldest else { return }
        let last = min(n, state.head)
        try statement("DELETE FROM log WHERE n <= ?").bind(last).run()
        try statement("UPDATE shard SET oldest = ?").bind(last + 1).run()
        pending.isDirty = true
    }
}
