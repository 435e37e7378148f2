// Accounts and edges in memory.

internal import SocialCore

extension MemoryTransaction {
    func account(_ id: UserID) throws -> AccountRecord? { held.accounts[id] }

    func account(key: String) throws -> AccountRecord? { held.handles[key].flatMap { held.accounts[$0] } }

    func accounts(afterKey: String?, prefix: String, limit: Int) throws -> [AccountRecord] {
        let keys = held.handles.keys.filter { $0.hasPrefix(prefix) && $0 > afterKey ?? "" }
        return keys.sorted().prefix(limit).compactMap { held.handles[$0].flatMap { held.accounts[$0] } }
    }

    func accountCount() throws -> Int { held.accounts.count }

    func createAccount(_ draft: AccountDraft, now: Timestamp) throws -> Creation<AccountRecord> {
        try claim(Slot(of: draft.handle))
        if let existing = try account(key: draft.handle.key) {
            let isEqual = existing.handle.display == draft.handle.display && existing.profile == draft.profile
            guard isEqual else { throw StoreError(.handleTaken, "the handle is taken") }
            return Creation(existing, isNew: false)
        }
        let id = UserID(rawValue: try mint(in: Slot(of: draft.handle), now: now))
        let record = AccountRecord(id: id, handle: draft.handle, profile: draft.profile, activeAt: now)
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

    func followees(of follower: UserID, after: UserID?, limit: Int) throws -> [FollowRecord] {
        let edges = held.follows.filter { $0.follower == follower && $0.followee > after ?? UserID(rawValue: 0) }
        return Array(edges.sorted { $0.followee < $1.followee }.prefix(limit))
    }

    func followers(of followee: UserID, after: UserID?, limit: Int) throws -> [FollowRecord] {
        let edges = held.follows.filter { $0.followee == followee && $0.follower > after ?? UserID(rawValue: 0) }
        return Array(edges.sorted { $0.follower < $1.follower }.prefix(limit))
    }

    func followerIDs(of followee: UserID) throws -> [UserID] {
        held.follows.filter { $0.followee == followee }.map(\.follower).sorted()
    }

    func followeeCount(of follower: UserID) throws -> Int { held.follows.count { $0.follower == follower } }

    func followerCount(of followee: UserID) throws -> Int { held.follows.count { $0.followee == followee } }

    func forEachFollow(_ visit: (FollowRecord) throws -> Void) throws {
        for edge in held.follows.sorted(by: { ($0.follower, $0.followee) < ($1.follower, $1.followee) }) {
            try visit(edge)
        }
    }

    func follow(_ edge: FollowRecord) throws -> Bool {
        try claim(edge.follower.slot)
        guard try follow(edge.follower, edge.followee) == nil else { return false }
        held.follows.insert(edge)
        pending.append(.followed(follower: edge.follower, followee: edge.followee))
        return true
    }

    func importFollows(of follower: UserID, _ followees: [UserID], since: Timestamp) throws -> Int {
        try claim(follower.slot)
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
