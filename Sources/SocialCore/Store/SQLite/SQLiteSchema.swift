// The tables of a shard's truth, from which those of PostgreSQL are made too. Every table has a primary key, so that
// changesets can carry it to replicas; the SQL that reads a table stands in the folder SQL.

internal import GRDB

/// The schema of `truth.sqlite`, and the numbers in its file header that name it.
enum SQLiteSchema {
    /// Stands in the file header ("soci"): tells `file(1)` and us whose file this is.
    static let applicationIdentifier: Int64 = 0x736F_6369
    /// The format of the tables; a file with a larger number is refused.
    static let format: Int64 = 5

    /// The tables.
    ///
    /// Edges, and relations such as blocks and likes, live with the account that has them. `follower` turns edges round
    /// and answers "who, among the accounts of this shard, follows B?", which is what a fan-out asks of each shard; a
    /// table and no index, so that an import can fill it in its own order. `edges` keeps the number of an account's
    /// edges and the sum of their hashes, `engagement` how often accounts of this shard liked, answered and passed on a
    /// post. `pending` and `progress` say what is under way.
    static let statements = """
        CREATE TABLE shard (
            id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, number INTEGER NOT NULL,
            incarnation INTEGER NOT NULL, map_version INTEGER NOT NULL, head INTEGER NOT NULL, oldest INTEGER NOT NULL,
            rows INTEGER NOT NULL, sum INTEGER NOT NULL);
        CREATE TABLE slot (
            slot INTEGER PRIMARY KEY, owned INTEGER NOT NULL, epoch INTEGER NOT NULL, last INTEGER NOT NULL);
        CREATE TABLE account (
            id INTEGER PRIMARY KEY, handle TEXT NOT NULL, name TEXT, bio TEXT, location TEXT, link TEXT,
            active_at INTEGER NOT NULL, hash INTEGER NOT NULL, fields TEXT);
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
            id INTEGER PRIMARY KEY, author INTEGER NOT NULL, text TEXT NOT NULL, hash INTEGER NOT NULL,
            reply_to INTEGER, repost_of INTEGER, expires_at INTEGER, edited_at INTEGER);
        CREATE INDEX post_by_author ON post (author, id);
        CREATE TABLE tombstone (
            id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, is_account INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE operation (
            account INTEGER NOT NULL, verb TEXT NOT NULL, key TEXT NOT NULL, fingerprint INTEGER NOT NULL,
            result INTEGER NOT NULL, hash INTEGER NOT NULL, PRIMARY KEY (account, verb, key)) WITHOUT ROWID;
        CREATE TABLE log (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, entries BLOB NOT NULL);
        """ + statementsOfFormat2 + statementsOfFormat3 + statementsOfFormat4 + statementsOfFormat5

    /// What format 2 has and format 1 has not.
    private static let statementsOfFormat2 = """

        CREATE INDEX account_by_handle ON account (lower(handle));
        CREATE TABLE claim (
            key TEXT PRIMARY KEY, account INTEGER NOT NULL, operation INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE relation (
            kind INTEGER NOT NULL, actor INTEGER NOT NULL, target INTEGER NOT NULL, since INTEGER NOT NULL,
            hash INTEGER NOT NULL, PRIMARY KEY (kind, actor, target)) WITHOUT ROWID;
        CREATE INDEX relation_by_target ON relation (kind, target, actor);
        CREATE INDEX post_by_parent ON post (reply_to, id) WHERE reply_to IS NOT NULL;
        CREATE INDEX post_by_original ON post (repost_of, id) WHERE repost_of IS NOT NULL;
        CREATE INDEX post_by_reposter ON post (author, repost_of) WHERE repost_of IS NOT NULL;
        CREATE INDEX post_that_expires ON post (id) WHERE expires_at IS NOT NULL;
        CREATE TABLE version (
            post INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, written_at INTEGER NOT NULL,
            hash INTEGER NOT NULL, PRIMARY KEY (post, number)) WITHOUT ROWID;
        CREATE TABLE engagement (
            post INTEGER PRIMARY KEY, likes INTEGER NOT NULL, replies INTEGER NOT NULL, reposts INTEGER NOT NULL);
        CREATE TABLE pending (
            kind INTEGER NOT NULL, subject INTEGER NOT NULL, object INTEGER NOT NULL,
            PRIMARY KEY (kind, subject, object)) WITHOUT ROWID;
        CREATE TABLE progress (key TEXT PRIMARY KEY, done INTEGER NOT NULL) WITHOUT ROWID;
        """

    /// What format 3 has and format 2 has not: slots that move, and the place in the log of the replicas.
    ///
    /// `peer` is the shard that a slot comes from or goes to. While a slot is copied to its next shard, `changed` names
    /// the rows that change here; `arrival` keeps how far the next shard has come in copying.
    /// `progress_of_slot` says of a slot that has come from elsewhere how far bulk imports had come there.
    private static let statementsOfFormat3 = """

        ALTER TABLE shard ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE shard ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE slot ADD COLUMN peer INTEGER;
        CREATE INDEX slot_that_moves ON slot (peer, owned) WHERE peer IS NOT NULL;
        CREATE INDEX slot_that_is_hidden ON slot (slot) WHERE owned > 1;
        CREATE TABLE changed (
            n INTEGER PRIMARY KEY, peer INTEGER NOT NULL, kind INTEGER NOT NULL, first INTEGER NOT NULL,
            second INTEGER NOT NULL, third INTEGER NOT NULL, text TEXT NOT NULL);
        CREATE TABLE arrival (
            source INTEGER PRIMARY KEY, kind INTEGER NOT NULL, first INTEGER NOT NULL, second INTEGER NOT NULL,
            third INTEGER NOT NULL, text TEXT NOT NULL, change INTEGER NOT NULL);
        CREATE TABLE progress_of_slot (
            key TEXT NOT NULL, slot INTEGER NOT NULL, done INTEGER NOT NULL, PRIMARY KEY (key, slot)) WITHOUT ROWID;
        """

    /// What format 4 has and format 3 has not: uploads, the pictures of accounts and what posts show.
    private static let statementsOfFormat4 = """

        ALTER TABLE account ADD COLUMN avatar INTEGER;
        ALTER TABLE post ADD COLUMN media TEXT;
        CREATE TABLE media (
            id INTEGER PRIMARY KEY, author INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
            object BLOB NOT NULL, size INTEGER NOT NULL, checks BLOB NOT NULL, width INTEGER, height INTEGER,
            frames INTEGER, duration INTEGER, colour INTEGER, blur TEXT, likeness BLOB, caption TEXT, alt TEXT,
            tags TEXT, hash INTEGER NOT NULL);
        CREATE INDEX media_by_author ON media (author, id);
        CREATE INDEX media_by_name ON media (author, name, id);
        CREATE INDEX media_by_object ON media (object, size);
        """

    /// What format 5 has and format 4 has not: films that were cut.
    ///
    /// `part` names the objects that `segmentation` names,
    /// so that one can ask who needs an object.
    private static let statementsOfFormat5 = """

        ALTER TABLE media ADD COLUMN segmentation BLOB;
        CREATE TABLE part (
            object BLOB NOT NULL, media INTEGER NOT NULL, size INTEGER NOT NULL,
            PRIMARY KEY (object, media)) WITHOUT ROWID;
        """

    /// The format of a file's tables.
    static func format(of database: Database) throws -> Int64 {
        try database.cachedStatement(sql: "SELECT format FROM shard").first { $0.integer(0) } ?? 0
    }

    /// Brings the tables of an older format up to date, in one transaction.
    static func migrate(_ database: Database) throws {
        try database.inTransaction(.immediate) {
            let older = try SQLiteSchema.format(of: database)
            if older < 2 {
                try database.execute(
                    sql: """
                        ALTER TABLE account ADD COLUMN fields TEXT;
                        ALTER TABLE post ADD COLUMN reply_to INTEGER;
                        ALTER TABLE post ADD COLUMN repost_of INTEGER;
                        ALTER TABLE post ADD COLUMN expires_at INTEGER;
                        ALTER TABLE post ADD COLUMN edited_at INTEGER;
                        ALTER TABLE tombstone ADD COLUMN is_account INTEGER NOT NULL DEFAULT 0;
                        \(statementsOfFormat2)
                        """)
            }
            if older < 3 { try database.execute(sql: statementsOfFormat3) }
            if older < 4 { try database.execute(sql: statementsOfFormat4) }
            try database.execute(sql: statementsOfFormat5 + "UPDATE shard SET format = \(format);")
            return .commit
        }
    }

    /// Makes the tables in an empty file, and the rows that say which shard this is and which slots it owns.
    static func create(
        in database: Database, shard: Int, incarnation: UInt64, map: SlotMap
    ) throws {
        try database.execute(sql: "PRAGMA journal_mode = WAL")
        try database.execute(sql: "PRAGMA application_id = \(applicationIdentifier)")
        try database.inTransaction(.immediate) {
            try database.execute(sql: statements)
            try fill(database, shard: shard, incarnation: incarnation, map: map)
            return .commit
        }
    }

    /// Says in empty tables which shard this is, and which slots it owns.
    static func fill(_ database: any SQLDatabase, shard: Int, incarnation: UInt64, map: SlotMap) throws {
        let row = try database.statement("INSERT INTO shard VALUES (1, ?, ?, ?, ?, 0, 1, 0, 0, 0, 0)")
        try row.bind(format, Int64(shard), Int64(bitPattern: incarnation), map.version(of: shard)).run()
        let slot = try database.statement("INSERT INTO slot VALUES (?, 1, ?, 0, NULL)")
        for index in 0..<Slot.count {
            let owner = map.owner(of: Slot(masking: Int64(index)))
            if owner.shard == shard { try slot.bind(Int64(index), owner.epoch).run() }
        }
    }
}
