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
        let edge = FollowRecord(follower: follower.id, followee: followee.id, since: context.clock.now)
        return try router.write(follower.id.slot, accounts: .names) { try $0.follow(edge) }
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
    package func followees(of follower: UserID, after: UserID? = nil, limit: Int = .max) throws -> [FollowRecord] {
        try router.read(follower.slot) { try $0.followees(of: follower, after: after, limit: limit) }
    }

    /// A page of the accounts that follow an account, in the order of their ids.
    package func followers(of followee: UserID, after: UserID? = nil, limit: Int = .max) throws -> [FollowRecord] {
        let pages = try router.gather { try $0.followers(of: followee, after: after, limit: limit) }
        if pages.count == 1 { return pages[0] }
        return Array(pages.joined().sorted { $0.follower < $1.follower }.prefix(limit))
    }

    /// How many accounts follow an account, and how many it follows.
    package func counts(of id: UserID) throws -> (followers: Int, following: Int) {
        let followers = try router.gather { try $0.followerCount(of: id) }.reduce(0, +)
        return (followers, try router.read(id.slot) { try $0.followeeCount(of: id) })
    }

    /// Adds many edges between accounts that exist, in the order of follower and followee: how many are new.
    ///
    /// - Parameter edges: pairs of follower and followee, in any order; repetitions count once.
    package func add(_ edges: [(follower: UserID, followee: UserID)]) throws -> Int {
        let since = context.clock.now
        context.observer?.begin("importing follows", total: edges.count)
        defer { context.observer?.end() }
        var added = 0
        for shard in router.shards {
            var mine = router.shards.count == 1 ? edges : edges.filter { router.shard(of: $0.follower.slot) == shard }
            mine.sort { $0.follower == $1.follower ? $0.followee < $1.followee : $0.follower < $1.follower }
            var start = 0
            while start < mine.count {
                let first = start
                added += try router.write(mine[first].follower.slot, accounts: .names) { writer in
                    var count = 0
                    var written = 0
                    start = first  // The router may run this again with a fresh slot map.
                    while start < mine.count, written < Limits.importBatchRows * 4 {
                        let follower = mine[start].follower
                        var end = start
                        while end < mine.count, mine[end].follower == follower { end += 1 }
                        count += try writer.importFollows(
                            of: follower, mine[start..<end].map(\.followee), since: since)
                        context.observer?.advance(by: end - start)
                        written += end - start
                        start = end
                    }
                    return count
                }
            }
        }
        return added
    }
}

/// An error of the graph room.
package struct GraphError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case followsItself = "follows_itself"
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
