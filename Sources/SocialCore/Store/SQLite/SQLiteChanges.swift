// What one transaction changes, recorded by SQLite's session extension, and the same changes made on a copy
// (https://www.sqlite.org/sessionintro.html). Every table has a primary key, so nothing escapes.

internal import CSQLiteShim
internal import GRDB
internal import GRDBSQLite

/// Records what is changed on a connection as long as it lives.
final class SQLiteChanges {
    private let session: UnsafeMutableRawPointer
    private let database: Database

    /// Begins to record.
    init(of database: Database) throws {
        var session: UnsafeMutableRawPointer?
        // Safety: the connection is open and outlives this object, which holds it.
        let code = social_session_begin(database.sqliteConnection, &session)
        guard code == SQLITE_OK, let session else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
        self.session = session
        self.database = database
    }

    deinit { social_session_end(session) }

    /// The changes so far, as a changeset.
    func bytes() throws -> [UInt8] {
        var count: Int32 = 0
        var start: UnsafeMutableRawPointer?
        // Safety: SQLite hands out as many bytes as it says, to be copied and freed.
        let code = social_session_changes(session, &count, &start)
        defer { sqlite3_free(start) }
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(count)))
    }

    /// Makes the changes of an entry inside a transaction.
    ///
    /// - Throws: `damaged` unless the database was where the entry begins and is where it ends afterwards.
    static func apply(_ entry: ReplicaEntry, to database: Database, file: String) throws {
        // Safety: the bytes are only read, within the call.
        let code = entry.changes.withUnsafeBytes { bytes in
            social_changes_apply(database.sqliteConnection, Int32(bytes.count), bytes.baseAddress)
        }
        if code == SQLITE_OK, try position(of: database) == entry.mark.position { return }
        if code != SQLITE_OK, code & 0xFF != SQLITE_ABORT, code & 0xFF != SQLITE_CONSTRAINT {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code),
                message: String(cString: sqlite3_errmsg(database.sqliteConnection)))
        }
        throw StorageError(
            .damaged, "\"\(file)\" does not fit the log of its changes", hint: "run \"social replica repair\"")
    }

    /// How far a copy has come.
    static func position(of database: Database) throws -> ReplicaPosition {
        let select = try database.cachedStatement(sql: "SELECT epoch, sequence FROM shard")
        return try select.first { ReplicaPosition(epoch: $0.integer(0), sequence: $0.integer(1)) }
            ?? .start
    }

    /// Writes down the position to which the present transaction leads.
    static func setPosition(_ position: ReplicaPosition, in database: Database) throws {
        try database.cachedStatement(sql: "UPDATE shard SET epoch = ?, sequence = ?")
            .bind(position.epoch, position.sequence).run()
    }

    /// When the newest change was made; nil when there is none.
    static func newestChange(in database: Database) throws -> Timestamp? {
        try database.cachedStatement(sql: "SELECT at FROM log ORDER BY n DESC LIMIT 1")
            .first { Timestamp(milliseconds: $0.integer(0)) }
    }
}
