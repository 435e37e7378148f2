// What a simulation counts with: who was active when, who follows whom and how much each account posts, read in one
// pass over each table and kept in dense numbers. An edge takes 4 bytes, an account 16 and 4 for each period in which
// its posts are counted.

/// The accounts, follows and posts of a network, counted.
struct FeedCensus {
    /// The ids of the accounts, in order; an account's place is its number.
    private(set) var ids: [UserID] = []
    /// When each was last active.
    private(set) var activeAt: [Timestamp] = []
    /// How many accounts follow each.
    private(set) var followers: [UInt32] = []
    /// How many posts of each are not older than a time before now, by that time in milliseconds.
    private(set) var posts: [Int64: [UInt32]] = [:]
    /// The accounts that follow others, in the order in which they were read, and where the list of each ends.
    private(set) var readers: [(number: UInt32, end: Int)] = []
    /// Whom those follow and do not mute.
    private(set) var authors: [UInt32] = []

    /// Counts what all shards hold.
    ///
    /// - Parameter periods: how far back posts are counted, in milliseconds, each for itself.
    init(_ router: Router, periods: Set<Int64>, at now: Timestamp) throws {
        self = try router.still {
            var census = FeedCensus()
            try census.readAccounts(router)
            try census.readPosts(router, periods, now)
            try census.readFollows(router)
            return census
        }
    }

    private init() {}

    /// Calls a closure for everyone who follows anyone, with those whose posts come into the feed.
    func forEachReader(_ visit: (Int, ArraySlice<UInt32>) -> Void) {
        var start = 0
        for reader in readers {
            visit(Int(reader.number), authors[start..<reader.end])
            start = reader.end
        }
    }

    private mutating func readAccounts(_ router: Router) throws {
        var accounts: [(id: UserID, activeAt: Timestamp)] = []
        for shard in router.shards {
            try router.read(shard: shard) { store in
                var page = Page<String>(limit: Limits.pageRows)
                var count: Int
                repeat {
                    let records = try store.accounts(prefix: "", page: page)
                    accounts += records.map { ($0.id, $0.activeAt) }
                    page.after = records.last?.handle.key
                    count = records.count
                } while count == page.limit
            }
        }
        accounts.sort { $0.id < $1.id }
        ids = accounts.map(\.id)
        activeAt = accounts.map(\.activeAt)
        followers = Array(repeating: 0, count: ids.count)
    }

    private mutating func readPosts(_ router: Router, _ periods: Set<Int64>, _ now: Timestamp) throws {
        let periods = periods.sorted(by: >)
        guard let longest = periods.first else { return }
        let floors = periods.map { FeedRules.floor($0, before: now) }
        var counts = periods.map { _ in Array(repeating: UInt32(0), count: ids.count) }
        let range = FeedRules.floor(longest, before: now)...PostID(rawValue: .max)
        for shard in router.shards {
            try router.read(shard: shard) { store in
                var last: (author: UserID, number: Int?) = (UserID(rawValue: 0), nil)
                try store.forEachPost(in: range) { author, post in
                    if author != last.author { last = (author, number(of: author)) }
                    guard let number = last.number else { return }
                    for index in floors.indices where post >= floors[index] { counts[index][number] += 1 }
                }
            }
        }
        posts = Dictionary(uniqueKeysWithValues: zip(periods, counts))
    }

    private mutating func readFollows(_ router: Router) throws {
        for shard in router.shards {
            try router.read(shard: shard) { store in
                var muted: [UserID: Set<UserID>] = [:]
                try store.forEachRelation(.mute) { mute in
                    muted[mute.actor, default: []].insert(UserID(rawValue: mute.target.rawValue))
                }
                var reader: (id: UserID, number: Int?) = (UserID(rawValue: 0), nil)
                var last = 0
                try store.forEachFollow { edge in
                    if edge.follower != reader.id {
                        endReader(reader.number)
                        reader = (edge.follower, number(of: edge.follower))
                        last = 0
                    }
                    // Of those whom an account follows each comes behind the one before.
                    guard reader.number != nil, let author = number(of: edge.followee, from: last) else { return }
                    last = author
                    followers[author] += 1
                    if !muted.isEmpty, muted[edge.follower]?.contains(edge.followee) == true { return }
                    authors.append(UInt32(author))
                }
                endReader(reader.number)
            }
        }
    }

    private mutating func endReader(_ number: Int?) {
        if let number { readers.append((UInt32(number), authors.count)) }
    }

    /// The place of an account; nil when it is gone, or came after the accounts were read.
    private func number(of id: UserID, from start: Int = 0) -> Int? {
        var low = start
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id ? low : nil
    }
}
