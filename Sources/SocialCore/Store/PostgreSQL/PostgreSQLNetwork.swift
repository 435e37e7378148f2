// A network on PostgreSQL servers: what it is stands in a table of the first one, and each shard is two schemas on one
// of them.
#if PostgreSQL

/// The servers of a network, for one thread.
final class PostgreSQLNetwork: TruthServers {
    /// The clock, chance and patience of the run.
    let context: Context
    /// With what the names of its schemas begin.
    let prefix: String
    /// The first server, which knows what the network is.
    let first: PostgreSQLSession
    /// The other servers that have been needed.
    private var others: [PostgreSQLSession] = []
    /// Whether writes are collected.
    private var isGrouping = false
    /// The heads of the snapshot that is being read, and of which map they are; nil where none is.
    private var snapshotHeads: (mark: UInt64, heads: [SourceHead])?

    /// The servers of a network; nothing is connected yet.
    ///
    /// - Parameter prefix: with what the names of its schemas begin.
    init(_ address: PostgreSQLAddress, prefix: String = "social", context: Context) {
        first = PostgreSQLSession(address, context: context)
        self.context = context
        self.prefix = prefix
    }

    func separate() -> any TruthServers { PostgreSQLNetwork(first.address, prefix: prefix, context: context) }

    // MARK: Servers

    /// The connections to the server of an address; nil for the first.
    func session(at place: String?) throws(StoreError) -> PostgreSQLSession {
        guard let place, place != first.address.text else { return first }
        if let known = others.first(where: { $0.address.text == place }) { return known }
        let session = PostgreSQLSession(try PostgreSQLAddress(place), context: context)
        if isGrouping { session.beginGroup() }
        others.append(session)
        return session
    }

    /// The connections to the server that has a shard.
    func session(of shard: Int, _ map: SlotMap) -> PostgreSQLSession {
        // Addresses in the map were looked at when they came there.
        (try? session(at: map[shard]?.store)) ?? first
    }

    /// The connections to all servers of a map.
    private func sessions(_ map: SlotMap) -> [PostgreSQLSession] {
        for shard in map.shards where shard.store != nil { _ = session(of: shard.number, map) }
        return [first] + others
    }

    // MARK: Groups

    /// Keeps what is written from now on in one transaction a server.
    func beginGroup() {
        isGrouping = true
        for session in [first] + others { session.beginGroup() }
    }

    /// Commits what the group has written, on one server after the other.
    func endGroup() throws {
        isGrouping = false
        var failure: (any Error)?
        for session in [first] + others {
            // After a failure nothing more is committed.
            guard failure == nil else {
                session.abandonGroup()
                continue
            }
            do { try session.endGroup() } catch { failure = error }
        }
        if let failure { throw failure }
    }

    /// Forgets what the group has written.
    func abandonGroup() {
        isGrouping = false
        for session in [first] + others { session.abandonGroup() }
    }

    /// The table that says what the network is.
    private var schema: PostgreSQLSchema { PostgreSQLSchema(name: prefix, tables: ["network"]) }

    func listener(_ map: SlotMap) -> any ChangeListener { PostgreSQLListener(sessions(map).map(\.address)) }

    // MARK: What the network is

    func manifest() throws -> Manifest {
        let found = try first.read { try stored($0, lock: "") }
        guard let found else { throw missing }
        return found
    }

    private var missing: StorageError {
        StorageError(
            .noDataDirectory, "\(first.address.text) has no network",
            hint: "make one with \"social init DIR --store \(first.address.text)\"")
    }

    private func stored(_ connection: PostgreSQLConnection, lock: String) throws -> Manifest? {
        let name = try connection.database(schema).statement(
            "SELECT CAST(to_regclass('\(prefix).network') AS TEXT)")
        guard try name.first({ !$0.isNull(0) }) == true else { return nil }
        let select = try connection.database(schema).statement("SELECT manifest FROM network WHERE id = 1\(lock)")
        guard let bytes = try select.first({ $0.bytes(0) }) else { return nil }
        return try Manifest.decode(bytes, of: first.address.text)
    }

    func update(_ change: (inout Manifest) throws -> Void) throws -> Manifest {
        try first.write { connection in
            guard let before = try stored(connection, lock: " FOR UPDATE") else { throw missing }
            var manifest = before
            try change(&manifest)
            if manifest != before, !context.isDryRun {
                let update = try connection.database(schema).statement(
                    "UPDATE network SET manifest = ? WHERE id = 1")
                update.bind(manifest.encoded, at: 1)
                try update.run()
                try connection.commit()
            }
            return manifest
        }
    }

    func create(_ manifest: Manifest) throws -> Manifest {
        try first.write { connection in
            try connection.send("CREATE SCHEMA IF NOT EXISTS \(prefix)")
            try connection.send(
                "CREATE TABLE IF NOT EXISTS \(prefix).network (id BIGINT PRIMARY KEY, manifest BYTEA NOT NULL)")
            try connection.commit()
        }
        // The table stays locked until everything is made: of two that make a network, the second finds it made.
        return try first.write { connection in
            try connection.send("LOCK TABLE \(prefix).network IN EXCLUSIVE MODE")
            try connection.settle()
            if let present = try stored(connection, lock: "") { return present }
            context.observer?.begin("making tables", total: manifest.map.shards.count)
            defer { context.observer?.end() }
            for shard in manifest.map.shards.map(\.number) {
                try make(shard, manifest.map)
                context.observer?.advance(by: 1)
            }
            let insert = try connection.database(schema).statement("INSERT INTO network VALUES (1, ?)")
            insert.bind(manifest.encoded, at: 1)
            try insert.run()
            try connection.commit()
            return manifest
        }
    }

    /// Makes the tables of a shard, in a transaction of its own: the locks of all tables of all shards would not fit
    /// into the memory of a server as it is set up at first.
    private func make(_ shard: Int, _ map: SlotMap) throws {
        try first.write { connection in
            try PostgreSQLSchema.dropAll(of: shard, prefix, on: connection)
            try PostgreSQLSchema.truth(of: shard, prefix)
                .createTruth(of: shard, incarnation: context.random.next(), map: map, on: connection)
            try PostgreSQLSchema.records(of: shard, prefix)
                .createRecords(of: shard, incarnation: context.random.next(), on: connection)
            try connection.commit()
        }
    }

    // MARK: Shards

    func store(_ shard: Int, map: SlotMapHolder) -> any Store {
        PostgreSQLStore(shard: shard, network: self, map: map)
    }

    func records(_ shard: Int, router: Router) -> any RecordsSource {
        PostgreSQLRecords(shard: shard, network: self, router: router)
    }

    func together<Result>(_ map: SlotMap, _ body: () throws -> Result) throws -> Result {
        try open(sessions(map)[...], map, body)
    }

    private func open<Result>(
        _ sessions: ArraySlice<PostgreSQLSession>, _ map: SlotMap, _ body: () throws -> Result
    ) throws -> Result {
        guard let session = sessions.first else {
            guard snapshotHeads == nil, let heads = try heads(of: map) else { return try body() }
            for session in self.sessions(map) { session.verified = map.mark }
            snapshotHeads = (map.mark, heads)
            defer { snapshotHeads = nil }
            return try body()
        }
        return try session.read { _ in try open(sessions.dropFirst(), map, body) }
    }

    func heads(of map: SlotMap) throws -> [SourceHead]? {
        if let known = snapshotHeads, known.mark == map.mark { return known.heads }
        let shards = map.shards
        var heads: [SourceHead?] = Array(repeating: nil, count: shards.count)
        for session in sessions(map) {
            let indices = shards.indices.filter { self.session(of: shards[$0].number, map) === session }
            if indices.isEmpty { continue }
            let parts = indices.map { index in
                """
                SELECT CAST(\(index) AS BIGINT), incarnation, head, map_version \
                FROM \(prefix)_\(shards[index].number).shard
                """
            }
            try session.read { connection in
                let all = try connection.database(schema).statement(parts.joined(separator: " UNION ALL "))
                try all.forEach { row in
                    let index = Int(row.integer(0))
                    guard row.integer(3) == shards[index].version else { return }
                    heads[index] = SourceHead(incarnation: UInt64(bitPattern: row.integer(1)), n: row.integer(2))
                }
            }
        }
        let known = heads.compactMap { $0 }
        return known.count == heads.count ? known : nil
    }
}

#endif
