// The hot read: a hydrated page of 20 from the cache, of readers drawn by chance among all who follow somebody.

import Formats
import SocialCore

// Usage: page DIRECTORY [--reads 20000] [--limit 20]
enum PageReads {
    static func run(_ run: Run) throws {
        let network = try run.open()
        let people = try Population(of: network)
        var chance = run.chance
        let limit = run.number("limit", 20)
        let count = run.number("reads", 20_000)
        let readers = people.followees.indices.filter { !people.followees[$0].isEmpty }
        guard !readers.isEmpty else { throw Wrong("nobody follows anybody") }
        try people.check(network, sample: 500, limit: limit, &chance)
        // As in a process that has been at work for a while.
        for reader in readers { _ = try network.feeds.page(for: people.accounts[reader], limit: limit) }
        let drawn = (0..<count + count / 10).map { _ in people.accounts[readers[chance.below(readers.count)]] }
        var times = LatencyHistogram()
        var items = 0
        for (number, reader) in drawn.enumerated() {
            let (took, page) = try Run.timed { try network.feeds.page(for: reader, limit: limit) }
            // The first tenth warms the pages of the database.
            guard number >= count / 10 else { continue }
            times.record(took)
            items += page.count
        }
        run.say("hydrated page", times, [("items", .count(items))])
    }
}
