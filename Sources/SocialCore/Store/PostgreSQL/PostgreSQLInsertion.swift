// Rows for one table that come one after the other, sent as one statement with many rows: to a server a row of a
// statement costs a fraction of a statement. COPY would cost still less, and has no place between statements whose
// answers are not waited for.
#if PostgreSQL

/// Rows that wait to be inserted by one statement.
struct PostgreSQLInsertion {
    /// The statement with one row.
    let statement: PostgreSQLStatement
    /// The rows so far.
    private(set) var rows: [PostgreSQLValues]

    /// How many rows statements have, so that few of them are prepared.
    private static let sizes = [64, 16, 4, 1]

    /// A first row.
    init(_ statement: PostgreSQLStatement) {
        self.statement = statement
        rows = [statement.values]
        rows.reserveCapacity(PostgreSQLInsertion.sizes[0])
    }

    /// Whether no more rows are to come.
    var isFull: Bool { rows.count >= PostgreSQLInsertion.sizes[0] }

    /// One more row.
    mutating func add(_ values: PostgreSQLValues) { rows.append(values) }

    /// Calls a closure for each statement, whose values are bound.
    func forEachStatement(_ send: (PostgreSQLStatement) throws(StorageError) -> Void) throws(StorageError) {
        var rest = rows[...]
        while !rest.isEmpty {
            let size = PostgreSQLInsertion.sizes.first { $0 <= rest.count } ?? 1
            let part = rest.prefix(size)
            rest = rest.dropFirst(size)
            // Another statement than the one that collects, whose next row may be bound already.
            try send(statement.repeated(size).binding(part))
        }
    }
}

/// The SQL of an insertion of one row, with which more can be inserted.
struct PostgreSQLRowPattern {
    private let head: Substring
    private let tail: Substring
    /// The places of a row.
    let placeCount: Int

    /// The pattern of a statement; nil when it does not just insert one row of bound values, in their order.
    init?(_ statement: PostgreSQLDialect.Statement) {
        let (sql, count) = (statement.sql, statement.placeCount)
        guard sql.hasPrefix("INSERT INTO "), count > 0 else { return nil }
        let row = PostgreSQLRowPattern.row(from: 1, count)
        guard let place = sql.firstRange(of: " VALUES " + row) else { return nil }
        let rest = sql[place.upperBound...]
        guard rest.isEmpty || rest == " ON CONFLICT DO NOTHING" else { return nil }
        (head, tail, placeCount) = (sql[..<place.lowerBound], rest, count)
    }

    /// The statement with more rows.
    func repeated(_ times: Int) -> PostgreSQLDialect.Statement {
        let rows = (0..<times).map { PostgreSQLRowPattern.row(from: $0 * placeCount + 1, placeCount) }
        return PostgreSQLDialect.Statement(
            sql: "\(head) VALUES \(rows.joined(separator: ", "))\(tail)", placeCount: times * placeCount)
    }

    private static func row(from first: Int, _ count: Int) -> String {
        "(" + (first..<first + count).map { "$\($0)" }.joined(separator: ", ") + ")"
    }
}

#endif
