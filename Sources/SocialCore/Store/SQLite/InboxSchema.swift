// The tables of the view of notifications. It can be deleted at any time, so there is no migration: a file of another
// format is made again.

internal import GRDB

/// The schema of `notifications.sqlite`.
enum InboxSchema {
    /// The format of the tables; a file of another is made again.
    static let format: Int64 = 1

    /// The tables.
    ///
    /// `item` holds what is told in groups, `bundle` the groups, and what is told alone. `note` says which items a post
    /// has made, and `unknown` which posts name somebody who is not there (yet).
    static let tables = """
        CREATE TABLE view (
            id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, floor INTEGER NOT NULL,
            offsets TEXT NOT NULL);
        CREATE TABLE item (
            reader INTEGER NOT NULL, kind INTEGER NOT NULL, subject INTEGER NOT NULL, actor INTEGER NOT NULL,
            time INTEGER NOT NULL, PRIMARY KEY (reader, kind, subject, actor)) WITHOUT ROWID;
        CREATE TABLE bundle (
            reader INTEGER NOT NULL, kind INTEGER NOT NULL, subject INTEGER NOT NULL, day INTEGER NOT NULL,
            count INTEGER NOT NULL, newest INTEGER NOT NULL, actor INTEGER NOT NULL,
            PRIMARY KEY (reader, kind, subject, day)) WITHOUT ROWID;
        CREATE TABLE note (
            post INTEGER NOT NULL, reader INTEGER NOT NULL, kind INTEGER NOT NULL, subject INTEGER NOT NULL,
            actor INTEGER NOT NULL, PRIMARY KEY (post, reader, kind)) WITHOUT ROWID;
        CREATE TABLE unknown (key TEXT NOT NULL, post INTEGER NOT NULL, PRIMARY KEY (key, post)) WITHOUT ROWID;
        """

    /// The index of items, from which groups are made when the items are there.
    static let itemIndex = "CREATE INDEX item_by_time ON item (reader, kind, subject, time);"

    /// The other indexes, which are made when everything is there.
    static let otherIndexes = """
        CREATE INDEX bundle_by_time ON bundle (reader, newest DESC);
        CREATE INDEX unknown_by_post ON unknown (post);
        """

    /// Makes the tables in an empty file.
    static func create(in database: Database) throws {
        try database.execute(sql: "PRAGMA application_id = \(SQLiteSchema.applicationIdentifier)")
        try database.execute(sql: tables)
        try database.makeStatement(sql: "INSERT INTO view VALUES (1, ?, 0, '')").bind(format).run()
    }

    /// The format of a file; nil when it is none of ours.
    static func format(of database: Database) throws -> Int64? {
        let name = try database.cachedStatement(sql: "SELECT 1 FROM sqlite_schema WHERE name = 'view'").first { _ in 1 }
        guard name != nil else { return nil }
        return try database.cachedStatement(sql: "SELECT format FROM view").first { $0.integer(0) }
    }
}
