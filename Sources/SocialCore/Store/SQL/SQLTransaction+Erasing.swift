// What the deletion of an account leaves behind by name, and how that goes too.

extension SQLTransaction {
    func handleKeys(of account: UserID) throws -> [String] {
        try statement("SELECT key FROM handle WHERE account = ? ORDER BY key").bind(account.rawValue)
            .all { $0.text(0) }.filter { try !isHidden(Slot(ofKey: $0)) }
    }

    func operations(of account: UserID) throws -> [OperationRecord] {
        let sql = "SELECT verb, key, fingerprint, result FROM operation WHERE account = ? ORDER BY verb, key"
        return try statement(sql).bind(account.rawValue).all { row in
            OperationRecord(
                account: account, verb: row.text(0), key: row.text(1), fingerprint: row.integer(2),
                result: row.integer(3))
        }.filter { try !isHidden(TruthRow.operation($0).slot) }
    }

    func eraseNames(of account: UserID) throws -> Int {
        var count = 0
        for key in try handleKeys(of: account) where !Handle.isRemnant(key) {
            try claim(Slot(ofKey: key))
            try displace(.handle(key: key, account: account))
            // An import may have brought the hash before.
            if try stored(key) == nil { try insertHandle(Handle.remnant(ofKey: key), account) }
            count += 1
        }
        for operation in try operations(of: account) {
            let row = TruthRow.operation(operation)
            try claim(row.slot)
            try displace(row)
            count += 1
        }
        return count
    }
}
