// The tables of a shard's records: what cannot be computed again, and is no content. Every table has a primary key, so
// that changesets can carry it to replicas.

internal import GRDB

/// The schema of `records.sqlite`.
enum RecordsSchema {
    /// The format of the tables; a file with a larger number is refused.
    static let format: Int64 = 1

    /// The tables.
    ///
    /// `page` and `chunk` hold counts (see RollupPage), of which `recorded` came without a source; the number of a
    /// chunk is that of its page, and its own in the lower 20 bits. `adopted` names shards whose records have been
    /// taken over.
    static let statements = """
        CREATE TABLE shard (
            id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, number INTEGER NOT NULL,
            incarnation INTEGER NOT NULL, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL,
            recorded INTEGER NOT NULL, is_closed INTEGER NOT NULL);
        CREATE TABLE resource (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, hash INTEGER NOT NULL);
        CREATE TABLE page (
            id INTEGER PRIMARY KEY, kind TEXT NOT NULL, audience INTEGER NOT NULL, span INTEGER NOT NULL,
            grain INTEGER NOT NULL, events INTEGER NOT NULL, resources INTEGER NOT NULL, chunks INTEGER NOT NULL,
            totals BLOB NOT NULL);
        CREATE TABLE chunk (id INTEGER PRIMARY KEY, buckets BLOB NOT NULL, viewers BLOB NOT NULL);
        CREATE INDEX page_by_span ON page (span, kind, audience, grain, events);
        CREATE TABLE source (
            id INTEGER PRIMARY KEY, head INTEGER NOT NULL, head_bytes INTEGER NOT NULL, offset INTEGER NOT NULL,
            tail INTEGER NOT NULL, tail_bytes INTEGER NOT NULL, lines INTEGER NOT NULL, events INTEGER NOT NULL,
            rejected INTEGER NOT NULL, device INTEGER NOT NULL, inode INTEGER NOT NULL, name TEXT NOT NULL,
            first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, hash INTEGER NOT NULL);
        CREATE TABLE operation (
            key TEXT PRIMARY KEY, fingerprint INTEGER NOT NULL, hash INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE adopted (incarnation INTEGER PRIMARY KEY);
        """

    /// Makes the tables in an empty file.
    static func create(in database: Database, shard: Int, incarnation: UInt64) throws {
        try database.execute(sql: "PRAGMA journal_mode = WAL")
        try database.execute(sql: "PRAGMA application_id = \(SQLiteSchema.applicationIdentifier)")
        try database.inTransaction(.immediate) {
            try fill(database, shard: shard, incarnation: incarnation)
            return .commit
        }
    }

    /// Makes the tables, and the row that says which shard this is.
    static func fill(_ database: Database, shard: Int, incarnation: UInt64) throws {
        try database.execute(sql: statements)
        let row = try database.makeStatement(sql: "INSERT INTO shard VALUES (1, ?, ?, ?, 0, 0, 0, 0)")
        try row.bind(format, Int64(shard), Int64(bitPattern: incarnation)).run()
    }

    /// Refuses a file that a newer program has made.
    static func check(_ database: Database, file: String) throws {
        let found = try database.cachedStatement(sql: "SELECT format FROM shard").first { $0.integer(0) } ?? 0
        guard found <= format else {
            throw StorageError(
                .newerFormat, "\"\(file)\" was made by a newer program (format \(found), this one knows \(format))")
        }
    }
}
