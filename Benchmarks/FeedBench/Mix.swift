// The mix of the DeathStarBench social network: 60 % pages of the home feed, 30 % pages of a profile, 10 % posts, by
// accounts drawn evenly. Posts wait for up to four milliseconds for others to share their commit; one counts as done
// when it is durable and in the feeds of its followers. They are written between the reads, or by a thread of their own
// with a network of its own, as a server would. Before the time begins everybody's two pages are read once, so that
// what is measured is a process that has been at work for a while.

import Formats
import SocialCore

// Usage: mix DIRECTORY [--seconds 10] [--limit 20] [--warm 1] [--writer-thread 0] [--wait-us 4000]
enum Mix {
    static func run(_ run: Run) throws {
        let network = try run.open()
        let accounts = try network.router.gather { try $0.accountIDs() }.joined().sorted()
        // So many that no cache holds them all, and few enough to be held here.
        var chance = run.chance
        let drawn = accounts.shuffled(using: &chance).prefix(100_000)
        let people = try network.accounts.records(of: Array(drawn)).compactMap { $0 }
        let before = try network.router.gather { try $0.postCount() }.reduce(0, +)
        let limit = run.number("limit", 20)
        var (home, profile, all) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
        var items = 0
        let posting = try Posting(run, ownThread: run.number("writer-thread", 0) != 0, inline: network)
        func turn(isTimed: Bool) throws {
            let dice = chance.below(10)
            let person = people[chance.below(people.count)]
            if dice == 9 {
                try posting.add(person)
            } else {
                let (took, count) = try Run.timed {
                    dice < 6
                        ? try network.feeds.page(for: person.id, limit: limit).count
                        : try network.posts.profile(of: person.id, limit: limit).count
                }
                guard isTimed else { return }
                items += count
                all.record(took)
                if dice < 6 { home.record(took) } else { profile.record(took) }
            }
            try posting.turn()
        }
        if run.number("warm", 1) != 0 {
            for person in people {
                _ = try network.feeds.page(for: person.id, limit: limit)
                _ = try network.posts.profile(of: person.id, limit: limit)
            }
        }
        for _ in 0..<2_000 { try turn(isTimed: false) }
        try posting.reset()
        let start = Run.now
        let end = start + run.number("seconds", 10) * 1_000_000_000
        while Run.now < end { try turn(isTimed: true) }
        try posting.drain()
        let took = Run.now - start
        let (posts, groups) = posting.results
        let operations = all.count + posts.count
        run.say(
            "60/30/10 mix",
            [
                ("operations_per_s", .rate(operations, in: took)),
                ("posts_before", .count(before)), ("posts_made", .count(posts.count)),
                ("groups", .count(groups)), ("items_per_read", .ratio(items, to: all.count)),
                ("accounts", .count(accounts.count)),
            ])
        run.say("home read", home)
        run.say("profile read", profile)
        run.say("post, acknowledged", posts)
        try check(network, accounts, before + posting.made, limit, &chance)
    }

    /// Everything that was acknowledged is there, and feeds are what they should be.
    private static func check(
        _ network: Network, _ accounts: [UserID], _ expected: Int, _ limit: Int, _ chance: inout SplitMix
    ) throws {
        let found = try network.router.gather { try $0.postCount() }.reduce(0, +)
        guard found == expected else { throw Wrong("\(found) posts are there, and not \(expected)") }
        for _ in 0..<100 {
            let reader = accounts[chance.below(accounts.count)]
            let read = try network.feeds.page(for: reader, limit: limit).map(\.post.id)
            guard read == (try plainFeed(network, reader, limit: limit)) else {
                throw Wrong("the feed of \(reader) is not what it should be")
            }
        }
    }

    /// A feed by definition, in the plainest way.
    static func plainFeed(_ network: Network, _ reader: UserID, limit: Int) throws -> [PostID] {
        let followees = try network.router.read(reader.slot) { try $0.followeeIDs(of: reader) }
        var all: [PostID] = []
        for author in followees { all += try network.posts.newest(by: author, in: .all, limit: limit) }
        return Array(all.sorted(by: >).prefix(limit))
    }
}
