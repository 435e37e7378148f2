// The list of tables of a damaged file: a turned bit in it makes SQLite refuse the whole file. What it should say is
// known from a file that was just made; only where a tree begins is the file's own.

internal import GRDB

extension Database {
    /// Puts entries of the list of tables right in which a single bit was turned; in a file that was opened to be
    /// salvaged.
    ///
    /// - Parameter whole: a file with the tables that this one should have.
    func mendSchema(like whole: Database) throws {
        let expected = try whole.schemaEntries()
        let found = (try? schemaEntries()) ?? []
        for entry in found where !expected.contains(where: { $0.texts == entry.texts }) {
            let meant = expected.first { StoredValue.turnedBits(entry.texts, $0.texts) == 1 }
            guard let meant else { continue }
            let update = try makeStatement(
                sql: "UPDATE sqlite_schema SET type = ?, name = ?, tbl_name = ?, sql = ? WHERE rowid = ?")
            update.bind(meant.texts + [.integer(entry.number)])
            try? update.run()
        }
        try? execute(sql: "PRAGMA writable_schema = RESET; PRAGMA writable_schema = ON")
    }

    private func schemaEntries() throws -> [(number: Int64, texts: [StoredValue])] {
        let row = try makeStatement(sql: "SELECT type, name, tbl_name, sql, rowid FROM sqlite_schema")
        return try row.all { _ in (row.integer(4), Array(row.values.prefix(4))) }
    }
}

extension StoredValue {
    /// In how many bits values of the same kind and size differ; nil when they are not of the same.
    static func turnedBits(_ one: [StoredValue], _ other: [StoredValue]) -> Int? {
        guard one.count == other.count else { return nil }
        var count = 0
        for (left, right) in zip(one, other) {
            switch (left, right) {
            case (.null, .null): continue
            case (.text(let left), .text(let right)) where left.count == right.count:
                count += zip(left, right).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
            default: return nil
            }
        }
        return count
    }
}
