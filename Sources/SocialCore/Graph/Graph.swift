// Who follows whom? The façade of the room. An edge lives with its follower; who follows an account is gathered from
// all shards.

/// The follow graph of a network.
package struct Graph {
    let router: Router
    let context: Context

    /// The graph behind a router.
    package init(router: Router, context: Context) {
        self.router = router
        self.context = context
    }

    /// Makes one account follow another: false when it did already.
    package func follow(_ follower: AccountRecord, _ followee: AccountRecord) throws -> Bool {
        guard follower.id != followee.id else {
            throw GraphError(.followsItself, "\"\(follower.handle)\" cannot follow itself")
        }
        if try isBlocked(follower.id, followee.id) {
            throw GraphError(.blocked, "\"\(follower.handle)\" and \"\(followee.handle)\" do not see each other")
        }
        let edge = FollowRecord(follower: follower.id, followee: followee.id, since: context.clock.now)
        let isNew = try router.write(follower.id.slot, accounts: .names) { try $0.follow(edge) }
        try requireStill(followee, seenFrom: follower.id.slot) { try $0.unfollow(follower.id, followee.id) }
        return isNew
    }

    /// Makes sure that an account of another shard was not deleted while something was written that names it; if so,
    /// its deletion may have come by too early to take that away, and it is undone.
    func requireStill(
        _ account: AccountRecord, seenFrom slot: Slot, undo: (any StoreWriter) throws -> Bool
    ) throws {
        guard router.shard(of: slot) != router.shard(of: account.id.slot),
            try router.read(account.id.slot, { try $0.isFormer(account.id) })
        else { return }
        _ = try router.write(slot, undo)
        throw StoreError(.noSuchAccount, "the account \"\(account.handle)\" has been deleted")
    }

    /// Makes one account follow another no longer: false when it did not.
    package func unfollow(_ follower: AccountRecord, _ followee: AccountRecord) throws -> Bool {
        try router.write(follower.id.slot) { try $0.unfollow(follower.id, followee.id) }
    }

    /// The edge from one account to another, nil when there is none.
    package func edge(_ follower: UserID, _ followee: UserID) throws -> FollowRecord? {
        try router.read(follower.slot) { try $0.follow(follower, followee) }
    }

    /// A page of the accounts that an account follows, in the order of their ids.
    package func followees(of follower: UserID, page: Page<UserID> = Page()) throws -> [FollowRecord] {
        try visible(to: follower, page, key: \.followee) { page in
            try router.read(follower.slot) { try $0.followees(of: follower, page: page) }
        }
    }

    /// A page of the accounts that follow an account, in the order of their ids.
    package func followers(of followee: UserID, page: Page<UserID> = Page()) throws -> [FollowRecord] {
        try visible(to: followee, page, key: \.follower) { page in
            page.merge(try router.gather { try $0.followers(of: followee, page: page) }, key: \.follower)
        }
    }

    /// How many accounts follow an account, and how many it follows.
    package func counts(of id: UserID) throws -> (followers: Int, following: Int) {
        var followers = try router.gather { try $0.followerCount(of: id) }.reduce(0, +)
        var following = try router.read(id.slot) { try $0.followeeCount(of: id) }
        for other in try hidden(from: id) {
            if try edge(other, id) != nil { followers -= 1 }
            if try edge(id, other) != nil { following -= 1 }
        }
        return (followers, following)
    }

    /// The whole piece of a list without those that the account does not see.
    private func visible(
        to id: UserID, _ page: Page<UserID>, key: (FollowRecord) -> UserID,
        _ read: (Page<UserID>) throws -> [FollowRecord]
    ) throws -> [FollowRecord] {
        let hidden = try hidden(from: id)
        if hidden.isEmpty { return try read(page) }
        var left = page
        var found: [FollowRecord] = []
        while true {
            let edges = try read(left)
            let kept = edges.filter { !hidden.contains(key($0)) }
            found = page.takesEnd ? kept + found : found + kept
            guard edges.count == left.limit, let first = edges.first, let last = edges.last, kept.count < left.limit
            else { return page.cut(found) }
            if page.takesEnd { left.before = key(first) } else { left.after = key(last) }
            left.limit -= kept.count
        }
    }

    /// Adds many edges between accounts that exist, in the order of follower and followee: how many are new.
    ///
    /// - Parameters:
    ///   - edges: pairs of follower and followee, in any order; repetitions count once.
    ///   - batchRows: how many edges share a transaction.
    package func add(_ edges: [(follower: UserID, followee: UserID)], batchRows: Int) throws -> Int {
        let since = context.clock.now
        context.observer?.begin("importing follows", total: edges.count)
        defer { context.observer?.end() }
        let edges = edges.sorted { $0.follower == $1.follower ? $0.followee < $1.followee : $0.follower < $1.follower }
        var added = 0
        try router.write(edges, batchRows: batchRows, accounts: .names, slot: \.follower.slot) { writer, part in
            var count = 0
            var start = part.startIndex
            while start < part.endIndex {
                let follower = part[start].follower
                var end = start
                while end < part.endIndex, part[end].follower == follower { end += 1 }
                count += try writer.importFollows(of: follower, part[start..<end].map(\.followee), since: since)
                start = end
            }
            return count
        } committed: { count, part in
            added += count
            context.observer?.advance(by: part.count)
        }
        return added
    }
}

/// An error of the graph room.
package struct GraphError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case followsItself = "follows_itself"
        case concernsItself = "concerns_itself"
        case blocked = "blocked"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
