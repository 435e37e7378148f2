// Renames in SQL: a handle is claimed in its own slot, the account takes it in the account's, and the claim ends.

extension SQLTransaction {
    func claim(key: String) throws -> HandleClaim? {
        if try isHidden(Slot(ofKey: key)) { return nil }
        let select = try statement("SELECT key, account, operation FROM claim WHERE key = ?")
        select.bind(key, at: 1)
        return try select.first(readClaim)
    }

    func claims() throws -> [HandleClaim] {
        try statement("SELECT key, account, operation FROM claim ORDER BY key").all(readClaim)
            .filter { try !isHidden(Slot(ofKey: $0.key)) }
    }

    private func readClaim(_ row: any SQLStatement) -> HandleClaim {
        HandleClaim(key: row.text(0), account: UserID(rawValue: row.integer(1)), operation: row.integer(2))
    }

    /// Makes sure that nobody has a handle, has had it, or is about to have it.
    func requireFree(_ handle: Handle) throws {
        if try owner(ofKey: handle.key) != nil {
            throw StoreError(
                .handleTaken, "the handle \"\(handle)\" is taken, or was and stays reserved",
                hint: "choose another handle")
        }
        if try claim(key: handle.key) != nil {
            throw StoreError(.handleClaimed, "the handle \"\(handle)\" is being claimed", hint: "try again")
        }
    }

    func owner(ofKey key: String) throws -> UserID? {
        try stored(key)?.account
    }

    /// The handle row of a key, or what is left of it: the key under which it is stored.
    func stored(_ key: String) throws -> (key: String, account: UserID)? {
        if try isHidden(Slot(ofKey: key)) { return nil }
        if let account = try account(underKey: key) { return (key, account) }
        // Of a handle whose owner was erased a hash is left.
        guard try holdsRemnants(), !Handle.isRemnant(key) else { return nil }
        let remnant = Handle.remnant(ofKey: key)
        return try account(underKey: remnant).map { (remnant, $0) }
    }

    /// Bulk imports ask for many handles that nobody has: most shards hold nothing more that could be looked for.
    func holdsRemnants() throws -> Bool {
        if let hasRemnants { return hasRemnants }
        let select = try statement("SELECT EXISTS (SELECT 1 FROM handle WHERE key >= '#' AND key < '$')")
        let found = try select.first { $0.integer(0) } == 1
        hasRemnants = found
        return found
    }

    static let handleSelection = "SELECT account, hash FROM handle WHERE key = ?"

    private func account(underKey key: String) throws -> UserID? {
        let select = try statement(SQLTransaction.handleSelection)
        select.bind(key, at: 1)
        guard let (id, hash) = try select.first({ (UserID(rawValue: $0.integer(0)), $0.integer(1)) }) else {
            return nil
        }
        try verify(.handle(key: key, account: id), against: hash, "the handle \"\(key)\"")
        return id
    }

    func claimHandle(_ claim: HandleClaim) throws -> Bool {
        try self.claim(Slot(ofKey: claim.key))
        if let owner = try owner(ofKey: claim.key) {
            if owner == claim.account { return true }
            throw StoreError(.handleTaken, "the handle \"\(claim.key)\" is taken", hint: "choose another handle")
        }
        if let other = try self.claim(key: claim.key), other != claim {
            throw StoreError(.handleClaimed, "the handle \"\(claim.key)\" is being claimed", hint: "try again")
        }
        try insert(claim)
        return false
    }

    private static let claimUpsert = SQLUpsert.into("claim", "key, account, operation", key: "key")

    /// Writes a claim's row.
    func insert(_ claim: HandleClaim) throws {
        let insert = try statement(SQLTransaction.claimUpsert)
        insert.bind(claim.key, at: 1)
        insert.bind(claim.account.rawValue, at: 2)
        insert.bind(claim.operation, at: 3)
        try insert.run()
        markDirty()
    }

    /// Removes a claim's row.
    func delete(_ claim: HandleClaim) throws {
        let delete = try statement("DELETE FROM claim WHERE key = ?")
        delete.bind(claim.key, at: 1)
        try delete.run()
        markDirty()
    }

    func settle(_ claim: HandleClaim, isConfirmed: Bool) throws {
        try self.claim(Slot(ofKey: claim.key))
        guard try self.claim(key: claim.key) == claim else { return }
        try delete(claim)
        if isConfirmed { try insertHandle(claim.key, claim.account) }
    }

    func rename(_ id: UserID, to handle: Handle, operation number: Int64) throws -> AccountRecord {
        try claim(id.slot)
        let before = try existingAccount(id)
        if let earlier = try operation(id, HandleClaim.verb, String(number)) {
            guard earlier.result == 1 else {
                throw StoreError(.renameCalledOff, "someone else called the rename off", hint: "try again")
            }
            return before
        }
        try remember(renameRecord(id, number, result: 1))
        var record = before
        record.handle = handle
        try write(record, replacing: before)
        log(.accountChanged(id))
        return record
    }

    func callOffRename(of id: UserID, operation number: Int64) throws -> Bool {
        try claim(id.slot)
        if let earlier = try operation(id, HandleClaim.verb, String(number)) { return earlier.result == 0 }
        try remember(renameRecord(id, number, result: 0))
        return true
    }

    private func renameRecord(_ id: UserID, _ number: Int64, result: Int64) -> OperationRecord {
        OperationRecord(
            account: id, verb: HandleClaim.verb, key: String(number), fingerprint: 0, result: result)
    }
}
