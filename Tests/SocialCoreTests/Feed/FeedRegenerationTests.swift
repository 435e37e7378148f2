// Regeneration at one moment: going on from where the last run ended gives the same records as building all afresh.

import TestKit
import Testing

@testable import SocialCore

@Suite("Regeneration")
struct FeedRegenerationTests {
    @Test("A run that goes on leaves, record for record, what a full one makes at the same time", arguments: [5, 40])
    func incremental(capacity: Int) throws {
        let path = try TemporaryDirectory()
        let context = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 3)), lockWaitMilliseconds: 0)
        try Network.create(path.file("data"), .init(shards: 2), context: context)
        let network = try Network(opening: path.file("data"), context: context)
        _ = try network.set("feed.capacity", to: "\(capacity)")
        let chance = Chance(seed: UInt64(capacity))
        let people = try (0..<60).map { try network.accounts.create(AccountDraft(handle: Handle("u\($0)"))).value }
        func follow(times: Int) throws {
            for _ in 0..<times {
                let (one, other) = (people[chance.below(60)], people[chance.below(60)])
                if one.id != other.id { _ = try network.graph.follow(one, other) }
            }
        }
        func post(times: Int) throws {
            for number in 0..<times { _ = try network.posts.create(by: people[chance.below(60)], text: "\(number)") }
        }
        try follow(times: 400)
        try post(times: 300)
        #expect(try network.feeds.regenerate(nil, .init(isFull: true)).rebuiltShards == 2)

        try post(times: 20)
        let summary = try network.feeds.regenerate()
        #expect(summary.rebuiltShards == 0 && summary.entries == 2 * 20 && summary.deliveries > 20)
        let kept = try people.map { try network.feeds.cachedRecord(of: $0.id) }
        #expect(try network.feeds.regenerate(nil, .init(isFull: true)).rebuiltShards == 2)
        for (person, record) in zip(people, kept) {
            #expect(try network.feeds.cachedRecord(of: person.id) == record)
        }
    }
}
