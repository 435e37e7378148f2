// The tables of a log source on PostgreSQL: those of SQLite, in two schemas, one for the truth and one for the records.
#if PostgreSQL

/// The tables of a shard's truth, or of its records.
struct PostgreSQLSchema {
    /// The name of the schema.
    let name: String
    /// The tables in it.
    let tables: Set<String>

    private static let truthTables = PostgreSQLDialect.names(in: SQLiteSchema.statements)
    private static let recordTables = PostgreSQLDialect.names(
        in: RecordsSchema.statements + RecordsSchema.slotStatements)

    /// The truth of a shard.
    static func truth(of shard: Int, _ prefix: String) -> PostgreSQLSchema {
        PostgreSQLSchema(name: "\(prefix)_\(shard)", tables: truthTables)
    }

    /// Both schemas of a shard.
    static func all(of shard: Int, _ prefix: String) -> [PostgreSQLSchema] {
        [truth(of: shard, prefix), records(of: shard, prefix)]
    }

    /// The records of a shard.
    static func records(of shard: Int, _ prefix: String) -> PostgreSQLSchema {
        PostgreSQLSchema(name: "\(prefix)_\(shard)_records", tables: recordTables)
    }

    /// A statement of the operations, on the tables of this schema.
    func statement(_ sql: String) -> PostgreSQLDialect.Statement {
        PostgreSQLDialect.statement(sql, schema: name, tables: tables)
    }

    /// Removes a shard with everything in it; the caller ends the transaction.
    static func dropAll(of shard: Int, _ prefix: String, on connection: PostgreSQLConnection) throws {
        for schema in all(of: shard, prefix) { try connection.send("DROP SCHEMA IF EXISTS \(schema.name) CASCADE") }
    }

    /// Makes the schema with tables that hold nothing.
    private func create(_ sql: String, on connection: PostgreSQLConnection) throws {
        try connection.send("CREATE SCHEMA \(name)")
        try connection.send("SET LOCAL search_path TO \(name)")
        for statement in PostgreSQLDialect.tables(sql).split(separator: ";")
        where !statement.allSatisfy(\.isWhitespace) {
            try connection.send(String(statement))
        }
    }

    /// Makes the tables of a shard's truth; the caller ends the transaction.
    func createTruth(on connection: PostgreSQLConnection) throws {
        try create(SQLiteSchema.statements, on: connection)
    }

    /// Makes the tables of a shard's records; the caller ends the transaction.
    func createRecords(on connection: PostgreSQLConnection) throws {
        try create(RecordsSchema.statements + RecordsSchema.slotStatements, on: connection)
    }

    /// Makes the tables of a shard's truth, and the rows that say which shard this is and which slots it owns; the
    /// caller ends the transaction.
    func createTruth(
        of shard: Int, incarnation: UInt64, map: SlotMap, on connection: PostgreSQLConnection
    ) throws {
        try createTruth(on: connection)
        let database = connection.database(self)
        try SQLiteSchema.fill(database, shard: shard, incarnation: incarnation, map: map)
        try connection.settle()
    }

    /// Makes the tables of a shard's records, and the row that says which shard this is; the caller ends the
    /// transaction.
    func createRecords(of shard: Int, incarnation: UInt64, on connection: PostgreSQLConnection) throws {
        try createRecords(on: connection)
        try RecordsSchema.begin(connection.database(self), shard: shard, incarnation: incarnation)
        try connection.settle()
    }
}

#endif
