// Attributes of accounts in a shard's records.

extension RecordsTransaction {
    /// The hash of a row: of its numbers, and of what else stands in it.
    static func hash(_ numbers: [Int64], _ texts: String..., bytes: [UInt8] = []) -> Int64 {
        var words = numbers.map { UInt64(bitPattern: $0) }
        for text in texts { words.append(ReplicaCheck.sum(of: Array(text.utf8))) }
        if !bytes.isEmpty { words.append(ReplicaCheck.sum(of: bytes)) }
        return Int64(bitPattern: ReplicaCheck.mix(words))
    }

    /// An attribute; nil when the account has none of that kind and name.
    package func attribute(_ kind: AttributeKind, _ name: String, of account: UserID) throws -> AttributeRecord? {
        let select = try statement(
            """
            SELECT name, value, changed_at, hash FROM attribute \
            WHERE slot = ? AND account = ? AND kind = ? AND name = ?
            """)
        select.bind(Int64(account.slot.rawValue), account.rawValue, kind.rawValue)
        select.bind(name, at: 4)
        return try select.first { try attribute($0, kind, account) }
    }

    /// The attributes of an account of one kind behind a name, in the order of their names.
    package func attributes(
        _ kind: AttributeKind, of account: UserID, after name: String? = nil, limit: Int = .max
    ) throws -> [AttributeRecord] {
        let select = try statement(
            """
            SELECT name, value, changed_at, hash FROM attribute \
            WHERE slot = ? AND account = ? AND kind = ? AND name > ? ORDER BY name LIMIT ?
            """)
        select.bind(Int64(account.slot.rawValue), account.rawValue, kind.rawValue)
        select.bind(name ?? "", at: 4)
        select.bind(Int64(limit), at: 5)
        return try select.all { try attribute($0, kind, account) }
    }

    /// The accounts that have attributes of a kind, in the order of their ids.
    package func accounts(with kind: AttributeKind) throws -> [UserID] {
        try statement("SELECT DISTINCT account FROM attribute WHERE kind = ? ORDER BY account").bind(kind.rawValue)
            .all { UserID(rawValue: $0.integer(0)) }
    }

    func attribute(_ row: any SQLStatement, _ kind: AttributeKind, _ account: UserID) throws -> AttributeRecord {
        let record = AttributeRecord(
            kind, row.text(0), of: account, row.bytes(1), at: Timestamp(milliseconds: row.integer(2)))
        guard record.hash == row.integer(3) else { throw damaged("an attribute of account \(account.rawValue)") }
        return record
    }

    private static let attributeUpsert = SQLUpsert.into(
        "attribute", "slot, account, kind, name, value, changed_at, hash", key: "slot, account, kind, name")

    /// Sets an attribute, in place of what it was before.
    package func set(_ record: AttributeRecord) throws {
        let insert = try statement(RecordsTransaction.attributeUpsert)
        insert.bind(Int64(record.account.slot.rawValue), record.account.rawValue, record.kind.rawValue)
        insert.bind(record.name, at: 4)
        insert.bind(record.value, at: 5)
        insert.bind(record.changedAt.milliseconds, at: 6)
        insert.bind(record.hash, at: 7)
        try insert.run()
    }

    /// Removes an attribute: false when there was none.
    @discardableResult
    package func remove(_ kind: AttributeKind, _ name: String, of account: UserID) throws -> Bool {
        let delete = try statement("DELETE FROM attribute WHERE slot = ? AND account = ? AND kind = ? AND name = ?")
        delete.bind(Int64(account.slot.rawValue), account.rawValue, kind.rawValue)
        delete.bind(name, at: 4)
        try delete.run()
        return changesCount > 0
    }
}

extension AttributeRecord {
    /// The hash of the row as it is stored.
    fileprivate var hash: Int64 {
        RecordsTransaction.hash([account.rawValue, kind.rawValue, changedAt.milliseconds], name, bytes: value)
    }
}
