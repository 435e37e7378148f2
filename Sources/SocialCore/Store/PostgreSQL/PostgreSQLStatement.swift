// A statement of PostgreSQL behind the same face as SQLite's.
#if PostgreSQL

internal import CPostgreSQL

// Safety (whole file): a result is cleared once, and its values are copied before that. Columns are literals next to
// the SQL that they belong to.

/// A prepared statement of one connection, or a cursor that reads many rows a part at a time.
final class PostgreSQLStatement: SQLStatement {
    /// The SQL as the server gets it.
    let sql: String
    /// What is bound.
    private(set) var values: PostgreSQLValues
    /// Under which name the server knows it; nil before it does.
    var name: String?
    private unowned let connection: PostgreSQLConnection
    /// The name of the cursor; nil for a statement whose rows come at once.
    private let cursor: String?
    private var result: OpaquePointer?
    private var row: CInt = 0
    private var rowCount: CInt = 0

    /// What it inserts; nil when it does something else.
    private let pattern: PostgreSQLRowPattern?
    /// The same with more rows.
    private var repetitions: [Int: PostgreSQLStatement] = [:]

    /// How many rows of a cursor come at once.
    private static let batchRows: CInt = 4_096

    /// A statement.
    init(_ statement: PostgreSQLDialect.Statement, on connection: PostgreSQLConnection, cursor: String? = nil) {
        sql = statement.sql
        values = PostgreSQLValues(count: statement.placeCount)
        self.connection = connection
        self.cursor = cursor
        pattern = cursor == nil ? PostgreSQLRowPattern(statement) : nil
    }

    /// The statement that inserts so many rows at once.
    func repeated(_ times: Int) -> PostgreSQLStatement {
        guard let pattern else { return self }
        if let known = repetitions[times] { return known }
        let statement = PostgreSQLStatement(pattern.repeated(times), on: connection)
        repetitions[times] = statement
        return statement
    }

    /// The statement with the values of some rows.
    func binding(_ rows: some Sequence<PostgreSQLValues>) -> PostgreSQLStatement {
        values = PostgreSQLValues(joining: rows)
        return self
    }

    deinit { PQclear(result) }

    func bind(_ value: Int64, at position: Int32) { values.set(value, at: position) }

    func bind(_ value: Int64?, at position: Int32) { values.set(value, at: position) }

    func bind(_ value: String?, at position: Int32) { values.set(value, at: position) }

    func bind(_ value: [UInt8], at position: Int32) { values.set(value, at: position) }

    func copy(_ column: Int32, of row: any SQLStatement) {
        guard let row = row as? PostgreSQLStatement, !row.isNull(column) else {
            return values.set(nil as Int64?, at: column + 1)
        }
        switch PQftype(row.result, column) {
        case 25: values.set(row.text(column), at: column + 1)
        case 17: values.set(row.bytes(column), at: column + 1)
        default: values.set(row.integer(column), at: column + 1)
        }
    }

    func run() throws {
        let isRow = values.count == pattern?.placeCount
        if isRow { try connection.collect(self) } else { try connection.send(self) }
    }

    func next() throws -> Bool {
        if result == nil {
            if let cursor {
                try connection.send("DECLARE \(cursor) NO SCROLL CURSOR FOR \(sql)", values)
                try fetch(cursor)
            } else {
                try connection.send(self)
                take(try connection.settleKeepingLast())
            }
        } else {
            row += 1
            if row == rowCount, rowCount == PostgreSQLStatement.batchRows, let cursor { try fetch(cursor) }
        }
        if row < rowCount { return true }
        stop()
        return false
    }

    private func fetch(_ cursor: String) throws {
        try connection.send("FETCH \(PostgreSQLStatement.batchRows) FROM \(cursor)")
        take(try connection.settleKeepingLast())
    }

    private func take(_ next: OpaquePointer?) {
        PQclear(result)
        result = next
        row = 0
        rowCount = PQntuples(next)
    }

    /// Reads the rows of an answer that came together with others.
    func forEach(of answer: OpaquePointer?, _ read: (any SQLStatement) throws -> Void) throws {
        take(answer)
        defer { stop() }
        while row < rowCount {
            try read(self)
            row += 1
        }
    }

    func stop() {
        if result != nil, let cursor { try? connection.send("CLOSE \(cursor)") }
        PQclear(result)
        result = nil
        rowCount = 0
        row = 0
    }

    // MARK: The row

    func isNull(_ column: Int32) -> Bool { PQgetisnull(result, row, column) == 1 }

    func integer(_ column: Int32) -> Int64 {
        let bytes = value(column)
        guard let first = bytes.first else { return 0 }
        // Numbers of 2, 4 and 8 bytes, the highest first, and truth values of one byte.
        return bytes.dropFirst().reduce(Int64(Int8(bitPattern: first))) { $0 << 8 | Int64($1) }
    }

    func text(_ column: Int32) -> String { String(decoding: value(column), as: UTF8.self) }

    func bytes(_ column: Int32) -> [UInt8] { [UInt8](value(column)) }

    private func value(_ column: Int32) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
    }
}

#endif
