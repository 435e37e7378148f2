// The records of a shard made anew from a file that is damaged: as the truth is, but row by row as they stand, because
// nothing in them is computed from anything else. Pages of counts prove themselves only as a whole, by their sums, and
// go over as they are.

internal import GRDB

extension RecordsStore {
    /// Keeps the damaged file in quarantine, and puts in its place what of it can be proved.
    ///
    /// - Parameters:
    ///   - directory: the data directory.
    ///   - shared: whether others of the group may write it.
    /// - Throws: `damaged` when nothing can be read at all; then everything stays as it is.
    package func recover(directory: String, shared: Bool) throws -> Recovery {
        try hold()
        defer { letGo() }
        forgetConnection()
        return try Quarantine.run(in: directory, shard: shard, of: "records", shared: shared, context: context) {
            try $0.renew(path) { new in
                try RecordsSchema.create(in: new, shard: shard, incarnation: context.random.next())
            } recover: { from, to in
                try RecordsRecovery(from: from, to: to, file: path).run()
            }
        }
    }
}

/// Makes a shard's records anew.
private final class RecordsRecovery {
    private let from: Database
    private let to: Database
    private let file: String
    private var recovery = Recovery()

    init(from: Database, to: Database, file: String) {
        self.from = from
        self.to = to
        self.file = file
    }

    func run() throws -> Recovery {
        for table in RecordsTransaction(from, file: file).provenTables { try recover(table) }
        for table in ["page", "chunk", "adopted"] { try copy(table) }
        var isRead = false
        try salvage("SELECT incarnation, epoch, sequence, recorded, is_closed FROM shard") { row in
            let update = try to.makeStatement(
                sql: "UPDATE shard SET incarnation = ?, epoch = ?, sequence = ?, recorded = ?, is_closed = ?")
            update.bind(row.values)
            try update.run()
            isRead = true
        }
        guard isRead else {
            throw StorageError(.damaged, "\"\(file)\" cannot be read at all", hint: "restore it from a backup")
        }
        return recovery
    }

    private func recover(_ table: ProvenTable<Void>) throws {
        let marks = table.columns.split(separator: ",").map { _ in "?" }.joined(separator: ", ")
        let insert = try to.makeStatement(
            sql: "INSERT OR IGNORE INTO \(table.name) (\(table.columns)) VALUES (\(marks))")
        for backwards in [false, true] {
            let isWhole = try salvage(table.selection(backwards: backwards)) { row in
                var values = row.values
                if try table.proven(row) == nil {
                    guard let mended = try table.mended(values, to) else {
                        recovery.reject(values, of: table.name)
                        return
                    }
                    values = mended.values
                    recovery.mended += 1
                }
                insert.bind(values)
                try insert.run()
                if to.changesCount > 0 { recovery.rows += 1 }
            }
            if isWhole { return }
        }
    }

    /// Copies the rows of a table that has no hashes.
    private func copy(_ table: String) throws {
        try salvage("SELECT * FROM \(table)") { row in
            let marks = Array(repeating: "?", count: row.columnCount).joined(separator: ", ")
            let insert = try to.cachedStatement(sql: "INSERT OR IGNORE INTO \(table) VALUES (\(marks))")
            insert.bind(row.values)
            try insert.run()
            recovery.rows += 1
        }
    }

    /// Calls a closure for the rows that can be reached: false when there may be more.
    @discardableResult
    private func salvage(_ sql: String, _ visit: (Statement) throws -> Void) throws -> Bool {
        do {
            let row = try from.makeStatement(sql: sql)
            try row.forEach { _ in
                do { try visit(row) } catch let error as DatabaseError { throw StorageError(error, file: file) }
            }
            return true
        } catch is DatabaseError { return false }
    }
}
