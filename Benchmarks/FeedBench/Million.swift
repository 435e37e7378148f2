// A million accounts: what one operation costs, whatever the graph. A post by an author of each size of audience, with
// its fan-out; a page, a pull and a sign-in, by readers drawn by chance.

import Formats
import SocialCore

// Usage: million DIRECTORY [--operations 2000]
enum Million {
    static func run(_ run: Run) throws {
        let network = try run.open()
        let accounts = try network.router.gather { try $0.accountIDs() }.joined().sorted()
        guard !accounts.isEmpty else { throw Wrong("there is no account") }
        var chance = run.chance
        let count = run.number("operations", 2_000)
        let drawn = (0..<count).map { _ in accounts[chance.below(accounts.count)] }
        let records = try network.accounts.records(of: drawn).compactMap { $0 }
        var (pages, posts, signIns) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
        for reader in drawn { _ = try network.feeds.page(for: reader, limit: 20) }
        for reader in drawn { _ = try pages.time { try network.feeds.page(for: reader, limit: 20) } }
        var deliveries = 0
        for author in records {
            try posts.time {
                _ = try network.posts.create(by: author, text: "to whom it may concern")
                try network.publish()
            }
            deliveries += try network.router.gather { try $0.followerCount(of: author.id) }.reduce(0, +)
        }
        for account in records.prefix(500) {
            try signIns.time {
                _ = try network.accounts.signIn(account.handle)
                try network.publish()
            }
        }
        run.say("page, any reader", pages, [("accounts", .count(accounts.count))])
        run.say("durable post with fan-out, any author", posts, [("deliveries", .count(deliveries))])
        run.say("sign-in", signIns)
    }
}
