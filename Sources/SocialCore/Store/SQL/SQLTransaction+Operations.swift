// Remembered commands and the progress of imports in SQL.

extension SQLTransaction {
    func operation(_ account: UserID, _ verb: String, _ key: String) throws -> OperationRecord? {
        let select = try statement(SQLTransaction.operationSelection).bind(account.rawValue)
        select.bind(verb, at: 2)
        select.bind(key, at: 3)
        return try select.first { try readOperation($0, account, verb, key) }
    }

    static let operationSelection =
        "SELECT fingerprint, result, hash FROM operation WHERE account = ? AND verb = ? AND key = ?"

    /// Reads the columns fingerprint, result and hash, and proves the row.
    func readOperation(
        _ row: any SQLStatement, _ account: UserID, _ verb: String, _ key: String
    ) throws -> OperationRecord {
        let record = OperationRecord(
            account: account, verb: verb, key: key, fingerprint: row.integer(0), result: row.integer(1))
        try verify(.operation(record), against: row.integer(2), "the remembered command \"\(key)\"")
        return record
    }

    /// The command that was done under an idempotency key; nil when none was, or there is no key.
    ///
    /// - Parameter what: what it makes, for messages.
    /// - Throws: `keyReused` when that was another command.
    func earlier(
        _ account: UserID, _ verb: String, _ key: String?, _ fingerprint: Int64, making what: String
    ) throws -> OperationRecord? {
        guard let key, let earlier = try operation(account, verb, key) else { return nil }
        guard earlier.fingerprint == fingerprint else {
            throw StoreError(
                .keyReused, "the idempotency key \"\(key)\" was used for another \(what)",
                hint: "choose a new key for a new \(what)")
        }
        return earlier
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
        try count(added: hash, .operation(operation))
    }

    func progress(_ key: String) throws -> Int64? {
        let select = try statement("SELECT done FROM progress WHERE key = ?")
        select.bind(key, at: 1)
        return try select.first { $0.integer(0) }
    }

    func setProgress(_ key: String, _ done: Int64) throws {
        let owned = "key = ?1 AND slot IN (SELECT slot FROM slot WHERE owned = 1)"
        for sql in [
            """
            INSERT INTO progress VALUES (?1, ?2)
            ON CONFLICT (key) DO UPDATE SET done = excluded.done WHERE excluded.done > progress.done
            """,
            // Slots that have come from elsewhere may have been behind the others, or ahead.
            "UPDATE progress_of_slot SET done = ?2 WHERE done < ?2 AND \(owned)",
            "DELETE FROM progress_of_slot WHERE \(owned) AND done = (SELECT done FROM progress WHERE key = ?1)",
        ] {
            let update = try statement(sql)
            update.bind(key, at: 1)
            if sql.contains("?2") { update.bind(done, at: 2) }
            try update.run()
        }
        markDirty()
    }

    func progressOfSlots(_ key: String) throws -> [(slot: Slot, done: Int64)] {
        let select = try statement("SELECT slot, done FROM progress_of_slot WHERE key = ? ORDER BY slot")
        select.bind(key, at: 1)
        return try select.all { (Slot(masking: $0.integer(0)), $0.integer(1)) }
    }
}
