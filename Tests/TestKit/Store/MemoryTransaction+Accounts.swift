// Accounts and edges in memory.

internal import SocialCore

extension MemoryTransaction {
    func account(_ id: UserID) throws -> AccountRecord? { held.accounts[id] }

    func owner(ofKey key: String) throws -> UserID? {
        held.handles[key] ?? held.handles[Handle.remnant(ofKey: key)]
    }

    func handleKeys(of account: UserID) throws -> [String] {
        held.handles.filter { $0.value == account }.keys.sorted()
    }

    func accounts(prefix: String, page: Page<String>) throws -> [AccountRecord] {
        let some = held.accounts.values.filter { $0.handle.key.hasPrefix(prefix) }
        return page.model(some) { $0.handle.key }
    }

    func accountIDs() throws -> [UserID] { held.accounts.keys.sorted() }

    func forEachAccount(_ visit: (UserID, Timestamp) throws -> Void) throws {
        for (id, account) in held.accounts.sorted(by: { $0.key < $1.key }) { try visit(id, account.activeAt) }
    }

    func isFormer(_ id: UserID) throws -> Bool { held.formerAccounts.contains(id) }

    func requireNotFormer(_ ids: UserID...) throws {
        for id in ids where held.formerAccounts.contains(id) { throw StoreError(.noSuchAccount, "deleted") }
    }

    func accountCount() throws -> Int { held.accounts.count }

    func createAccount(_ draft: AccountDraft, now: Timestamp) throws -> Creation<AccountRecord> {
        try claim(Slot(of: draft.handle))
        if let existing = held.handles[draft.handle.key].flatMap({ held.accounts[$0] }),
            existing.id.slot == Slot(of: draft.handle)
        {
            let name = draft.idempotencyKey.map {
                MemoryState.OperationName(account: existing.id, verb: "user create", key: $0)
            }
            if let earlier = name.flatMap({ held.operations[$0] }) {
                guard earlier.fingerprint == draft.fingerprint else { throw StoreError(.keyReused, "the key is used") }
                return Creation(existing, isNew: false)
            }
            guard draft.isEqual(to: existing) else { throw StoreError(.handleTaken, "the handle is taken") }
            return Creation(existing, isNew: false)
        }
        if try owner(ofKey: draft.handle.key) != nil { throw StoreError(.handleTaken, "the handle is reserved") }
        if held.claims[draft.handle.key] != nil { throw StoreError(.handleClaimed, "the handle is being claimed") }
        let slot = Slot(of: draft.handle)
        let raw: Int64
        if let time = draft.time {
            raw = try mint(in: slot, imported: time)
        } else {
            raw = try mint(in: slot, now: now)
        }
        let id = UserID(rawValue: raw)
        let active = draft.activeAt ?? draft.time ?? now
        let record = AccountRecord(id: id, handle: draft.handle, profile: draft.profile, activeAt: active)
        if let key = draft.idempotencyKey {
            let name = MemoryState.OperationName(account: id, verb: "user create", key: key)
            held.operations[name] = OperationRecord(
                account: id, verb: name.verb, key: key, fingerprint: draft.fingerprint, result: raw)
        }
        held.accounts[id] = record
        held.handles[draft.handle.key] = id
        pending.append(.accountCreated(id))
        return Creation(record, isNew: true)
    }

    func touchAccount(_ id: UserID, now: Timestamp) throws -> Creation<AccountRecord> {
        try claim(id.slot)
        guard var record = held.accounts[id] else { throw StoreError(.noSuchAccount, "no such account") }
        if now.milliseconds - record.activeAt.milliseconds < Limits.activityMilliseconds {
            return Creation(record, isNew: false)
        }
        record.activeAt = now
        held.accounts[id] = record
        pending.append(.accountActive(id))
        return Creation(record, isNew: true)
    }

    // MARK: Edges

    func follow(_ follower: UserID, _ followee: UserID) throws -> FollowRecord? {
        held.follows.first { $0.follower == follower && $0.followee == followee }
    }

    func followees(of follower: UserID, page: Page<UserID>) throws -> [FollowRecord] {
        page.model(held.follows.filter { $0.follower == follower }, key: \.followee)
    }

    func followeeIDs(of follower: UserID) throws -> [UserID] {
        held.follows.filter { $0.follower == follower }.map(\.followee).sorted()
    }

    func followers(of followee: UserID, page: Page<UserID>) throws -> [FollowRecord] {
        page.model(held.follows.filter { $0.followee == followee }, key: \.follower)
    }

    func followerIDs(of followee: UserID) throws -> [UserID] {
        held.follows.filter { $0.followee == followee }.map(\.follower).sorted()
    }

    func followeeCount(of follower: UserID) throws -> Int { held.follows.count { $0.follower == follower } }

    func followerCount(of followee: UserID) throws -> Int { held.follows.count { $0.followee == followee } }

    func followCount() throws -> Int { held.follows.count }

    func forEachFollow(_ visit: (FollowRecord) throws -> Void) throws {
        for edge in held.follows.sorted(by: { ($0.follower, $0.followee) < ($1.follower, $1.followee) }) {
            try visit(edge)
        }
    }

    func follow(_ edge: FollowRecord) throws -> Bool {
        try claim(edge.follower.slot)
        try requireNotFormer(edge.follower, edge.followee)
        guard try follow(edge.follower, edge.followee) == nil else { return false }
        held.follows.insert(edge)
        pending.append(.followed(follower: edge.follower, followee: edge.followee))
        return true
    }

    func importFollows(of follower: UserID, _ followees: [UserID], since: Timestamp) throws -> Int {
        try claim(follower.slot)
        try requireNotFormer(follower)
        let before = held.follows.count
        for followee in followees where try follow(follower, followee) == nil {
            held.follows.insert(FollowRecord(follower: follower, followee: followee, since: since))
        }
        let added = held.follows.count - before
        if added > 0 { pending.append(.followsImported(follower: follower)) }
        return added
    }

    func unfollow(_ follower: UserID, _ followee: UserID) throws -> Bool {
        try claim(follower.slot)
        guard let edge = try follow(follower, followee) else { return false }
        held.follows.remove(edge)
        pending.append(.unfollowed(follower: follower, followee: followee))
        return true
    }
}

extension Page {
    /// The items of a collection that the page means, in the order of their keys.
    func model<Item>(_ items: some Collection<Item>, key: (Item) -> Key) -> [Item] {
        let inside = items.filter { item in
            (after.map { key(item) > $0 } ?? true) && (before.map { key(item) < $0 } ?? true)
        }
        return cut(inside.sorted { key($0) < key($1) })
    }
}
