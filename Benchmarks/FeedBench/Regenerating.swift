// Regeneration: all feeds afresh; then one author in a hundred posts, and all feeds are brought up to date and compared,
// record for record, with feeds that are built afresh from the same state.

import Formats
import SocialCore

// Usage: regenerate DIRECTORY [--runs 3]
enum Regenerating {
    static func run(_ run: Run) throws {
        let runs = run.number("runs", 3)
        var full: [Int] = []
        for _ in 0..<runs {
            let network = try run.open()
            full.append(try Run.timed { try network.feeds.regenerate(nil, .init(isFull: true)) }.nanoseconds)
        }
        run.say("regenerate, full", [("seconds", .seconds(full.min() ?? 0)), ("runs", .count(runs))])

        var after: [Int] = []
        var deliveries = 0
        var authors = 0
        for _ in 0..<runs {
            (deliveries, authors) = try post(run)
            let network = try run.open()
            after.append(try Run.timed { try network.feeds.regenerate() }.nanoseconds)
        }
        run.say(
            "regenerate after 1 % of authors posted",
            [
                ("seconds", .seconds(after.min() ?? 0)), ("authors", .count(authors)),
                ("deliveries", .count(deliveries)),
                ("share_of_full", .ratio(after.min() ?? 0, to: full.min() ?? 0)),
            ])
        try compare(run)
    }

    /// Lets one author in a hundred post, without telling the caches.
    private static func post(_ run: Run) throws -> (deliveries: Int, authors: Int) {
        let network = try run.open()
        let accounts = try network.router.gather { try $0.accountIDs() }.joined().sorted()
        let records = try network.accounts.records(
            of: stride(from: 0, to: accounts.count, by: 100).map { accounts[$0] }
        ).compactMap { $0 }
        network.router.beginGroup()
        for author in records { _ = try network.posts.create(by: author, text: "news of the hundredth") }
        try network.router.endGroup()
        let deliveries = try records.reduce(0) { sum, author in
            sum + (try network.router.gather { try $0.followerCount(of: author.id) }.reduce(0, +))
        }
        return (deliveries, records.count)
    }

    /// Compares what incremental regenerations have left with what a full one makes of the same state at the same time.
    private static func compare(_ run: Run) throws {
        let now = TimeSource.system.now
        let network = try run.open(at: now)
        let accounts = try network.router.gather { try $0.accountIDs() }.joined().sorted()
        let kept = try accounts.map { try network.feeds.cachedRecord(of: $0) }
        _ = try network.feeds.regenerate(nil, .init(isFull: true))
        var (ids, bounds) = (0, 0)
        for (reader, before) in zip(accounts, kept) {
            let after = try network.feeds.cachedRecord(of: reader)
            if before?.entries != after?.entries { ids += 1 }
            if before?.coveredFrom != after?.coveredFrom { bounds += 1 }
        }
        run.say(
            "incremental against full",
            [
                ("feeds", .count(accounts.count)), ("feeds_with_other_ids", .count(ids)),
                ("feeds_with_other_bounds", .count(bounds)),
            ])
    }
}
