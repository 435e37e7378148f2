// SQLite as an engine: binding and reading of a prepared statement without a box a value, because the loops that move a
// million rows go through here. GRDB prepares, caches and finalises the statements.

internal import GRDB
internal import GRDBSQLite

// Safety (whole file): the statement belongs to an open connection, and its block runs serialised by GRDB. Positions
// are literals next to the SQL that they belong to. Column pointers are copied before the next step.
extension Statement: SQLStatement {
    /// Binds an integer at a position that begins at 1.
    func bind(_ value: Int64, at position: Int32) { sqlite3_bind_int64(sqliteStatement, position, value) }

    /// Binds an integer or NULL.
    func bind(_ value: Int64?, at position: Int32) {
        if let value { bind(value, at: position) } else { sqlite3_bind_null(sqliteStatement, position) }
    }

    /// Binds a text or NULL.
    func bind(_ value: String?, at position: Int32) {
        guard var value else {
            sqlite3_bind_null(sqliteStatement, position)
            return
        }
        value.withUTF8 { bind(text: $0, at: position) }
    }

    /// Binds bytes as a text, whether or not they are one.
    func bind(text bytes: [UInt8], at position: Int32) {
        bytes.withUnsafeBufferPointer { bind(text: $0, at: position) }
    }

    private func bind(text bytes: UnsafeBufferPointer<UInt8>, at position: Int32) {
        bytes.withMemoryRebound(to: CChar.self) { text in
            // An empty string has no place of its own; NULL would bind SQL's NULL.
            _ =
                text.baseAddress.map {
                    sqlite3_bind_text(sqliteStatement, position, $0, Int32(text.count), transientDestructor)
                } ?? sqlite3_bind_text(sqliteStatement, position, "", 0, transientDestructor)
        }
    }

    /// Binds bytes.
    func bind(_ value: [UInt8], at position: Int32) {
        value.withUnsafeBytes { buffer in
            _ =
                buffer.isEmpty
                ? sqlite3_bind_zeroblob(sqliteStatement, position, 0)
                : sqlite3_bind_blob(
                    sqliteStatement, position, buffer.baseAddress, Int32(buffer.count), transientDestructor)
        }
    }

    /// Steps to the next row; false at the end, when the statement is ready to be bound again.
    func next() throws -> Bool {
        let code = sqlite3_step(sqliteStatement)
        if code == SQLITE_ROW { return true }
        sqlite3_reset(sqliteStatement)
        if code == SQLITE_DONE { return false }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(sqlite3_db_handle(sqliteStatement))),
            message: String(cString: sqlite3_errmsg(sqlite3_db_handle(sqliteStatement))))
    }

    /// Ends a row-by-row reading early; the statement is ready to be bound again.
    func stop() { sqlite3_reset(sqliteStatement) }

    /// Runs the statement to its end.
    func run() throws { while try next() {} }

    /// The integer in a column, which begins at 0.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(sqliteStatement, column) }

    /// Whether a column is NULL.
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(sqliteStatement, column) == SQLITE_NULL }

    /// The text in a column; empty when NULL.
    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(sqliteStatement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(sqliteStatement, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// The bytes in a column.
    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(sqliteStatement, column) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(sqliteStatement, column))))
    }

    /// Binds what another statement's row has in a column, which begins at 0, in the same place.
    func copy(_ column: Int32, of row: any SQLStatement) {
        guard let row = row as? Statement else { return }
        sqlite3_bind_value(sqliteStatement, column + 1, sqlite3_column_value(row.sqliteStatement, column))
    }
}

extension Database: SQLDatabase {
    func statement(_ sql: String) throws -> any SQLStatement { try cachedStatement(sql: sql) }

    func scan(_ sql: String) throws -> any SQLStatement { try makeStatement(sql: sql) }

    func settle() {}

    /// One process writes at a time: nothing has to be locked row by row.
    var rowLock: String { "" }

    var movesSlots: Bool { true }

    func translating<Result>(_ file: String, _ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as DatabaseError {
            throw StorageError(error, errno: 0, file: file)
        }
    }

    func engineProblems(isDeep: Bool) throws -> [String] {
        try statement(isDeep ? "PRAGMA integrity_check(20)" : "PRAGMA quick_check(10)").all { $0.text(0) }
            .filter { $0 != "ok" }
    }
}

/// Tells SQLite to copy what is bound (`SQLITE_TRANSIENT`, a cast that Swift does not import).
private let transientDestructor = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
