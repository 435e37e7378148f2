// The records of a shard in a schema of PostgreSQL, beside the schema of its truth, whose row says whether they are
// still here.
#if PostgreSQL

/// The records of one shard.
final class PostgreSQLRecords: RecordsSource {
    private let shard: Int
    private let schema: PostgreSQLSchema
    private let truth: PostgreSQLSchema
    private let network: PostgreSQLNetwork
    private unowned let router: Router

    /// The records of a shard; nothing is opened yet.
    ///
    /// - Parameter router: whose map says on which server they are.
    init(shard: Int, network: PostgreSQLNetwork, router: Router) {
        self.shard = shard
        self.network = network
        self.router = router
        schema = .records(of: shard, network.prefix)
        truth = .truth(of: shard, network.prefix)
    }

    /// The tables are made with the shard.
    var exists: Bool { true }

    var sizeBytes: Int { 0 }

    func read<Result>(_ body: (RecordsTransaction) throws -> Result) throws -> Result? {
        try router.following {
            let map = router.map.current
            let session = network.session(of: shard, map)
            return try session.read { connection in
                if session.verified != map.mark { try require(map, connection) }
                return try body(RecordsTransaction(connection.database(schema), file: schema.name))
            }
        }
    }

    func write<Result>(_ body: (RecordsTransaction) throws -> Result) throws -> Result {
        try router.following {
            let map = router.map.current
            return try network.session(of: shard, map).write { connection in
                let database = connection.database(schema)
                // Whoever writes records of a shard waits for whoever does so already.
                _ = try database.statement("SELECT 1 FROM shard FOR UPDATE").first { _ in true }
                try require(map, connection)
                let result = try body(RecordsTransaction(database, file: schema.name))
                if !network.context.isDryRun { try connection.commit() }
                return result
            }
        }
    }

    private func require(_ map: SlotMap, _ connection: PostgreSQLConnection) throws {
        let select = try connection.database(truth).statement("SELECT map_version FROM shard")
        let version = try select.first { $0.integer(0) } ?? 0
        guard version == map.version(of: shard) else {
            throw StoreError(.slotMoved, "shard \(shard) is at slot map version \(version)", hint: "try again")
        }
    }

    /// The server gives room back by itself.
    func compact() {}

    func finish() {}
}

#endif
