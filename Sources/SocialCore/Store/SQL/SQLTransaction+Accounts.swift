// Accounts and their handles in SQL.

extension SQLTransaction {
    static let accountColumns = "id, handle, name, bio, location, link, active_at, hash, fields, avatar"
    static let accountSelection = "SELECT \(accountColumns) FROM account WHERE id = ?"

    func account(_ id: UserID) throws -> AccountRecord? {
        if try isHidden(id.slot) { return nil }
        return try statement(SQLTransaction.accountSelection).bind(id.rawValue).first(readAccount)
    }

    func accounts(prefix: String, page: Page<String>) throws -> [AccountRecord] {
        // One bound at each side, because an index is entered by no more. What follows a key begins with the key and
        // U+0001, and a prefix ends before the prefix and U+10FFFF: keys are printable ASCII.
        let sql = """
            SELECT \(SQLTransaction.accountColumns) FROM account INDEXED BY account_by_handle
            WHERE lower(handle) >= ?1 AND lower(handle) < ?2\(visible("id"))
            ORDER BY lower(handle) \(page.takesEnd ? "DESC" : "ASC") LIMIT ?3
            """
        let end = prefix + "\u{10FFFF}"
        let select = try statement(sql)
        select.bind(page.after.map { max(prefix, $0 + "\u{1}") } ?? prefix, at: 1)
        select.bind(page.before.map { min(end, $0) } ?? end, at: 2)
        select.bind(Int64(page.limit), at: 3)
        let found = try select.all(readAccount)
        return page.takesEnd ? found.reversed() : found
    }

    func isFormer(_ id: UserID) throws -> Bool {
        if try isHidden(id.slot) { return false }
        return try statement("SELECT 1 FROM tombstone WHERE id = ? AND is_account = 1").bind(id.rawValue).first { _ in
            true
        }
            ?? false
    }

    /// Makes sure that accounts which live here have not been deleted meanwhile: nothing is left to name them.
    func requireNotFormer(_ ids: UserID...) throws {
        for id in ids where !living.contains(id) {
            if try isFormer(id) { throw StoreError(.noSuchAccount, "the account \"\(id)\" has been deleted") }
            living.insert(id)
        }
    }

    func accountIDs() throws -> [UserID] {
        try statement("SELECT id FROM account WHERE TRUE\(visible("id")) ORDER BY id").all {
            UserID(rawValue: $0.integer(0))
        }
    }

    func forEachAccount(_ visit: (UserID, Timestamp) throws -> Void) throws {
        try statement("SELECT id, active_at FROM account WHERE TRUE\(visible("id")) ORDER BY id").forEach { row in
            try visit(UserID(rawValue: row.integer(0)), Timestamp(milliseconds: row.integer(1)))
        }
    }

    func accountCount() throws -> Int {
        try statement("SELECT COUNT(*) FROM account WHERE TRUE\(visible("id"))").first { Int($0.integer(0)) } ?? 0
    }

    func createAccount(_ draft: AccountDraft, now: Timestamp) throws -> Creation<AccountRecord> {
        let slot = Slot(of: draft.handle)
        try claim(slot)
        // Of a handle that a rename has given to an account of another slot, only that slot can tell more.
        if let owner = try owner(ofKey: draft.handle.key), owner.slot == slot, let existing = try account(owner) {
            if let earlier = try earlierAccount(draft, existing) { return earlier }
            guard draft.isEqual(to: existing) else {
                throw StoreError(
                    .handleTaken, "the handle \"\(draft.handle)\" is taken", hint: "choose another handle")
            }
            return Creation(existing, isNew: false)
        }
        try requireFree(draft.handle)
        let raw = try draft.time.map { try mint(in: slot, imported: $0) } ?? mint(in: slot, now: now)
        let id = UserID(rawValue: raw)
        let active = draft.activeAt ?? draft.time ?? now
        let record = AccountRecord(id: id, handle: draft.handle, profile: draft.profile, activeAt: active)
        try write(record, replacing: nil)
        try insertHandle(record.handle.key, id)
        if let key = draft.idempotencyKey {
            try remember(
                OperationRecord(
                    account: id, verb: "user create", key: key, fingerprint: draft.fingerprint, result: raw))
        }
        log(.accountCreated(id))
        return Creation(record, isNew: true)
    }

    /// The account that a command under the same key has made; the key belongs to the handle's account.
    private func earlierAccount(
        _ draft: AccountDraft, _ existing: AccountRecord
    ) throws -> Creation<AccountRecord>? {
        let key = draft.idempotencyKey
        return try earlier(existing.id, "user create", key, draft.fingerprint, making: "account")
            .map { _ in Creation(existing, isNew: false) }
    }

    func updateAccount(
        _ id: UserID, _ change: (inout AccountRecord.Profile) throws -> Void
    ) throws -> Creation<AccountRecord> {
        try claim(id.slot)
        let before = try existingAccount(id)
        var record = before
        try change(&record.profile)
        guard record != before else { return Creation(before, isNew: false) }
        try write(record, replacing: before)
        log(.accountChanged(id))
        return Creation(record, isNew: true)
    }

    /// The account with an id, which must be there.
    func existingAccount(_ id: UserID) throws -> AccountRecord {
        guard let record = try account(id) else { throw StoreError(.noSuchAccount, "there is no account \"\(id)\"") }
        return record
    }

    private static let accountUpsert = SQLUpsert.into("account", accountColumns, key: "id")

    /// Writes an account's row.
    func write(_ record: AccountRecord, replacing before: AccountRecord?) throws {
        let hash = TruthRow.account(record).check
        let insert = try statement(SQLTransaction.accountUpsert)
        insert.bind(record.id.rawValue, at: 1)
        insert.bind(record.handle.display, at: 2)
        insert.bind(record.profile.name, at: 3)
        insert.bind(record.profile.bio, at: 4)
        insert.bind(record.profile.location, at: 5)
        insert.bind(record.profile.link, at: 6)
        insert.bind(record.activeAt.milliseconds, at: 7)
        insert.bind(Int64(bitPattern: hash), at: 8)
        insert.bind(record.profile.fields, at: 9)
        insert.bind(record.profile.avatar?.rawValue, at: 10)
        try insert.run()
        if let before { try count(removed: .account(before)) }
        try count(added: hash, .account(record))
    }

    /// Lets a handle name an account.
    func insertHandle(_ key: String, _ account: UserID) throws {
        let insert = try statement("INSERT INTO handle VALUES (?, ?, ?)")
        let hash = TruthRow.handle(key: key, account: account).check
        insert.bind(key, at: 1)
        insert.bind(account.rawValue, at: 2)
        insert.bind(Int64(bitPattern: hash), at: 3)
        try insert.run()
        if Handle.isRemnant(key) { hasRemnants = true }
        try count(added: hash, .handle(key: key, account: account))
    }

    func touchAccount(_ id: UserID, now: Timestamp) throws -> Creation<AccountRecord> {
        try claim(id.slot)
        let before = try existingAccount(id)
        var record = before
        guard now.milliseconds - record.activeAt.milliseconds >= Limits.activityMilliseconds else {
            return Creation(record, isNew: false)
        }
        record.activeAt = now
        try write(record, replacing: before)
        log(.accountActive(id))
        return Creation(record, isNew: true)
    }

    /// Reads the columns of `columns`, and proves the row.
    func readAccount(_ row: any SQLStatement) throws -> AccountRecord {
        let id = UserID(rawValue: row.integer(0))
        let handle: Handle
        do { handle = try Handle(row.text(1)) } catch {
            throw StorageError(.damaged, "account \(id) in shard \(shard) is damaged", hint: "run \"social verify\"")
        }
        let profile = AccountRecord.Profile(
            name: row.optionalText(2), bio: row.optionalText(3), location: row.optionalText(4),
            link: row.optionalText(5), fields: row.optionalText(8),
            avatar: row.optionalInteger(9).map(MediaID.init(rawValue:)))
        let active = Timestamp(milliseconds: row.integer(6))
        let record = AccountRecord(id: id, handle: handle, profile: profile, activeAt: active)
        try verify(.account(record), against: row.integer(7), "account \(id)")
        return record
    }
}
