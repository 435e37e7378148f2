// What do we keep of each deed? The façade of the room: one protocol of typed operations on a log source, with an
// engine for SQLite, one for PostgreSQL, and one in memory in the tests, which is the model of both.
//
// A log source is a shard on SQLite and a schema of 64 slots on PostgreSQL. It has a random incarnation, renewed
// whenever its log begins anew, and a head: the number of commits. A transaction changes rows and appends one event.

/// The state of a log source.
package struct SourceState: Equatable, Sendable {
    /// Renewed by restore, promotion, recovery and migration: offsets of another incarnation mean nothing.
    package var incarnation: UInt64
    /// The version of the slot map that the source has adopted.
    package var mapVersion: Int64
    /// The number of commits.
    package var head: Int64
    /// The oldest event that the log still holds is `oldest`; it is `head + 1` when the log is empty.
    package var oldest: Int64
    /// The number of rows, and the sum modulo 2⁶⁴ of their hashes.
    package var rows: Int64
    /// The sum modulo 2⁶⁴ of the rows' hashes.
    package var sum: UInt64

    /// The state of a log source.
    package init(incarnation: UInt64, mapVersion: Int64, head: Int64, oldest: Int64, rows: Int64, sum: UInt64) {
        self.incarnation = incarnation
        self.mapVersion = mapVersion
        self.head = head
        self.oldest = oldest
        self.rows = rows
        self.sum = sum
    }
}

extension SourceState {
    /// Makes sure that the map in hand is the one that a shard knows.
    ///
    /// - Throws: `slotMoved`.
    func require(_ map: SlotMap, of shard: Int) throws(StoreError) {
        guard mapVersion == map.version(of: shard) else {
            throw StoreError(.slotMoved, "shard \(shard) is at slot map version \(mapVersion)", hint: "try again")
        }
    }
}

/// How far the log of a source has come.
package struct SourceHead: Equatable, Sendable {
    /// The life of the log.
    package var incarnation: UInt64
    /// The number of commits.
    package var n: Int64
}

/// What a source has to do with a slot.
package enum SlotState: Int64, Sendable {
    /// It has been told that it is another source's.
    case none = 0
    /// It owns it.
    case owned = 1
    /// Its rows are on their way here.
    case incoming = 2
    /// Its rows have gone to another source; what is left here has to be removed.
    case outgoing = 3
}

/// Who owns a slot, as a source has stored it.
package struct SlotRecord: Equatable, Sendable {
    /// The slot.
    package var slot: Slot
    /// Whether this source owns it.
    package var state: SlotState
    /// Grows with every move of the slot.
    package var epoch: Int64
    /// The last id minted in it; 0 when there was none.
    package var last: Int64
    /// The shard that it comes from or goes to.
    package var peer: Int?

    /// The state of a slot.
    package init(slot: Slot, state: SlotState, epoch: Int64, last: Int64, peer: Int? = nil) {
        self.slot = slot
        self.state = state
        self.epoch = epoch
        self.last = last
        self.peer = peer
    }
}

/// What a creating operation did.
package struct Creation<Value: Sendable>: Sendable {
    /// What exists now.
    package var value: Value
    /// False when it was there before.
    package var isNew: Bool

    /// What a creating operation did.
    package init(_ value: Value, isNew: Bool) {
        self.value = value
        self.isNew = isNew
    }
}

/// One log source: a shard's truth.
package protocol Store: AnyObject {
    /// Runs reads on one snapshot.
    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result
    /// Runs operations in one durable transaction; throwing rolls all of them back.
    func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result
    /// Keeps the transaction open from now on, so that many writes share one commit; each write still fails alone.
    func beginGroup()
    /// Whether a write would begin at once: false when another process is writing here. A group asks before it would
    /// wait for one source while it holds others, which could wait for each other for ever.
    func tryBegin() throws -> Bool
    /// Commits what was written since `beginGroup`.
    func endGroup() throws
    /// Forgets what was written since `beginGroup`.
    func abandonGroup()
    /// Tidies up at the end of a process that went on for long.
    func finish() throws
}
