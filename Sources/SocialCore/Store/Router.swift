// Carries reads and writes to the store that owns a key: with the slot map in hand, and once more with a fresh one when
// the store says that the slot has moved.

/// What a write has to do with accounts, which rows on any shard may name.
package enum AccountUse: Sendable {
    /// It makes some.
    case makes
    /// It stores rows that name some.
    case names
    case none
}

/// All stores of a network, and the map that says which of them owns a slot.
package final class Router {
    /// The slot map in hand.
    package let map: SlotMapHolder
    private let makeStore: (Int) throws -> any Store
    private let reloadMap: () throws -> SlotMap
    /// Ends the move of a slot that another process has left half done: false when that is still at it.
    package var finishMove: () throws -> Bool = { false }
    /// Which slot map counts, as `Heads.mapMark` says; nil where that cannot be told.
    package var mapMark: () -> UInt64? = { nil }
    /// How far those have come in a life of a shard's log who write records because of it; nil when nobody does.
    package var consumedLog: (_ shard: Int, _ incarnation: UInt64) throws -> Int64? = { _, _ in nil }
    /// A mark that no map has: its file was put back, or not written when the machine lost power.
    private var strayMark: UInt64?
    /// Who keeps the truth; nil when files do.
    package var servers: (any TruthServers)?
    /// Called whenever a group has been committed or forgotten.
    package var didEndGroup: () -> Void = {}
    /// Keeps slots where they are for as long as what is returned lives; nil where that cannot be done.
    package var holdSlots: () throws -> AnyObject? = { nil }
    private let lockWaitMilliseconds: Int64
    /// Whether all writes belong to one group that is abandoned at the end: `--dry-run`.
    private let isDryRun: Bool
    private let observer: (any RunObserver)?
    /// Where it is counted what is read and written; nil where nothing is to last.
    private let loads: SlotLoads?
    /// The stores that have been needed, by shard number.
    private var stores: [(any Store)?] = []
    /// Shards on which the present group has made accounts that are not durable yet.
    private var shardsWithNewAccounts: Set<Int> = []
    /// Whether what is read comes from one snapshot of each server.
    private var isOnOneSnapshot = false
    /// Whether writes are collected into groups that share a commit.
    package private(set) var isGrouping = false
    /// Whether the present group has written something that is not durable yet; views do not know of it.
    package private(set) var hasOpenGroup = false

    /// Routes to stores that are made when they are first needed.
    ///
    /// - Parameters:
    ///   - reloadMap: reads the slot map afresh.
    ///   - context: whether writes are to last, and who wants to know of them.
    ///   - loads: where it is counted what is read and written.
    package init(
        map: SlotMapHolder, reloadMap: @escaping () throws -> SlotMap, context: Context = Context(),
        loads: SlotLoads? = nil, store: @escaping (Int) throws -> any Store
    ) {
        self.map = map
        self.reloadMap = reloadMap
        isDryRun = context.isDryRun
        isGrouping = context.isDryRun
        observer = context.observer
        self.loads = context.isDryRun ? nil : loads
        lockWaitMilliseconds = context.lockWaitMilliseconds
        makeStore = store
    }

    /// Another way to the same shards, with connections of its own: for reading beside this one on another core.
    ///
    /// It does not follow slots that move: its reads then fail, and are repeated as a whole.
    package func separate() -> Router {
        let moved = StoreError(.slotMoved, "slots have moved", hint: "try again")
        guard let own = servers?.separate() else {
            return Router(map: map, reloadMap: { throw moved }, store: makeStore)
        }
        let router = Router(map: map, reloadMap: { throw moved }) { [map] in own.store($0, map: map) }
        router.servers = own
        return router
    }

    /// Runs reads of several shards, on one snapshot of a server that keeps them.
    private func together<Result>(_ body: () throws -> Result) throws -> Result {
        guard let servers, !isGrouping else { return try body() }
        return try servers.together(map.current, body)
    }

    /// Runs reads of any shards on one snapshot of each server that keeps them, and again with a fresh map when slots
    /// have moved; where files keep them, each read has its own.
    package func onOneSnapshot<Result>(_ body: () throws -> Result) throws -> Result {
        guard servers != nil, !isOnOneSnapshot else { return try body() }
        return try following {
            isOnOneSnapshot = true
            defer { isOnOneSnapshot = false }
            return try together(body)
        }
    }

    /// The numbers of all shards, in order.
    package var shards: [Int] { map.current.shards.map(\.number) }

    /// The shard that owns a slot.
    package func shard(of slot: Slot) -> Int { map.current.owner(of: slot).shard }

    /// The store of a shard.
    package func store(_ shard: Int) throws -> any Store {
        if shard < stores.count, let store = stores[shard] { return store }
        observer?.note("shard \(shard) is opened")
        let store = try makeStore(shard)
        if isGrouping { store.beginGroup() }
        while stores.count <= shard { stores.append(nil) }
        stores[shard] = store
        return store
    }

    /// Reads a snapshot of the shard that owns a slot.
    package func read<Result>(_ slot: Slot, _ body: (any StoreReader) throws -> Result) throws -> Result {
        loads?.count(.reads, slot)
        return try following { try store(shard(of: slot)).read(body) }
    }

    /// Reads a snapshot of one shard.
    ///
    /// - Parameter slots: one for each thing that is looked up, where that is known.
    /// - Throws: `shardRemoved`.
    package func read<Result>(
        shard: Int, slots: [Slot] = [], _ body: (any StoreReader) throws -> Result
    ) throws -> Result {
        if !slots.isEmpty { loads?.count(.reads, slots) }
        return try following {
            try require(shard)
            return try store(shard).read(body)
        }
    }

    /// Makes sure that a shard is in the map in hand.
    ///
    /// - Throws: `shardRemoved`.
    package func require(_ shard: Int) throws {
        if map.current.version(of: shard) > 0 { return }
        throw StoreError(.shardRemoved, "shard \(shard) has been removed", hint: "try again")
    }

    /// Reads every shard in the order of their numbers: scatter and gather.
    package func gather<Result>(_ body: (any StoreReader) throws -> Result) throws -> [Result] {
        try following { try together { try shards.map { try store($0).read(body) } } }
    }

    /// Reads one thing for each key, in the order of the keys, with one snapshot a shard.
    package func gather<Key, Value>(
        _ keys: [Key], slot: (Key) -> Slot, _ body: (any StoreReader, Key) throws -> Value?
    ) throws -> [Value?] {
        let slots = keys.map(slot)
        loads?.count(.reads, slots)
        return try following {
            let owners = slots.map(shard)
            var values: [Value?] = Array(repeating: nil, count: keys.count)
            func readAll() throws {
                for shard in shards where owners.contains(shard) {
                    try store(shard).read { reader in
                        for index in keys.indices where owners[index] == shard {
                            values[index] = try body(reader, keys[index])
                        }
                    }
                }
            }
            // Of keys that all lie in one shard there is nothing to be put together.
            try keys.count > 1 ? together(readAll) : readAll()
            return values
        }
    }

    /// Reads for all keys of a shard at once, with one snapshot a shard.
    package func gather<Key, Value>(
        _ keys: [Key], slot: (Key) -> Slot, many body: (any StoreReader, [Key]) throws -> Value
    ) throws -> [Value] {
        if keys.isEmpty { return [] }
        let slots = keys.map(slot)
        loads?.count(.reads, slots)
        return try following {
            try together {
                let parts = Dictionary(grouping: keys.indices) { shard(of: slots[$0]) }
                return try shards.compactMap { number in
                    guard let part = parts[number] else { return nil }
                    return try store(number).read { try body($0, part.map { keys[$0] }) }
                }
            }
        }
    }

    /// Reads all shards at one moment: a snapshot of each, and no commit between the first and the last.
    ///
    /// - Returns: nil when another process has written meanwhile; then it is worth trying again.
    package func readTogether<Result>(_ body: ([any StoreReader]) throws -> Result) throws -> Result? {
        try following {
            // If nothing has changed since before the first snapshot, all are of the moment at which that began.
            let before = try shards.map { try store($0).read { try $0.state() } }
            func open(_ rest: ArraySlice<Int>, _ readers: [any StoreReader]) throws -> Result? {
                guard let shard = rest.first else {
                    return try readers.map { try $0.state() } == before ? try body(readers) : nil
                }
                return try store(shard).read { try open(rest.dropFirst(), readers + [$0]) }
            }
            return try open(shards[...], [])
        }
    }

    /// Writes one transaction on the shard that owns a slot.
    ///
    /// - Parameter accounts: whether it makes accounts, or stores rows that name accounts of any shard.
    package func write<Result>(
        _ slot: Slot, accounts: AccountUse = .none, _ body: (any StoreWriter) throws -> Result
    ) throws -> Result {
        if let groupFailure { throw groupFailure }
        loads?.count(.writes, slot)
        return try following { try writeOnce(shard(of: slot), accounts, body) }
    }

    /// Writes one transaction on a shard; the operations claim their slots themselves.
    package func write<Result>(shard: Int, _ body: (any StoreWriter) throws -> Result) throws -> Result {
        if let groupFailure { throw groupFailure }
        return try following { try writeOnce(shard, .names, body) }
    }

    /// Writes many items, a transaction for those of each shard and part of the items, along the shards' numbers.
    ///
    /// What is left when the map in hand turns out to be old is dealt again, so the body may be called again for items
    /// of transactions that have not been committed.
    ///
    /// - Parameters:
    ///   - batchRows: how many items share a transaction at most.
    ///   - committed: hears what has been done for which items, once.
    package func write<Item, Result>(
        _ items: [Item], batchRows: Int = .max, accounts: AccountUse, slot: (Item) -> Slot,
        _ body: (any StoreWriter, ArraySlice<Item>) throws -> Result,
        committed: (Result, ArraySlice<Item>) -> Void
    ) throws {
        if let groupFailure { throw groupFailure }
        var left = [items[...]]
        try following {
            left = grouped(left.flatMap { $0 }, slot)
            for shard in left.indices {
                while !left[shard].isEmpty {
                    let batch = left[shard].prefix(batchRows)
                    let result = try writeOnce(shard, accounts) { try body($0, batch) }
                    loads?.count(.writes, batch.map(slot))
                    committed(result, batch)
                    left[shard] = left[shard].dropFirst(batch.count)
                }
            }
        }
    }

    /// Items by the number of their shard.
    private func grouped<Item>(_ items: [Item], _ slot: (Item) -> Slot) -> [ArraySlice<Item>] {
        let shards = shards
        var groups: [[Item]] = Array(repeating: [], count: (shards.last ?? 0) + 1)
        if let only = shards.first, shards.count == 1 {
            groups[only] = items
        } else {
            for item in items { groups[shard(of: slot(item))].append(item) }
        }
        return groups.map { $0[...] }
    }

    private func writeOnce<Result>(
        _ shard: Int, _ accounts: AccountUse, _ body: (any StoreWriter) throws -> Result
    ) throws -> Result {
        let store = try store(shard)
        if isGrouping, !isDryRun {
            // Shards commit one after the other: a row must not be durable before an account that it names.
            let isAhead = accounts == .names && shardsWithNewAccounts.contains { $0 != shard }
            // Waiting for this shard while holding others could wait for ever: commit what we hold first.
            let mustWait = try !isAhead && !store.tryBegin()
            if isAhead || mustWait { try flushGroup() }
            if accounts == .makes { shardsWithNewAccounts.insert(shard) }
        }
        hasOpenGroup = isGrouping
        let result = try store.write(body)
        observer?.note("shard \(shard) is written\(isGrouping ? ", in a group" : " and synced")")
        return result
    }

    /// Why a group could not be made durable; from then on this router writes no more, because what the group has
    /// answered for is not stored.
    package private(set) var groupFailure: (any Error)?

    /// Collects writes from now on; nothing is durable until `flushGroup` or `endGroup`.
    package func beginGroup() {
        isGrouping = true
        for store in stores { store?.beginGroup() }
    }

    /// Commits what was collected, and goes on collecting.
    package func flushGroup() throws {
        if let groupFailure { throw groupFailure }
        guard isGrouping, !isDryRun else { return }
        try endGroup()
        beginGroup()
    }

    /// Makes what a group has written for one slot durable before what it will write for another on a different shard.
    package func keepOrder(of first: Slot, before second: Slot) throws {
        if shard(of: first) != shard(of: second) { try flushGroup() }
    }

    /// Commits what was collected, or forgets it where nothing is to last.
    package func endGroup() throws {
        defer { didEndGroup() }
        if isDryRun {
            hasOpenGroup = false
            for store in stores { store?.abandonGroup() }
            return
        }
        isGrouping = false
        hasOpenGroup = false
        shardsWithNewAccounts = []
        for store in stores {
            // After a failure nothing more is committed: the rest of the group is rolled back.
            guard groupFailure == nil else {
                store?.abandonGroup()
                continue
            }
            do { try store?.endGroup() } catch { groupFailure = error }
        }
        if let groupFailure { throw groupFailure }
        observer?.note("the group is synced")
    }

    /// Tidies up at the end of a process that went on for long.
    package func finish() throws {
        if isDryRun { return }
        for store in stores { try store?.finish() }
    }

    /// Reads more than one shard in several steps, and all of it again when slots have moved meanwhile: otherwise what
    /// lies in them could be missed, or met twice.
    package func repeating<Result>(_ body: () throws -> Result) throws -> Result {
        while true {
            let before = map.current
            let result = try following(body)
            if map.current == before { return result }
        }
    }

    /// Takes up another slot map when there is one, without asking a shard: reads a word of memory.
    package func lookAtMap() throws {
        guard let mark = mapMark(), mark != 0, mark != map.current.mark, mark != strayMark else { return }
        map.current = try reloadMap()
        if mark != Heads.changing, mark != map.current.mark { strayMark = mark }
    }

    /// The same where a write depends on it: without a mark the map is read again.
    func makeSureOfMap() throws {
        if mapMark() == nil { map.current = try reloadMap() } else { try lookAtMap() }
    }

    /// Goes through all shards, and again when one of them turns out to have been removed.
    package func throughAllShards<Result>(_ body: () throws -> Result) throws -> Result {
        for _ in 0..<8 {
            do { return try body() } catch let error as StoreError where error.code == .shardRemoved {}
        }
        return try body()
    }

    /// Reads for long, while no slot may move to another shard.
    package func still<Result>(_ body: () throws -> Result) throws -> Result {
        // What this process has written and not committed could be what a move waits for.
        let hold = isGrouping ? nil : try holdSlots()
        return try withExtendedLifetime(hold) { try repeating(body) }
    }

    /// Whether an error can come from a slot map that is too old: a slot has moved, or a shard's files are no more.
    private func isOfOldMap(_ error: any Error) -> Bool {
        switch error {
        case let error as StoreError: error.code == .slotMoved || error.code == .shardRemoved
        case let error as StorageError: error.code == .damaged || error.code == .noSuchFile
        default: false
        }
    }

    /// Runs a block, and again with a fresh map when a shard says that slots have moved.
    package func following<Result>(_ body: () throws -> Result) throws -> Result {
        // A snapshot shows the map as it was: whoever has begun it looks for another.
        if isOnOneSnapshot { return try body() }
        var isDone: Result?
        var failure: (any Error)?
        var hasFinished = false
        _ = try Patience.wait(milliseconds: lockWaitMilliseconds) {
            // Several slots may move one after the other; waiting is only for a map that is behind its shards.
            while true {
                let before = map.current
                do { isDone = try body() } catch let error where isOfOldMap(error) {
                    failure = error
                    // Somebody inside the block may have found out already.
                    if before != map.current { continue }
                    let fresh = try reloadMap()
                    if fresh != before {
                        map.current = fresh
                        continue
                    }
                    guard (error as? StoreError)?.code == .slotMoved else { throw error }
                    if !hasFinished, try finishMove() {
                        hasFinished = true
                        continue
                    }
                    return false
                }
                return true
            }
        }
        if let isDone { return isDone }
        throw failure ?? StoreError(.slotMoved, "slots have moved", hint: "try again")
    }
}
