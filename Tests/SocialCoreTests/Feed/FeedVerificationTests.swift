// What a verification looks at, and what it says after a repair.

import TestKit
import Testing

@testable import SocialCore

@Suite("A verification of feeds")
struct FeedVerificationTests {
    private let world: FeedWorld

    init() throws {
        world = try FeedWorld(shards: 3, placement: .user, chance: Chance("verification"))
        for _ in 0..<12 { try world.createAccount() }
        for _ in 0..<80 { try world.change() }
        try world.regenerate()
    }

    /// Puts a post that never was into the feeds of some readers.
    private func spoil(_ readers: some Sequence<UserID>) throws {
        for reader in readers {
            let shard = world.network.router.shard(of: reader.slot)
            let cache = try #require(world.network.feeds.caches.cache(of: shard, writable: true))
            #expect(try cache.insert(PostID(rawValue: .max - 1), for: reader) == .done)
        }
    }

    private var everyone: [UserID] { world.model.accounts.map(\.id).sorted() }

    @Test("An account that is named twice is looked at once")
    func twice() throws {
        let reader = try #require(everyone.last)
        try spoil([reader])
        let verdict = try world.network.feeds.verify([reader, everyone[0], reader])
        #expect(verdict.checked == 2 && verdict.differences.map(\.reader) == [reader])
        #expect(verdict.isBad)
    }

    @Test("All that differs is told in the order of the accounts, and repaired")
    func repair() throws {
        let spoilt = everyone.enumerated().filter { $0.offset % 3 != 1 }.map(\.element)
        try spoil(spoilt)
        let found = try world.network.feeds.verify()
        #expect(found.differences.map(\.reader) == spoilt && found.repaired == 0 && found.isBad)
        let repaired = try world.network.feeds.verify(repair: true)
        #expect(repaired.differences == found.differences && repaired.repaired == spoilt.count && !repaired.isBad)
        let after = try world.network.feeds.verify()
        #expect(after.differences.isEmpty && after.checked == everyone.count && !after.isBad)
        try world.expectAllFeeds("repaired")
    }

    @Test("A sample is drawn from everyone, each account once, and again by the same seed")
    func sample() throws {
        try spoil(everyone)
        func draw(_ count: Int, seed: UInt64) throws -> [UserID] {
            world.network.context.random = .seeded(SeededGenerator(seed: seed))
            let verdict = try world.network.feeds.verify(sampleOf: count)
            #expect(verdict.checked == min(count, everyone.count))
            return verdict.differences.map(\.reader)
        }
        var drawn: Set<UserID> = []
        var samples: Set<[UserID]> = []
        for seed in 0..<40 as Range<UInt64> {
            let sample = try draw(3, seed: seed)
            #expect(Set(sample).count == 3)
            drawn.formUnion(sample)
            samples.insert(sample)
        }
        #expect(drawn == Set(everyone) && samples.count > 20)
        #expect(try draw(3, seed: 9) == draw(3, seed: 9))
        #expect(try draw(1_000, seed: 1) == everyone)
    }
}
