// The tables of a shard's records: what cannot be computed again, and is no content. Every table has a primary key, so
// that changesets can carry it to replicas. Counts belong to the shard; everything else belongs to a slot, and moves
// with it.

internal import GRDB

/// The schema of `records.sqlite`.
enum RecordsSchema {
    /// The format of the tables; a file with a larger number is refused.
    static let format: Int64 = 2

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

    /// The tables of what belongs to slots, which came with format 2.
    ///
    /// A topic's id is a hash of its name. The `rank` of a delivery orders those of one state: by priority and number
    /// what is ready, by the time at which it is over what waits.
    static let slotStatements = """
        CREATE TABLE attribute (
            slot INTEGER NOT NULL, account INTEGER NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL,
            value BLOB NOT NULL, changed_at INTEGER NOT NULL, hash INTEGER NOT NULL,
            PRIMARY KEY (slot, account, kind, name)) WITHOUT ROWID;
        CREATE TABLE topic (
            id INTEGER PRIMARY KEY, slot INTEGER NOT NULL, name TEXT NOT NULL, last INTEGER NOT NULL,
            hash INTEGER NOT NULL);
        CREATE INDEX topic_by_slot ON topic (slot);
        CREATE TABLE message (
            topic INTEGER NOT NULL, n INTEGER NOT NULL, priority INTEGER NOT NULL, part INTEGER NOT NULL,
            pushed_at INTEGER NOT NULL, due_at INTEGER NOT NULL, attempts INTEGER NOT NULL, account INTEGER NOT NULL,
            waiting INTEGER NOT NULL, payload BLOB NOT NULL, hash INTEGER NOT NULL,
            PRIMARY KEY (topic, n)) WITHOUT ROWID;
        CREATE TABLE message_key (
            topic INTEGER NOT NULL, key TEXT NOT NULL, n INTEGER NOT NULL, fingerprint INTEGER NOT NULL,
            hash INTEGER NOT NULL, PRIMARY KEY (topic, key)) WITHOUT ROWID;
        CREATE TABLE consumer (
            topic INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL, done INTEGER NOT NULL,
            hash INTEGER NOT NULL, PRIMARY KEY (topic, number)) WITHOUT ROWID;
        CREATE TABLE delivery (
            topic INTEGER NOT NULL, consumer INTEGER NOT NULL, n INTEGER NOT NULL, state INTEGER NOT NULL,
            rank INTEGER NOT NULL, part INTEGER NOT NULL, attempts INTEGER NOT NULL, lease INTEGER NOT NULL,
            worker TEXT NOT NULL, failure TEXT NOT NULL, hash INTEGER NOT NULL,
            PRIMARY KEY (topic, consumer, n)) WITHOUT ROWID;
        CREATE INDEX delivery_by_rank ON delivery (topic, consumer, state, rank, part);
        CREATE TABLE service (
            slot INTEGER NOT NULL, name TEXT NOT NULL, instance TEXT NOT NULL, address TEXT NOT NULL,
            details TEXT NOT NULL, patience INTEGER NOT NULL, registered_at INTEGER NOT NULL,
            heartbeat_at INTEGER NOT NULL, hash INTEGER NOT NULL, PRIMARY KEY (slot, name, instance)) WITHOUT ROWID;
        CREATE TABLE log_position (
            slot INTEGER NOT NULL, consumer TEXT NOT NULL, shard INTEGER NOT NULL, incarnation INTEGER NOT NULL,
            n INTEGER NOT NULL, hash INTEGER NOT NULL, PRIMARY KEY (slot, consumer, shard)) WITHOUT ROWID;
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
        try database.execute(sql: slotStatements)
        try begin(database, shard: shard, incarnation: incarnation)
    }

    /// Says in empty tables which shard this is.
    static func begin(_ database: any SQLDatabase, shard: Int, incarnation: UInt64) throws {
        let row = try database.statement("INSERT INTO shard VALUES (1, ?, ?, ?, 0, 0, 0, 0)")
        try row.bind(format, Int64(shard), Int64(bitPattern: incarnation)).run()
    }

    /// The format of a file.
    ///
    /// - Throws: `newerFormat` when a newer program has made it.
    static func format(of database: Database, file: String) throws -> Int64 {
        let found = try database.cachedStatement(sql: "SELECT format FROM shard").first { $0.integer(0) } ?? 0
        guard found <= format else {
            throw StorageError(
                .newerFormat, "\"\(file)\" was made by a newer program (format \(found), this one knows \(format))")
        }
        return found
    }

    /// Brings a file of format 1 to the present one.
    static func upgrade(_ database: Database) throws {
        try database.inTransaction(.immediate) {
            // Somebody may have been faster.
            if try database.cachedStatement(sql: "SELECT format FROM shard").first({ $0.integer(0) }) ?? 0 < format {
                try database.execute(sql: slotStatements)
                try database.cachedStatement(sql: "UPDATE shard SET format = ?").bind(format).run()
            }
            return .commit
        }
    }

    /// Lets a file of format 1 that cannot be changed look as if it were of the present one.
    static func overlay(_ database: Database) throws {
        try database.execute(
            sql: slotStatements.replacing("CREATE TABLE", with: "CREATE TEMP TABLE")
                .replacing("CREATE INDEX ", with: "CREATE INDEX temp."))
    }
}
