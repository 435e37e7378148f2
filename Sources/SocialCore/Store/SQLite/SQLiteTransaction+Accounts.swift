// Accounts and their handles in SQLite.

internal import GRDB

extension SQLiteTransaction {
    private static let columns = "account.id, handle, name, bio, location, link, active_at, account.hash"

    func account(_ id: UserID) throws -> AccountRecord? {
        let sql = "SELECT \(SQLiteTransaction.columns) FROM account WHERE id = ?"
        return try statement(sql).bind(id.rawValue).first(readAccount)
    }

    func account(key: String) throws -> AccountRecord? {
        let select = try statement("SELECT account, hash FROM handle WHERE key = ?")
        select.bind(key, at: 1)
        guard let (id, hash) = try select.first({ (UserID(rawValue: $0.integer(0)), $0.integer(1)) }) else {
            return nil
        }
        try verify(.handle(key: key, account: id), against: hash, "the handle \"\(key)\"")
        return try account(id)
    }

    func accounts(afterKey: String?, prefix: String, limit: Int) throws -> [AccountRecord] {
        // A prefix ends before the first key that begins with the prefix and U+10FFFF; keys are ASCII.
        let sql = """
            SELECT \(SQLiteTransaction.columns) FROM handle JOIN account ON account.id = handle.account
            WHERE key > ?1 AND key >= ?2 AND key < ?3 ORDER BY key LIMIT ?4
            """
        let select = try statement(sql)
        select.bind(afterKey ?? "", at: 1)
        select.bind(prefix, at: 2)
        select.bind(prefix + "\u{10FFFF}", at: 3)
        select.bind(Int64(limit), at: 4)
        return try select.all(readAccount)
    }

    func accountCount() throws -> Int {
        try statement("SELECT COUNT(*) FROM account").first { Int($0.integer(0)) } ?? 0
    }

    func createAccount(_ draft: AccountDraft, now: Timestamp) throws -> Creation<AccountRecord> {
        let slot = Slot(of: draft.handle)
        try claim(slot)
        if let existing = try account(key: draft.handle.key) {
            guard existing.profile == draft.profile, existing.handle.display == draft.handle.display else {
                throw StoreError(
                    .handleTaken, "the handle \"\(draft.handle)\" is taken", hint: "choose another handle")
            }
            return Creation(existing, isNew: false)
        }
        let id = UserID(rawValue: try mint(in: slot, now: now))
        let record = AccountRecord(id: id, handle: draft.handle, profile: draft.profile, activeAt: now)
        let hash = TruthRow.account(record).check
        let insert = try statement("INSERT INTO account VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        insert.bind(id.rawValue, at: 1)
        insert.bind(record.handle.display, at: 2)
        insert.bind(record.profile.name, at: 3)
        insert.bind(record.profile.bio, at: 4)
        insert.bind(record.profile.location, at: 5)
        insert.bind(record.profile.link, at: 6)
        insert.bind(now.milliseconds, at: 7)
        insert.bind(Int64(bitPattern: hash), at: 8)
        try insert.run()
        count(added: hash)
        let handle = try statement("INSERT INTO handle VALUES (?, ?, ?)")
        let handleHash = TruthRow.handle(key: record.handle.key, account: id).check
        handle.bind(record.handle.key, at: 1)
        handle.bind(id.rawValue, at: 2)
        handle.bind(Int64(bitPattern: handleHash), at: 3)
        try handle.run()
        count(added: handleHash)
        log(.accountCreated(id))
        return Creation(record, isNew: true)
    }

    func touchAccount(_ id: UserID, now: Timestamp) throws -> Creation<AccountRecord> {
        try claim(id.slot)
        guard var record = try account(id) else { throw StoreError(.noSuchAccount, "there is no account \"\(id)\"") }
        guard now.milliseconds - record.activeAt.milliseconds >= Limits.activityMilliseconds else {
            return Creation(record, isNew: false)
        }
        let before = TruthRow.account(record).check
        record.activeAt = now
        let after = TruthRow.account(record).check
        try statement("UPDATE account SET active_at = ?, hash = ? WHERE id = ?")
            .bind(now.milliseconds, Int64(bitPattern: after), id.rawValue).run()
        count(removed: before)
        count(added: after)
        log(.accountActive(id))
        return Creation(record, isNew: true)
    }

    /// Reads the columns of `columns`, and proves the row.
    func readAccount(_ row: Statement) throws -> AccountRecord {
        let id = UserID(rawValue: row.integer(0))
        let handle: Handle
        do { handle = try Handle(row.text(1)) } catch {
            throw StorageError(.damaged, "account \(id) in shard \(shard) is damaged", hint: "run \"social verify\"")
        }
        let profile = AccountRecord.Profile(
            name: row.optionalText(2), bio: row.optionalText(3), location: row.optionalText(4),
            link: row.optionalText(5))
        let active = Timestamp(milliseconds: row.integer(6))
        let record = AccountRecord(id: id, handle: handle, profile: profile, activeAt: active)
        try verify(.account(record), against: row.integer(7), "account \(id)")
        return record
    }
}
