// The pull: a page of 20 with no cache at all, merged from the posts of all who are followed; for the reader who follows
// most, and for readers drawn by chance. The directory comes without caches.

import Formats
import SocialCore

// Usage: pull DIRECTORY [--reads 2000] [--heavy-reads 200]
enum PullReads {
    static func run(_ run: Run) throws {
        let network = try run.open()
        let people = try Population(of: network)
        var chance = run.chance
        let heaviest = people.heaviestReader
        guard try network.feeds.cachedRecord(of: people.accounts[heaviest]) == nil else {
            throw Wrong("there are caches, so nothing would be pulled")
        }
        try people.check(network, sample: 200, limit: 20, &chance)
        func measure(_ figure: String, _ count: Int, follows: Int? = nil, _ reader: () -> UserID) throws {
            var times = LatencyHistogram()
            for number in 0..<count + 10 {
                let reader = reader()
                let (took, page) = try Run.timed { try network.feeds.page(for: reader, limit: 20) }
                if number >= 10 { times.record(took) }
                if follows != nil, page.count != 20 { throw Wrong("a page is not full") }
            }
            run.say(figure, times, follows.map { [("follows", .count($0))] } ?? [])
        }
        try measure("pull 20", run.number("reads", 2_000)) { people.accounts[chance.below(people.accounts.count)] }
        try measure(
            "pull 20, heaviest reader", run.number("heavy-reads", 200), follows: people.followees[heaviest].count
        ) { people.accounts[heaviest] }
    }
}
