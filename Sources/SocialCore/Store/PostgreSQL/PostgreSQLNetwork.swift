// A network on PostgreSQL servers: what it is stands in a table of the first one, and each shard is two schemas on one
// of them.
#if PostgreSQL

/// The servers of a network, for one thread.
final class PostgreSQLNetwork: TruthServers {
    private let first: PostgreSQLSession
    private let context: Context
    /// The other servers that have been needed.
    private var others: [PostgreSQLSession] = []
    /// On which server a shard is; nil for the first.
    private var places: [String?] = []
    private let prefix: String

    /// The servers of a network; nothing is connected yet.
    ///
    /// - Parameter prefix: with what the names of its schemas begin.
    init(_ address: PostgreSQLAddress, prefix: String = "social", context: Context) {
        first = PostgreSQLSession(address, context: context)
        self.context = context
        self.prefix = prefix
    }

    func separate() -> any TruthServers { PostgreSQLNetwork(first.address, prefix: prefix, context: context) }

    /// The table that says what the network is.
    private var schema: PostgreSQLSchema { PostgreSQLSchema(name: prefix, tables: ["network"]) }

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
        return try remember(try Manifest.decode(bytes, of: first.address.text))
    }

    private func remember(_ manifest: Manifest) throws -> Manifest {
        places = []
        for shard in manifest.map.shards {
            while places.count <= shard.number { places.append(nil) }
            places[shard.number] = shard.store
        }
        return manifest
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
            return try remember(manifest)
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
            return try remember(manifest)
        }
    }

    /// Makes the tables of a shard, in a transaction of its own: the locks of all tables of all shards would not fit
    /// into the memory of a server as it is set up at first.
    private func make(_ shard: Int, _ map: SlotMap) throws {
        try session(of: shard).write { connection in
            let truth = PostgreSQLSchema.truth(of: shard, prefix)
            let records = PostgreSQLSchema.records(of: shard, prefix)
            for schema in [truth, records] { try connection.send("DROP SCHEMA IF EXISTS \(schema.name) CASCADE") }
            try truth.createTruth(of: shard, incarnation: context.random.next(), map: map, on: connection)
            try records.createRecords(of: shard, incarnation: context.random.next(), on: connection)
            try connection.commit()
        }
    }

    // MARK: Shards

    private func session(of shard: Int) -> PostgreSQLSession {
        guard shard < places.count, let place = places[shard], place != first.address.text,
            let address = try? PostgreSQLAddress(place)
        else { return first }
        if let known = others.first(where: { $0.address == address }) { return known }
        let session = PostgreSQLSession(address, context: context)
        others.append(session)
        return session
    }

    func store(_ shard: Int, map: SlotMapHolder) -> any Store {
        PostgreSQLStore(shard: shard, prefix: prefix, session: session(of: shard), map: map)
    }

    func records(_ shard: Int) -> any RecordsSource {
        PostgreSQLRecords(shard: shard, prefix: prefix, session: session(of: shard))
    }

    func together<Result>(_ map: SlotMap, _ body: () throws -> Result) throws -> Result {
        try open(([first] + others)[...], map, body)
    }

    private func open<Result>(
        _ sessions: ArraySlice<PostgreSQLSession>, _ map: SlotMap, _ body: () throws -> Result
    ) throws -> Result {
        guard let session = sessions.first else {
            if try heads(of: map.shards) != nil { for session in [first] + others { session.verified = map.mark } }
            return try body()
        }
        return try session.read { _ in try open(sessions.dropFirst(), map, body) }
    }

    func heads(of shards: [ShardEntry]) throws -> [SourceHead]? {
        var heads: [SourceHead?] = Array(repeating: nil, count: shards.count)
        for session in [first] + others {
            let indices = shards.indices.filter { self.session(of: shards[$0].number) === session }
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
