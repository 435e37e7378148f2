// The two changes of an account that reach beyond its own shard: another handle, and its end.

extension Accounts {
    /// Gives an account another handle; the one before stays reserved and goes on finding it.
    ///
    /// Three transactions, each of which can be the last: the handle is claimed in its own slot, the account takes it
    /// in the account's slot, which decides, and the claim is confirmed. Whoever meets a claim that was left behind
    /// looks whether the account took it.
    ///
    /// - Throws: `handleTaken`.
    package func rename(_ account: AccountRecord, to handle: Handle) throws -> Creation<AccountRecord> {
        if account.handle.display == handle.display { return Creation(account, isNew: false) }
        return Creation(try settlingClaims(of: [handle]) { try take(handle, account.id) }, isNew: true)
    }

    private func take(_ handle: Handle, _ account: UserID) throws -> AccountRecord {
        let (place, home) = (Slot(of: handle), account.slot)
        let number = try router.read(home) { reader in
            // Chance may be given, and say the same as for the rename before.
            var number = Int64(bitPattern: context.random.next() >> 1)
            while try reader.operation(account, HandleClaim.verb, String(number)) != nil { number = number &+ 1 }
            return number
        }
        let claim = HandleClaim(key: handle.key, account: account, operation: number)
        let isOwn = try router.write(place, accounts: .names) { try $0.claimHandle(claim) }
        if !isOwn { try router.keepOrder(of: place, before: home) }
        let renamed = try router.write(home) { try $0.rename(account, to: handle, operation: number) }
        if !isOwn {
            try router.keepOrder(of: home, before: place)
            try router.write(place) { try $0.settle(claim, isConfirmed: true) }
        }
        return renamed
    }

    /// Runs a block, and again when a rename of someone else is in its way: one that was left half done is ended, and
    /// one that is under way is called off and begins again.
    func settlingClaims<Result>(of handles: some Sequence<Handle>, _ body: () throws -> Result) throws -> Result {
        for _ in 0..<4 {
            do { return try body() } catch let error as StoreError
                where error.code == .handleClaimed || error.code == .renameCalledOff
            {
                for handle in handles {
                    guard let claim = try router.read(Slot(of: handle), { try $0.claim(key: handle.key) }) else {
                        continue
                    }
                    try Effects(router: router).settle(claim)
                }
            }
        }
        return try body()
    }

    /// Deletes an account with its posts, follows and relations; its handles stay reserved.
    ///
    /// What was decided in the account's shard holds at once; what lies on other shards follows on the way out, or with
    /// the next `feed regenerate`.
    ///
    /// - Returns: the id, and whether the account was still there.
    /// - Throws: `noSuchAccount` when there never was one.
    package func delete(_ handle: Handle) throws -> (id: UserID, isDeleted: Bool) {
        try delete(owner(of: handle))
    }

    /// Who has a handle, or had it and has been deleted.
    ///
    /// - Throws: `noSuchAccount` when there never was such an account.
    package func owner(of handle: Handle) throws -> UserID {
        try find(handle)?.id ?? former(handle) ?? named(handle).id
    }

    /// Deletes an account by its id, in the same way.
    package func delete(_ id: UserID) throws -> (id: UserID, isDeleted: Bool) {
        let removed = try router.write(id.slot) { try $0.deleteAccount(id) }
        try Effects(router: router).settle(.remove(id))
        return (id, removed != nil)
    }

    /// The id of the deleted account that had a handle.
    func former(_ handle: Handle) throws -> UserID? {
        guard let owner = try router.read(Slot(of: handle), { try $0.owner(ofKey: handle.key) }),
            try router.read(owner.slot, { try $0.isFormer(owner) })
        else { return nil }
        return owner
    }
}
