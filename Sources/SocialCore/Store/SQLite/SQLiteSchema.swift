// The tables of a shard's truth. Every table has a primary key, so that changesets can carry it to replicas; the SQL
// that reads a table stands in the files beside this one.

internal import GRDB

/// The schema of `truth.sqlite`, and the numbers in its file header that name it.
enum SQLiteSchema {
    /// Stands in the file header ("soci"): tells `file(1)` and us whose file this is.
    static let applicationIdentifier: Int64 = 0x736F_6369
    /// The format of the tables; a file with a larger number is refused.
    static let format: Int64 = 1

    /// The tables.
    ///
    /// Edges live with their follower. `follower` turns them round and answers "who, among the accounts of this shard,
    /// follows B?", which is what a fan-out asks of each shard; a table and no index, so that an import can fill it in
    /// its own order. `edges` keeps the number of an account's edges and the sum of their hashes.
    static let statements = """
        CREATE TABLE shard (
            id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, number INTEGER NOT NULL,
            incarnation INTEGER NOT NULL, map_version INTEGER NOT NULL, head INTEGER NOT NULL, oldest INTEGER NOT NULL,
            rows INTEGER NOT NULL, sum INTEGER NOT NULL);
        CREATE TABLE slot (
            slot INTEGER PRIMARY KEY, owned INTEGER NOT NULL, epoch INTEGER NOT NULL, last INTEGER NOT NULL);
        CREATE TABLE account (
            id INTEGER PRIMARY KEY, handle TEXT NOT NULL, name TEXT, bio TEXT, location TEXT, link TEXT,
            active_at INTEGER NOT NULL, hash INTEGER NOT NULL);
        CREATE TABLE handle (
            key TEXT PRIMARY KEY, account INTEGER NOT NULL, hash INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE follow (
            follower INTEGER NOT NULL, followee INTEGER NOT NULL, since INTEGER NOT NULL,
            PRIMARY KEY (follower, followee)) WITHOUT ROWID;
        CREATE TABLE follower (
            followee INTEGER NOT NULL, follower INTEGER NOT NULL,
            PRIMARY KEY (followee, follower)) WITHOUT ROWID;
        CREATE TABLE edges (
            follower INTEGER PRIMARY KEY, count INTEGER NOT NULL, sum INTEGER NOT NULL);
        CREATE TABLE post (
            id INTEGER PRIMARY KEY, author INTEGER NOT NULL, text TEXT NOT NULL, hash INTEGER NOT NULL);
        CREATE INDEX post_by_author ON post (author, id);
        CREATE TABLE tombstone (id INTEGER PRIMARY KEY, hash INTEGER NOT NULL);
        CREATE TABLE operation (
            account INTEGER NOT NULL, verb TEXT NOT NULL, key TEXT NOT NULL, fingerprint INTEGER NOT NULL,
            result INTEGER NOT NULL, hash INTEGER NOT NULL, PRIMARY KEY (account, verb, key)) WITHOUT ROWID;
        CREATE TABLE log (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, entries BLOB NOT NULL);
        """

    /// Makes the tables in an empty file, and the rows that say which shard this is and which slots it owns.
    static func create(
        in database: Database, shard: Int, incarnation: UInt64, map: SlotMap
    ) throws {
        try database.execute(sql: "PRAGMA journal_mode = WAL")
        try database.execute(sql: "PRAGMA application_id = \(applicationIdentifier)")
        try database.inTransaction(.immediate) {
            try database.execute(sql: statements)
            let row = try database.makeStatement(sql: "INSERT INTO shard VALUES (1, ?, ?, ?, ?, 0, 1, 0, 0)")
            try row.bind(format, Int64(shard), Int64(bitPattern: incarnation), map.version(of: shard)).run()
            let slot = try database.makeStatement(sql: "INSERT INTO slot VALUES (?, 1, ?, 0)")
            for index in 0..<Slot.count {
                let owner = map.owner(of: Slot(masking: Int64(index)))
                if owner.shard == shard { try slot.bind(Int64(index), owner.epoch).run() }
            }
            return .commit
        }
    }
}
