// Changes of profiles and handles, and the end of an account, in memory.

internal import SocialCore

extension MemoryTransaction {
    func updateAccount(
        _ id: UserID, _ change: (inout AccountRecord.Profile) throws -> Void
    ) throws -> Creation<AccountRecord> {
        try claim(id.slot)
        guard let before = held.accounts[id] else { throw StoreError(.noSuchAccount, "no such account") }
        var record = before
        try change(&record.profile)
        guard record != before else { return Creation(before, isNew: false) }
        held.accounts[id] = record
        pending.append(.accountChanged(id))
        return Creation(record, isNew: true)
    }

    // MARK: Handles

    func claim(key: String) throws -> HandleClaim? { held.claims[key] }

    func claims() throws -> [HandleClaim] { held.claims.values.sorted { $0.key < $1.key } }

    func claimHandle(_ claim: HandleClaim) throws -> Bool {
        try self.claim(Slot(ofKey: claim.key))
        if let owner = try owner(ofKey: claim.key) {
            if owner == claim.account { return true }
            throw StoreError(.handleTaken, "the handle is taken")
        }
        if let other = held.claims[claim.key], other != claim {
            throw StoreError(.handleClaimed, "the handle is being claimed")
        }
        held.claims[claim.key] = claim
        return false
    }

    func settle(_ claim: HandleClaim, isConfirmed: Bool) throws {
        try self.claim(Slot(ofKey: claim.key))
        guard held.claims[claim.key] == claim else { return }
        held.claims[claim.key] = nil
        if isConfirmed { held.handles[claim.key] = claim.account }
    }

    func rename(_ id: UserID, to handle: Handle, operation: Int64) throws -> AccountRecord {
        try claim(id.slot)
        guard var record = held.accounts[id] else { throw StoreError(.noSuchAccount, "no such account") }
        if let earlier = held.operations[renameName(id, operation)] {
            guard earlier.result == 1 else { throw StoreError(.renameCalledOff, "called off") }
            return record
        }
        remember(id, operation, result: 1)
        record.handle = handle
        held.accounts[id] = record
        pending.append(.accountChanged(id))
        return record
    }

    func callOffRename(of id: UserID, operation: Int64) throws -> Bool {
        try claim(id.slot)
        if let earlier = held.operations[renameName(id, operation)] { return earlier.result == 0 }
        remember(id, operation, result: 0)
        return true
    }

    private func renameName(_ id: UserID, _ operation: Int64) -> MemoryState.OperationName {
        MemoryState.OperationName(account: id, verb: HandleClaim.verb, key: String(operation))
    }

    private func remember(_ id: UserID, _ operation: Int64, result: Int64) {
        let name = renameName(id, operation)
        held.operations[name] = OperationRecord(
            account: id, verb: name.verb, key: name.key, fingerprint: 0, result: result)
    }

    // MARK: The end of an account

    func deleteAccount(_ id: UserID) throws -> AccountRecord? {
        try claim(id.slot)
        guard let record = held.accounts[id] else {
            if held.formerAccounts.contains(id) { return nil }
            throw StoreError(.noSuchAccount, "no such account")
        }
        for post in held.posts.values.filter({ $0.author == id && $0.id.slot == id.slot }).sorted(by: { $0.id > $1.id })
        {
            _ = try deletePost(post.id, by: nil)
        }
        for media in held.media.values.filter({ $0.author == id }).sorted(by: { $0.id > $1.id }) {
            _ = try deleteMedia(media.id, by: nil)
        }
        held.follows = held.follows.filter { $0.follower != id }
        held.relations = held.relations.filter { $0.actor != id }
        held.accounts[id] = nil
        held.formerAccounts.insert(id)
        held.pendingEffects.insert(.remove(id))
        pending.append(.accountDeleted(id))
        return record
    }

    func eraseNames(of account: UserID) throws -> Int {
        let keys = try handleKeys(of: account).filter { !Handle.isRemnant($0) }
        for key in keys {
            try claim(Slot(ofKey: key))
            held.handles[key] = nil
            held.handles[Handle.remnant(ofKey: key)] = account
        }
        let operations = try operations(of: account)
        held.operations = held.operations.filter { $0.key.account != account }
        return keys.count + operations.count
    }

    func operations(of account: UserID) throws -> [OperationRecord] {
        held.operations.values.filter { $0.account == account }.sorted { ($0.verb, $0.key) < ($1.verb, $1.key) }
    }

    func removeTraces(of account: UserID, limit: Int) throws -> Bool {
        var left = limit
        for edge in try followers(of: account, page: Page(limit: left)) {
            _ = try unfollow(edge.follower, account)
            left -= 1
        }
        for kind in [RelationKind.block, .mute] where left > 0 {
            for relation in try relations(kind, to: EntityID(account), page: Page(limit: left)) {
                _ = try unrelate(kind, relation.actor, relation.target)
                left -= 1
            }
        }
        guard left > 0 else { return false }
        let posts = try posts(by: account, in: .all, limit: left)
        for post in posts { _ = try deletePost(post, by: nil) }
        return posts.count < left
    }

    func pendingEffects() throws -> [PendingEffect] {
        func order(_ effect: PendingEffect) -> [Int64] {
            switch effect {
            case .sever(let follower, let followee): [1, follower.rawValue, followee.rawValue]
            case .remove(let account): [2, account.rawValue, 0]
            }
        }
        return held.pendingEffects.sorted { order($0).lexicographicallyPrecedes(order($1)) }
    }

    func finish(_ effect: PendingEffect) throws { held.pendingEffects.remove(effect) }

    func progress(_ key: String) throws -> Int64? { held.progress[key] }

    func progressOfSlots(_ key: String) throws -> [(slot: Slot, done: Int64)] { [] }

    func setProgress(_ key: String, _ done: Int64) throws {
        held.progress[key] = max(held.progress[key] ?? done, done)
    }
}
