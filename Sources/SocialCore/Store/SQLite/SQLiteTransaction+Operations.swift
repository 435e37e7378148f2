// Remembered commands and the progress of imports in SQLite.

internal import GRDB

extension SQLiteTransaction {
    func operation(_ account: UserID, _ verb: String, _ key: String) throws -> OperationRecord? {
        let sql = "SELECT fingerprint, result, hash FROM operation WHERE account = ? AND verb = ? AND key = ?"
        let select = try statement(sql).bind(account.rawValue)
        select.bind(verb, at: 2)
        select.bind(key, at: 3)
        return try select.first { row in
            let record = OperationRecord(
                account: account, verb: verb, key: key, fingerprint: row.integer(0), result: row.integer(1))
            try verify(.operation(record), against: row.integer(2), "the remembered command \"\(key)\"")
            return record
        }
    }

    /// Remembers a command.
    func remember(_ operation: OperationRecord) throws {
        let hash = TruthRow.operation(operation).check
        let insert = try statement("INSERT INTO operation VALUES (?, ?, ?, ?, ?, ?)").bind(operation.account.rawValue)
        insert.bind(operation.verb, at: 2)
        insert.bind(operation.key, at: 3)
        insert.bind(operation.fingerprint, at: 4)
        insert.bind(operation.result, at: 5)
        insert.bind(Int64(bitPattern: hash), at: 6)
        try insert.run()
        count(added: hash)
    }

    func progress(_ key: String) throws -> Int64? {
        let select = try statement("SELECT done FROM progress WHERE key = ?")
        select.bind(key, at: 1)
        return try select.first { $0.integer(0) }
    }

    func setProgress(_ key: String, _ done: Int64) throws {
        let insert = try statement("INSERT OR REPLACE INTO progress VALUES (?, ?)")
        insert.bind(key, at: 1)
        insert.bind(done, at: 2)
        try insert.run()
        markDirty()
    }
}
