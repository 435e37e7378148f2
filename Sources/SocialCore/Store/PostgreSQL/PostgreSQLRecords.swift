// The records of a shard in a schema of PostgreSQL.
#if PostgreSQL

/// The records of one shard.
final class PostgreSQLRecords: RecordsSource {
    private let schema: PostgreSQLSchema
    private let session: PostgreSQLSession

    /// The records of a shard; nothing is opened yet.
    init(shard: Int, prefix: String, session: PostgreSQLSession) {
        schema = .records(of: shard, prefix)
        self.session = session
    }

    /// The tables are made with the shard.
    var exists: Bool { true }

    var sizeBytes: Int { 0 }

    func read<Result>(_ body: (RecordsTransaction) throws -> Result) throws -> Result? {
        try session.read { connection in
            try body(RecordsTransaction(connection.database(schema), file: schema.name))
        }
    }

    func write<Result>(_ body: (RecordsTransaction) throws -> Result) throws -> Result {
        try session.write { connection in
            let database = connection.database(schema)
            // Whoever writes records of a shard waits for whoever does so already.
            _ = try database.statement("SELECT 1 FROM shard FOR UPDATE").first { _ in true }
            let result = try body(RecordsTransaction(database, file: schema.name))
            if !session.context.isDryRun { try connection.commit() }
            return result
        }
    }

    /// The server gives room back by itself.
    func compact() {}

    func finish() {}
}

#endif
