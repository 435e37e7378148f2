// Batch fan-out: from the follow table to every follower's feed, durable. The directory has posts that no cache has
// seen: with empty feeds in its caches they are pushed, and with no caches the feeds are built from the truth.

import Formats
import SocialCore

// Usage: fanout DIRECTORY [--capacity 800] [--check 1]
enum FanOut {
    static func run(_ run: Run) throws {
        // The caches are opened, filled and synced within the time; a fresh process pays all of it.
        let (took, work) = try Run.timed { () -> (Network, Feeds.Summary) in
            let network = try run.open()
            return (network, try network.feeds.regenerate())
        }
        let (network, summary) = work
        let peak = Run.peakKibibytes / 1_024
        let capacity = run.number("capacity", 800)
        let people = try Population(of: network)
        let deliveries = people.deliveries
        var found: (entries: Int, full: Int)?
        if run.number("check", 1) != 0 { found = try people.checkRecords(network, capacity: capacity) }
        var chance = run.chance
        try people.check(network, sample: 200, limit: 40, &chance)
        let bytes = try network.feeds.status().reduce(0) { $0 + $1.bytes }
        run.say(
            "batch fan-out",
            [
                ("deliveries", .count(deliveries)), ("seconds", .seconds(took)),
                ("deliveries_per_s", .rate(deliveries, in: took)),
                ("mebibytes", .count(peak)), ("log_entries", .count(summary.entries)),
                ("rebuilt_shards", .count(summary.rebuiltShards)), ("accounts", .count(people.accounts.count)),
            ])
        guard let found else { return }
        run.say(
            "bytes an entry",
            [
                ("entries", .count(found.entries)), ("full_feeds", .count(found.full)),
                ("bytes", .count(bytes)),
                ("bytes_per_entry", .ratio(bytes, to: found.entries)),
            ])
    }
}
