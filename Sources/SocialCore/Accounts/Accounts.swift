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
        try draft.profile.check()
        do {
            return try settlingClaims(of: [draft.handle]) {
                try router.write(Slot(of: draft.handle), accounts: .makes) {
                    try $0.createAccount(draft, now: context.clock.now)
                }
            }
        } catch let error as StoreError where error.code == .handleTaken {
            // An account that was given the handle by a rename lives in another slot.
            guard let existing = try find(draft.handle), draft.isEqual(to: existing) else { throw error }
            return Creation(existing, isNew: false)
        }
    }

    /// Changes a profile; `isNew` tells whether it is another now.
    package func update(
        _ id: UserID, _ change: (inout AccountRecord.Profile) throws -> Void
    ) throws -> Creation<AccountRecord> {
        try router.write(id.slot) { writer in
            try writer.updateAccount(id) { profile in
                try change(&profile)
                try profile.check()
            }
        }
    }

    /// The account with a handle.
    ///
    /// - Throws: `noSuchAccount`.
    package func named(_ handle: Handle) throws -> AccountRecord {
        guard let account = try find(handle) else {
            if try former(handle) != nil {
                throw AccountsError(.noSuchAccount, "the account \"\(handle)\" has been deleted")
            }
            throw AccountsError(
                .noSuchAccount, "there is no account \"\(handle)\"",
                hint: "make it with \"social user create \(handle)\"")
        }
        return account
    }

    /// The account with a handle, nil when there is none.
    ///
    /// A handle that was given up still finds the account that had it.
    package func find(_ handle: Handle) throws -> AccountRecord? {
        let slot = Slot(of: handle)
        let (found, owner, claim) = try router.read(slot) { reader in
            let owner = try reader.owner(ofKey: handle.key)
            return (
                try owner.flatMap(reader.account), owner,
                try owner == nil ? reader.claim(key: handle.key) : nil
            )
        }
        if let found { return found }
        if let owner, router.shard(of: owner.slot) != router.shard(of: slot) {
            return try router.read(owner.slot) { try $0.account(owner) }
        }
        // A rename that has reached the account holds, also before the handle's own shard knows.
        guard let claim else { return nil }
        return try router.read(claim.account.slot) { reader in
            let operation = try reader.operation(claim.account, HandleClaim.verb, claim.operationKey)
            return operation?.result == 1 ? try reader.account(claim.account) : nil
        }
    }

    /// The account of each id; nil where there is none.
    package func records(of ids: [UserID]) throws -> [AccountRecord?] {
        try router.gather(ids, slot: \.slot) { try $0.account($1) }
    }

    /// A page of accounts in the order of their handles.
    package func page(prefix: String = "", _ page: Page<String>) throws -> [AccountRecord] {
        page.merge(try router.gather { try $0.accounts(prefix: prefix, page: page) }) { $0.handle.key }
    }

    /// Calls a closure for each account in the order of their handles, a page at a time.
    package func forEach(prefix: String = "", _ visit: (AccountRecord) throws -> Void) throws {
        var last: String?
        while true {
            let page = try page(prefix: prefix, Page(after: last, limit: Limits.pageRows))
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
        context.observer?.begin("making accounts", total: handles.count)
        defer { context.observer?.end() }
        // Along the keys, so that writes run along the tables.
        let sorted = handles.sorted { $0.key < $1.key }
        let slot = { (handle: Handle) in Slot(of: handle) }
        try settlingClaims(of: sorted[...]) {
            try router.write(sorted, batchRows: Limits.importBatchRows, accounts: .makes, slot: slot) { writer, part in
                var count = 0
                for handle in part {
                    context.observer?.advance(by: 1)
                    if let existing = try writer.owner(ofKey: handle.key) {
                        ids[handle.key] = existing
                        continue
                    }
                    let made = try writer.createAccount(AccountDraft(handle: handle), now: context.clock.now)
                    ids[handle.key] = made.value.id
                    count += 1
                }
                return count
            } committed: { count, _ in
                created += count
            }
        }
        return (try withoutFormer(ids), created)
    }

    /// The ids of handles; those without an account are missing.
    package func ids(of handles: [Handle]) throws -> [String: UserID] {
        var ids: [String: UserID] = [:]
        let sorted = handles.sorted { $0.key < $1.key }
        let owners = try router.gather(sorted, slot: { Slot(of: $0) }) { try $0.owner(ofKey: $1.key) }
        for (handle, owner) in zip(sorted, owners) {
            // A rename may have reached an account before the handle's own shard knows.
            ids[handle.key] = try owner ?? find(handle)?.id
        }
        return try withoutFormer(ids)
    }

    /// Leaves out handles whose accounts are gone: there, only the handles are left.
    private func withoutFormer(_ ids: [String: UserID]) throws -> [String: UserID] {
        let named = ids.sorted { $0.value < $1.value }
        let former = try router.gather(named.map(\.value), slot: \.slot) { try $0.isFormer($1) ? true : nil }
        var ids = ids
        for (entry, isFormer) in zip(named, former) where isFormer == true { ids[entry.key] = nil }
        return ids
    }
}

/// An error of the accounts room.
package struct AccountsError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case noSuchAccount = "no_such_user"
        case tooLong = "too_long"
        case badField = "bad_field"
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
