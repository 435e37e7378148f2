// One log source of either engine, opened as often as a test wants, as if by several processes.

internal import GRDBSQLite
internal import Glibc
package import SocialCore

/// The engines that the conformance tests run on.
package enum StoreEngine: String, CaseIterable, Sendable {
    case sqlite, memory
    #if PostgreSQL
    case postgresql

    /// Without a server there is nothing to be tested on it.
    package static var allCases: [StoreEngine] { [.sqlite, .memory] + (server == nil ? [] : [.postgresql]) }

    /// The server that the tests may use: `SOCIAL_TEST_POSTGRESQL`.
    package static var server: PostgreSQLAddress? {
        getenv("SOCIAL_TEST_POSTGRESQL").flatMap { try? PostgreSQLAddress(String(cString: $0)) }
    }
    #endif
}

/// A fresh log source of an engine.
package final class StoreFixture {
    /// The time at which the fixture's stores commit.
    package static let now = Timestamp(milliseconds: 1_750_000_000_000)

    private let directory: TemporaryDirectory?
    private let memory: MemorySource?
    #if PostgreSQL
    private var server: PostgreSQLShards?
    private let prefix = "test_\(UInt64.random(in: 0..<(.max)))"
    #endif
    private var context: Context
    private let shard: Int
    /// The map under which the source was made.
    package let map: SlotMap

    /// Makes a source.
    package init(_ engine: StoreEngine, shards: Int = 1, shard: Int = 0) throws {
        map = SlotMap(shardCount: shards)
        self.shard = shard
        context = Context(
            clock: .fixed(StoreFixture.now), random: .seeded(SeededGenerator(seed: 1)), lockWaitMilliseconds: 0)
        switch engine {
        case .memory:
            memory = MemorySource(shard: shard, incarnation: 7, map: map)
            directory = nil
        case .sqlite:
            memory = nil
            let directory = try TemporaryDirectory()
            self.directory = directory
            let store = SQLiteStore(
                shard: shard, directory: directory.path, shared: false, map: SlotMapHolder(map), heads: nil,
                context: context)
            try store.create(incarnation: 7)
        #if PostgreSQL
        case .postgresql:
            (memory, directory) = (nil, nil)
            // A transaction that was called off may still be on its way to the server.
            self.context.lockWaitMilliseconds = 250
            let server = PostgreSQLShards(
                try StoreEngine.server ?? PostgreSQLAddress(""), prefix: prefix, context: self.context)
            try server.create(shard, map: map, incarnation: 7)
            self.server = server
        #endif
        }
    }

    #if PostgreSQL
    deinit { try? server?.remove(shard) }
    #endif

    /// The file of the SQLite engine; nil elsewhere.
    package var path: String? { directory.map { "\($0.path)/truth.sqlite" } }

    /// Opens the source, as one more process would.
    package func open(_ holder: SlotMapHolder? = nil) -> any Store {
        let holder = holder ?? SlotMapHolder(map)
        #if PostgreSQL
        if server != nil, let address = StoreEngine.server {
            // Connections of its own, as another process has them.
            let own = PostgreSQLShards(address, prefix: prefix, context: context)
            return KeptStore(own.store(shard, map: holder), in: self)
        }
        #endif
        if let memory { return MemoryStore(memory, map: holder, context: context) }
        let store = SQLiteStore(
            shard: shard, directory: directory?.path ?? "", shared: false, map: holder, heads: nil, context: context)
        return KeptStore(store, in: self)
    }

    /// Gives a slot another owner or epoch, as a move does.
    package func setSlot(_ slot: Slot, isOwned: Bool, epoch: Int64) {
        memory?.setSlot(slot, isOwned: isOwned, epoch: epoch)
        run("UPDATE slot SET owned = \(isOwned ? 1 : 0), epoch = \(epoch) WHERE slot = \(slot.rawValue)")
    }

    /// Gives the source another map version, as a move does.
    package func setMapVersion(_ version: Int64) {
        memory?.setMapVersion(version)
        run("UPDATE shard SET map_version = \(version)")
    }

    /// Runs a statement on the tables of an SQL engine; nothing elsewhere.
    package func run(_ sql: String) {
        if let path { StoreFixture.run(sql, on: path) }
        #if PostgreSQL
        try? server?.run(sql, on: shard)
        #endif
    }

    /// Runs a statement on a file.
    package static func run(_ sql: String, on path: String) {
        var connection: OpaquePointer?
        // Safety: a plain connection, opened and closed here; a store that is open keeps its own.
        sqlite3_open(path, &connection)
        sqlite3_exec(connection, sql, nil, nil, nil)
        sqlite3_close(connection)
    }
}

extension SlotMap {
    /// The map in which one slot has another epoch.
    package func moving(_ slot: Slot, toEpoch epoch: Int64, version: Int64? = nil) -> SlotMap {
        let runs = (0..<Slot.count).map { index in
            let place = Slot(masking: Int64(index))
            var owner = owner(of: place)
            if place == slot { owner.epoch = epoch }
            return SlotMap.Run(slots: index...index, owner: owner)
        }
        let entries = shards.map { ShardEntry(number: $0.number, version: version ?? $0.version) }
        return SlotMap(shards: entries, runs: runs) ?? self
    }
}

/// A store that keeps the fixture, and with it the directory, for as long as it is used.
private final class KeptStore: Store {
    private let store: any Store
    private let fixture: StoreFixture

    init(_ store: any Store, in fixture: StoreFixture) {
        self.store = store
        self.fixture = fixture
    }

    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result { try store.read(body) }
    func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result { try store.write(body) }
    func beginGroup() { store.beginGroup() }
    func tryBegin() throws -> Bool { try store.tryBegin() }
    func endGroup() throws { try store.endGroup() }
    func finish() throws { try store.finish() }
    func abandonGroup() { store.abandonGroup() }
}
