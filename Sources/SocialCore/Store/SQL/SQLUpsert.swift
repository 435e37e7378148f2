// SQL that every engine understands, for a row that takes the place of another one.

/// Makes the statement that puts a row, in the place of one with the same key.
enum SQLUpsert {
    /// The statement; its places are those of the columns.
    ///
    /// - Parameters:
    ///   - columns: all columns, with commas between them.
    ///   - key: those of them that are the table's key.
    static func into(_ table: String, _ columns: String, key: String) -> String {
        let names = names(columns)
        let marks = names.map { _ in "?" }.joined(separator: ", ")
        let keys = self.names(key)
        let changes = names.filter { !keys.contains($0) }.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
        return "INSERT INTO \(table) (\(columns)) VALUES (\(marks)) ON CONFLICT (\(key)) DO UPDATE SET \(changes)"
    }

    private static func names(_ columns: String) -> [Substring] {
        columns.split { $0 == "," || $0 == " " || $0 == "\n" }
    }
}
