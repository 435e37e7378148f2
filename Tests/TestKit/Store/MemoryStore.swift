// A store engine in memory: dictionaries, sets and sorting, as plain as can be. It is the model that the SQLite engine,
// and any other, must agree with, and shares nothing with it but records, minting and hashes.

package import SocialCore

/// A log source in memory, which several stores may open like processes that share a file.
package final class MemorySource {
    /// The shard's number.
    package let shard: Int
    var state: MemoryState
    /// The store that holds a group open.
    weak var writer: MemoryStore?

    /// A new source that owns what the map gives its shard.
    package init(shard: Int, incarnation: UInt64, map: SlotMap) {
        self.shard = shard
        state = MemoryState(incarnation: incarnation, mapVersion: map.version(of: shard))
        for index in 0..<Slot.count {
            let slot = Slot(masking: Int64(index))
            let owner = map.owner(of: slot)
            guard owner.shard == shard else { continue }
            state.slots[slot] = SlotRecord(slot: slot, state: .owned, epoch: owner.epoch, last: 0)
        }
    }

    /// Changes who owns a slot, as a move does.
    package func setSlot(_ slot: Slot, isOwned: Bool, epoch: Int64) {
        state.slots[slot, default: SlotRecord(slot: slot, state: .none, epoch: epoch, last: 0)].state =
            isOwned ? .owned : .none
        state.slots[slot]?.epoch = epoch
    }

    /// Changes the version of the map that the source has adopted.
    package func setMapVersion(_ version: Int64) { state.mapVersion = version }
}

/// One opening of a source in memory.
package final class MemoryStore: Store {
    private let source: MemorySource
    private let map: SlotMapHolder
    private let context: Context
    private var group: MemoryTransaction?
    private var isGrouping = false

    /// Opens a source, with a slot map in hand.
    package init(_ source: MemorySource, map: SlotMapHolder, context: Context) {
        self.source = source
        self.map = map
        self.context = context
    }

    package func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        if let group { return try body(group) }
        guard source.state.mapVersion == map.current.version(of: source.shard) else {
            throw StoreError(.slotMoved, "another slot map")
        }
        return try body(MemoryTransaction(source.state, shard: source.shard, map: map))
    }

    package func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result {
        guard try tryBegin() else { throw StorageError(.busy, "another store writes") }
        let transaction = group ?? MemoryTransaction(source.state, shard: source.shard, map: map)
        if isGrouping {
            source.writer = self
            group = transaction
            return try transaction.undoing { try body(transaction) }
        }
        let result = try body(transaction)
        commit(transaction)
        return result
    }

    package func beginGroup() { isGrouping = true }

    package func tryBegin() throws -> Bool {
        guard source.writer == nil || source.writer === self else { return false }
        if isGrouping { source.writer = self }
        return true
    }

    package func finish() {}

    package func abandonGroup() {
        isGrouping = false
        group = nil
        if source.writer === self { source.writer = nil }
    }

    package func endGroup() throws {
        isGrouping = false
        if let group { commit(group) }
        group = nil
        if source.writer === self { source.writer = nil }
    }

    private func commit(_ transaction: MemoryTransaction) {
        var state = transaction.held
        if !transaction.pending.isEmpty {
            state.head += 1
            state.log.append(Event(n: state.head, at: context.clock.now, entries: transaction.pending))
        }
        source.state = state
    }
}
