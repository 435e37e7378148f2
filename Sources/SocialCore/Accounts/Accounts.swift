// Who is here? The façade of the room: accounts made, found and listed, whichever shard they live on.

/// The accounts of a network.
package struct Accounts {
    let router: Router
    let context: Context

    /// The accounts behind a router.
    package init(router: Router, context: Context) {
        self.router = router
        self.context = context
    }

    /// Makes an account; an equal one that is there already is no error.
    package func create(_ draft: AccountDraft) throws -> Creation<AccountRecord> {
        let profile = draft.profile
        for (name, field) in [
            ("name", profile.name), ("bio", profile.bio), ("location", profile.location), ("link", profile.link),
        ] where (field?.count ?? 0) > Limits.profileCharacters {
            throw AccountsError(.tooLong, "\"\(name)\" has more than \(Limits.profileCharacters) characters")
        }
        return try router.write(Slot(of: draft.handle), accounts: .makes) {
            try $0.createAccount(draft, now: context.clock.now)
        }
    }

    /// The account with a handle.
    ///
    /// - Throws: `noSuchAccount`.
    package func named(_ handle: Handle) throws -> AccountRecord {
        guard let account = try find(handle) else {
            throw AccountsError(
                .noSuchAccount, "there is no account \"\(handle)\"",
                hint: "make it with \"social user create \(handle)\"")
        }
        return account
    }

    /// The account with a handle, nil when there is none.
    package func find(_ handle: Handle) throws -> AccountRecord? {
        try router.read(Slot(of: handle)) { try $0.account(key: handle.key) }
    }

    /// The account of each id; nil where there is none.
    package func records(of ids: [UserID]) throws -> [AccountRecord?] {
        try router.gather(ids, slot: \.slot) { try $0.account($1) }
    }

    /// A page of accounts in the order of their handles.
    package func page(after key: String?, prefix: String, limit: Int) throws -> [AccountRecord] {
        let pages = try router.gather { try $0.accounts(afterKey: key, prefix: prefix, limit: limit) }
        if pages.count == 1 { return pages[0] }
        return Array(pages.joined().sorted { $0.handle.key < $1.handle.key }.prefix(limit))
    }

    /// Calls a closure for each account in the order of their handles, a page at a time.
    package func forEach(prefix: String = "", _ visit: (AccountRecord) throws -> Void) throws {
        var last: String?
        while true {
            let page = try page(after: last, prefix: prefix, limit: Limits.pageRows)
            for account in page { try visit(account) }
            guard page.count == Limits.pageRows, let key = page.last?.handle.key else { return }
            last = key
        }
    }

    /// Notes that an account is active now.
    package func signIn(_ handle: Handle) throws -> Creation<AccountRecord> {
        let account = try named(handle)
        return try router.write(account.id.slot) { try $0.touchAccount(account.id, now: context.clock.now) }
    }

    /// Makes many accounts, one transaction a shard and batch: their ids by key.
    ///
    /// Accounts that are there are kept.
    package func ensure(_ handles: [Handle]) throws -> (ids: [String: UserID], created: Int) {
        var ids: [String: UserID] = [:]
        var created = 0
        ids.reserveCapacity(handles.count)
        for (_, group) in try grouped(handles) {
            for batch in stride(from: 0, to: group.count, by: Limits.importBatchRows) {
                let part = group[batch..<min(batch + Limits.importBatchRows, group.count)]
                try router.write(Slot(of: group[batch]), accounts: .makes) { writer in
                    for handle in part {
                        if let existing = try writer.account(key: handle.key) {
                            ids[handle.key] = existing.id
                            continue
                        }
                        let made = try writer.createAccount(AccountDraft(handle: handle), now: context.clock.now)
                        ids[handle.key] = made.value.id
                        created += 1
                    }
                }
            }
        }
        return (ids, created)
    }

    /// The ids of handles; those without an account are missing.
    package func ids(of handles: [Handle]) throws -> [String: UserID] {
        var ids: [String: UserID] = [:]
        for (shard, group) in try grouped(handles) {
            try router.read(shard: shard) { reader in
                for handle in group { ids[handle.key] = try reader.account(key: handle.key)?.id }
            }
        }
        return ids
    }

    /// Handles by shard, in the order of the shards and of their keys, so that writes run along the tables.
    private func grouped(_ handles: [Handle]) throws -> [(Int, [Handle])] {
        Dictionary(grouping: handles) { router.shard(of: Slot(of: $0)) }
            .map { ($0.key, $0.value.sorted { $0.key < $1.key }) }.sorted { $0.0 < $1.0 }
    }
}

/// An error of the accounts room.
package struct AccountsError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case noSuchAccount = "no_such_user"
        case tooLong = "too_long"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
