// A table whose rows prove themselves by a hash that stands in them, so that what is damaged is found whatever SQLite
// thinks of it. The hash does more: where a single bit was turned, there is only one bit that makes the row true again.

internal import GRDB
internal import GRDBSQLite

/// A table of rows that carry a hash.
struct ProvenTable<Row> {
    /// The table.
    let name: String
    /// The columns that are read, with commas between them.
    let columns: String
    /// Which of the table's rows, as a condition; nil for all.
    let condition: String?
    /// The columns by which the table is ordered.
    let key: String
    /// What a row is called.
    let title: (Statement) -> String
    private let read: (Statement) throws -> Row?

    /// A table.
    ///
    /// - Parameter read: reads a row of the columns and proves it: nil or a `damaged` error when it is not what was
    ///   stored.
    init(
        _ name: String, _ columns: String, where condition: String? = nil, key: String,
        proving read: @escaping (Statement) throws -> Row?, title: @escaping (Statement) -> String
    ) {
        self.name = name
        self.columns = columns
        self.condition = condition
        self.key = key
        self.read = read
        self.title = title
    }

    /// The SQL that reads all rows in the order of their keys.
    func selection(backwards: Bool = false) -> String {
        let order = backwards ? key.split(separator: ", ").map { "\($0) DESC" }.joined(separator: ", ") : key
        return "SELECT \(columns) FROM \(name)\(condition.map { " WHERE \($0)" } ?? "") ORDER BY \(order)"
    }

    /// The row on which a statement stands; nil when it does not match its hash.
    func proven(_ row: Statement) throws -> Row? {
        do { return try read(row) } catch let error as StorageError where error.code == .damaged { return nil }
    }

    /// The row that a damaged one was before one of its bits was turned; nil when no single bit makes it true.
    ///
    /// Cost: a hash of the row for each of its bits.
    ///
    /// - Parameter database: any, to read values as if they stood in a table.
    func mended(_ values: [StoredValue], _ database: Database) throws -> (row: Row, values: [StoredValue])? {
        guard values.reduce(0, { $0 + $1.bitCount }) <= Limits.mendedBits else { return nil }
        let marks = Array(repeating: "?", count: values.count).joined(separator: ", ")
        let select = try database.cachedStatement(sql: "SELECT \(marks)")
        select.bind(values)
        for (index, value) in values.enumerated() {
            for bit in 0..<value.bitCount {
                let flipped = value.flipped(bit)
                select.bind(flipped, at: Int32(index + 1))
                if let row = try select.first(proven), let row {
                    var mended = values
                    mended[index] = flipped
                    return (row, mended)
                }
            }
            select.bind(value, at: Int32(index + 1))
        }
        return nil
    }
}

extension ProvenTable where Row == TruthRow {
    /// A table of truth.
    ///
    /// - Parameter hash: the column against which rows are proved; nil when reading them does so.
    init(
        _ name: String, _ columns: String, where condition: String? = nil, key: String, hash: Int32? = nil,
        reading read: @escaping (Statement) throws -> TruthRow, title: @escaping (Statement) -> String
    ) {
        self.init(
            name, columns, where: condition, key: key,
            proving: { statement in
                let row = try read(statement)
                guard let hash, Int64(bitPattern: row.check) != statement.integer(hash) else { return row }
                return nil
            }, title: title)
    }
}
