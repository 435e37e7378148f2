// A table whose rows prove themselves by a hash that stands in them, so that what is damaged is found whatever the
// engine thinks of it.

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
    let title: (any SQLStatement) -> String
    private let read: (any SQLStatement) throws -> Row?

    /// A table.
    ///
    /// - Parameter read: reads a row of the columns and proves it: nil or a `damaged` error when it is not what was
    ///   stored.
    init(
        _ name: String, _ columns: String, where condition: String? = nil, key: String,
        proving read: @escaping (any SQLStatement) throws -> Row?, title: @escaping (any SQLStatement) -> String
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
    func proven(_ row: any SQLStatement) throws -> Row? {
        do { return try read(row) } catch let error as StorageError where error.code == .damaged { return nil }
    }
}

extension ProvenTable where Row == TruthRow {
    /// A table of truth.
    ///
    /// - Parameter hash: the column against which rows are proved; nil when reading them does so.
    init(
        _ name: String, _ columns: String, where condition: String? = nil, key: String, hash: Int32? = nil,
        reading read: @escaping (any SQLStatement) throws -> TruthRow, title: @escaping (any SQLStatement) -> String
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
