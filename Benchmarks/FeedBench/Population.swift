// What a scenario must know of a network to choose whom to ask and to check the answers: everything, read from the rows
// of the truth and merged in the plainest way. It shares nothing with the feeds but the store that it reads.

import SocialCore

/// The accounts, edges and posts of a network.
struct Population {
    /// All accounts, in order.
    let accounts: [UserID]
    /// Whom each account follows, by its place in `accounts`.
    private(set) var followees: [[Int32]]
    /// How many follow each account.
    private(set) var followerCounts: [Int32]
    /// The posts of each account, oldest first.
    private(set) var posts: [[PostID]]
    private let places: [UserID: Int32]

    /// Reads a network.
    init(of network: Network) throws {
        let accounts = try network.router.gather { try $0.accountIDs() }.joined().sorted()
        var places: [UserID: Int32] = [:]
        places.reserveCapacity(accounts.count)
        for (place, id) in accounts.enumerated() { places[id] = Int32(place) }
        var followees = [[Int32]](repeating: [], count: accounts.count)
        var followerCounts = [Int32](repeating: 0, count: accounts.count)
        var posts = [[PostID]](repeating: [], count: accounts.count)
        let all = ClosedRange<PostID>.all
        _ = try network.router.gather { reader in
            try reader.forEachFollow { edge in
                guard let follower = places[edge.follower], let followee = places[edge.followee] else { return }
                followees[Int(follower)].append(followee)
                followerCounts[Int(followee)] += 1
            }
            try reader.forEachPost(in: all) { author, id in
                if let place = places[author] { posts[Int(place)].append(id) }
            }
        }
        for place in posts.indices where !isAscending(posts[place]) { posts[place].sort() }
        (self.accounts, self.places, self.followees) = (accounts, places, followees)
        (self.followerCounts, self.posts) = (followerCounts, posts)
    }

    /// The feed of an account by definition, newest first: the newest posts of those followed.
    func feed(_ reader: Int, limit: Int, below bound: PostID = PostID(rawValue: .max)) -> [PostID] {
        var all: [PostID] = []
        for author in followees[reader] {
            let own = posts[Int(author)]
            all += bound.rawValue == .max ? own.suffix(limit) : own.filter { $0 < bound }.suffix(limit)
        }
        all.sort(by: >)
        return Array(all.prefix(limit))
    }

    /// How many posts a full fan-out brings to followers.
    var deliveries: Int { zip(posts, followerCounts).reduce(0) { $0 + $1.0.count * Int($1.1) } }

    /// The place of the account that follows most.
    var heaviestReader: Int { followees.indices.max { followees[$0].count < followees[$1].count } ?? 0 }

    /// The place of the account with the fewest followees of all that follow so many.
    func reader(following count: Int) -> Int? {
        followees.indices.filter { followees[$0].count >= count }.min { followees[$0].count < followees[$1].count }
    }

    /// Notes a post that was made since.
    mutating func note(_ post: PostID, by author: Int) { posts[author].append(post) }
}

private func isAscending(_ ids: [PostID]) -> Bool { zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 } }

extension Population {
    /// Compares what is read of some feeds with the definition.
    ///
    /// - Parameter sample: how many readers, drawn by chance.
    func check(_ network: Network, sample: Int, limit: Int, _ chance: inout SplitMix) throws {
        for _ in 0..<min(sample, accounts.count) {
            let reader = chance.below(accounts.count)
            let read = try network.feeds.page(for: accounts[reader], limit: limit).map(\.post.id)
            guard read == feed(reader, limit: limit) else {
                throw Wrong("the feed of \(accounts[reader]) is not what it should be")
            }
        }
    }

    /// Compares all cached records with the definition.
    ///
    /// - Returns: how many ids they hold.
    func checkRecords(_ network: Network, capacity: Int) throws -> (entries: Int, full: Int) {
        var (entries, full) = (0, 0)
        let feeds = network.feeds
        for reader in accounts.indices {
            guard let record = try feeds.cachedRecord(of: accounts[reader]) else {
                throw Wrong("the feed of \(accounts[reader]) is not cached")
            }
            guard Array(record.entries.reversed()) == feed(reader, limit: capacity) else {
                throw Wrong("the cached feed of \(accounts[reader]) is not what it should be")
            }
            entries += record.entries.count
            if record.entries.count == capacity { full += 1 }
        }
        return (entries, full)
    }
}
