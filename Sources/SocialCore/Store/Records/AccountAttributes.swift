// The attributes of accounts, wherever their slots are.

/// Reads and sets attributes of accounts.
package struct AccountAttributes {
    let records: SlotRecords
    let context: Context

    /// The attributes in some records.
    init(records: SlotRecords, context: Context) {
        self.records = records
        self.context = context
    }

    /// An attribute of an account; nil when it has none of that kind and name.
    package func value(_ kind: AttributeKind, _ name: String, of account: UserID) throws -> AttributeRecord? {
        try records.read(account.slot) { try $0.attribute(kind, name, of: account) } ?? nil
    }

    /// The attributes of an account of one kind behind a name, in the order of their names.
    package func all(
        _ kind: AttributeKind, of account: UserID, after name: String? = nil, limit: Int = .max
    ) throws -> [AttributeRecord] {
        try records.read(account.slot) { try $0.attributes(kind, of: account, after: name, limit: limit) } ?? []
    }

    /// Changes attributes of an account in one durable transaction.
    package func change<Result>(of account: UserID, _ body: (RecordsTransaction) throws -> Result) throws -> Result {
        try records.write(account.slot, body)
    }

    /// Sets an attribute of an account; false when it had this value already.
    @discardableResult
    package func set(_ kind: AttributeKind, _ name: String, of account: UserID, to value: [UInt8]) throws -> Bool {
        try change(of: account) { transaction in
            if try transaction.attribute(kind, name, of: account)?.value == value { return false }
            try transaction.set(AttributeRecord(kind, name, of: account, value, at: context.clock.now))
            return true
        }
    }

    /// Removes an attribute of an account; false when there was none.
    @discardableResult
    package func remove(_ kind: AttributeKind, _ name: String, of account: UserID) throws -> Bool {
        try change(of: account) { try $0.remove(kind, name, of: account) }
    }
}
