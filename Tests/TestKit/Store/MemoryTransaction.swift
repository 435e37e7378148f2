// Reads of one snapshot in memory, and what a transaction there has in hand.

internal import SocialCore

/// A copy of a source's rows, read and changed.
final class MemoryTransaction: StoreReader, StoreWriter {
    var held: MemoryState
    var pending: [EventEntry] = []
    let begun: MemoryState
    let shard: Int
    let map: SlotMapHolder

    init(_ held: MemoryState, shard: Int, map: SlotMapHolder) {
        self.held = held
        begun = held
        self.shard = shard
        self.map = map
    }

    /// Runs a block; when it throws, exactly what it did is undone.
    func undoing<Result>(_ body: () throws -> Result) throws -> Result {
        let before = (held, pending)
        do { return try body() } catch {
            (held, pending) = before
            throw error
        }
    }

    // MARK: State and log

    func state() throws -> SourceState {
        var source = begun.source
        source.oldest = held.oldest
        return source
    }

    func slots() throws -> [SlotRecord] { held.slots.values.sorted { $0.slot < $1.slot } }

    func events(after n: Int64, entryLimit: Int) throws -> [Event] {
        var events: [Event] = []
        for event in held.log where event.n > n {
            if events.reduce(0, { $0 + $1.entries.count }) >= entryLimit { break }
            events.append(event)
        }
        return events
    }

    func trimLog(through n: Int64) throws {
        held.log.removeAll { $0.n <= n }
        held.oldest = max(held.oldest, min(n, held.head) + 1)
    }

    func engineProblems() throws -> [String] { [] }

    func rows() throws -> RowCursor { RowCursor(held.rows.sorted { RowKey($0) < RowKey($1) }) }

    // MARK: Claims and minting

    func claim(_ slot: Slot) throws {
        let owner = map.current.owner(of: slot)
        guard let stored = held.slots[slot], stored.state == .owned, owner.shard == shard, owner.epoch == stored.epoch
        else {
            throw StoreError(.slotMoved, "the slot is elsewhere")
        }
    }

    func mint(in slot: Slot, now: Timestamp) throws -> Int64 {
        try claim(slot)
        var last = held.slots[slot]?.last ?? 0
        repeat {
            do { last = try Minting.next(after: last, now: now, slot: slot) } catch { throw StoreError(error) }
        } while isTaken(last)
        held.slots[slot]?.last = last
        return last
    }

    func mint(in slot: Slot, imported time: Timestamp) throws -> Int64 {
        try claim(slot)
        do {
            guard let free = try Minting.range(at: time, slot: slot).first(where: { !isTaken($0) }) else {
                throw MintingError.exhausted
            }
            return free
        } catch let error as MintingError { throw StoreError(error) }
    }

    func isTaken(_ id: Int64) -> Bool {
        held.posts[PostID(rawValue: id)] != nil || held.tombstones.contains(PostID(rawValue: id))
            || held.accounts[UserID(rawValue: id)] != nil || held.formerAccounts.contains(UserID(rawValue: id))
            || held.media[MediaID(rawValue: id)] != nil || held.formerMedia.contains(MediaID(rawValue: id))
    }
}
