// Long random use with every kind of fault: for any state, what is read from the cache ≡ pulled from the truth ≡
// generated afresh ≡ the naive definition. A short run by default; `make soak` does a million operations.
//
// The run is a series of lives, each a network of its own with a seed of its own, so that a difference is found again
// by running its life alone: `SOCIAL_TEST_SEED` begins with the life of that seed.

import TestKit
import Testing

@testable import SocialCore

@Suite("Feeds under long random use")
struct FeedSoakTests {
    private static let operations = TestRun.times(1_000, usually: 500)

    @Test("Cache, pull, regeneration and definition agree, whatever happens", arguments: Placement.allCases)
    func soak(placement: Placement) throws {
        let first = Chance("soak by \(placement)")
        var (done, lives, checks) = (0, 0, 0)
        while done < FeedSoakTests.operations {
            let seed = lives == 0 ? first.seed : Mixing.finalize(first.seed &+ UInt64(lives))
            var life = try FeedLife(placement, seed: seed)
            // One life in sixteen is so long that logs are trimmed.
            let length = lives % 16 == 15 ? 16_000 : 1_000
            let isFine = life.live(min(length, FeedSoakTests.operations - done))
            done += life.operations
            checks += life.checks
            lives += 1
            if !isFine { break }
        }
        print("    \(done) operations in \(lives) lives, \(checks) feeds compared, posts by \(placement)")
        #expect(done >= FeedSoakTests.operations)
    }
}

/// One life of a network.
private struct FeedLife {
    private let world: FeedWorld
    private let placement: Placement
    private let seed: UInt64
    /// What was done last, for a report.
    private var past: [String] = []
    private(set) var operations = 0
    var checks: Int { world.checks }

    init(_ placement: Placement, seed: UInt64) throws {
        let chance = Chance(seed: seed)
        let shards = [1, 1, 2, 4][chance.below(4)]
        self.placement = placement
        self.seed = seed
        world = try FeedWorld(
            shards: shards, placement: placement, chance: chance, hasTwin: false, losesPower: true)
        world.leavesHalfDone = true
        for _ in 0..<5 { try world.createAccount() }
    }

    /// Does a number of operations, and looks after many of them; false when anything was wrong.
    mutating func live(_ count: Int) -> Bool {
        do {
            while operations < count {
                let before = world.changes
                past.append(try world.turn())
                if past.count > 12 { past.removeFirst() }
                operations += max(1, world.changes - before)
                try look()
            }
            try world.expectAllFeeds("at the end")
            try world.regenerate()
            try world.expectVerified("at the end")
            try world.regenerate(isFull: true)
            try world.expectAllFeeds("generated afresh at the end")
            try world.expectVerified("generated afresh at the end")
            #expect(try world.network.verification.run() == [], "seed \(seed)")
            return true
        } catch {
            Issue.record(
                """
                \(error) after \(operations) operations of the life with SOCIAL_TEST_SEED=\(seed), posts by \
                \(placement); before: \(past.joined(separator: "; "))
                """)
            return false
        }
    }

    private func look() throws {
        let chance = world.chance
        if chance.isOne(in: 4) { try world.expectFeeds(of: 1, "looking") }
        if chance.isOne(in: 4) { try world.expectWatched("looking") }
        if chance.isOne(in: 60) { try world.expectAllFeeds("looking at all") }
        if chance.isOne(in: 60) {
            let other = try Network(opening: world.directory.file("data"), context: world.context)
            try world.expectFeeds(of: 2, in: other, "looking from elsewhere")
            if chance.isOne(in: 2) { try other.publish() }
        }
        if chance.isOne(in: 40) { try world.expectVerified("looking") }
        if chance.isOne(in: 200) {
            try world.regenerate(isFull: true)
            try world.expectAllFeeds("generated afresh")
            try world.expectVerified("generated afresh")
            #expect(try world.network.verification.run() == [], "seed \(seed)")
        }
    }
}
