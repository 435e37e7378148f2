// The oracle: for any state, what is read ≡ the definition ≡ pulled from the truth ≡ generated afresh, whichever way
// the caches were kept, on any number of shards.

import TestKit
import Testing

@testable import SocialCore

@Suite("Feeds agree with their definition")
struct FeedOracleTests {
    static let steps = TestRun.times(160, usually: 80)

    @Test("After any operations, on any number of shards", arguments: Placement.allCases)
    func oracle(placement: Placement) throws {
        let seed = Chance("oracle by \(placement)").seed
        let digests = try [1, 4].map { shards in
            let world = try FeedWorld(shards: shards, placement: placement, chance: Chance(seed: seed))
            world.leavesHalfDone = true
            for _ in 0..<5 { try world.createAccount() }
            for step in 0..<FeedOracleTests.steps { try turn(world, "\(shards) shards, step \(step)") }
            #expect(world.readsBehind > 0, "seed \(seed)")
            try world.reopen()
            try world.expectSound()
            return try Digest.of(world.network.router)
        }
        #expect(digests[0] == digests[1], "seed \(seed)")
    }

    private func turn(_ world: FeedWorld, _ note: String) throws {
        switch world.chance.below(24) {
        case 0: try world.regenerate()
        case 1: try world.regenerate(isFull: true)
        case 2: try world.regenerate(some(world))
        case 3, 4: try world.reopen()
        case 5:
            let hours = world.chance.isOne(in: 3) ? world.chance.below(96) : world.chance.below(8)
            world.now = world.now.advanced(byMilliseconds: Int64(hours) * 3_600_000)
            try world.reopen()
        case 6, 7:
            world.network.router.beginGroup()
            for _ in 0..<world.chance.below(12) { try world.change() }
            if world.chance.isOne(in: 2) { try world.network.router.flushGroup() }
            for _ in 0..<world.chance.below(4) { try world.change() }
            try world.expectFeeds(of: 1, "\(note), in a group")
            try world.expectProfile(in: world.network, "\(note), in a group")
            try world.network.router.endGroup()
        case 8...13: try world.network.publish()
        default: for _ in 0...world.chance.below(4) { try world.change() }
        }
        try world.expectFeeds(note)
        try world.expectProfile(in: world.network, note)
        try world.expectWatched(note)
        try world.expectGraph(note)
        if world.chance.isOne(in: 12) { #expect(try world.network.verification.run() == [], "\(note)") }
        if world.chance.isOne(in: 12) { try world.expectVerified(note) }
        if world.chance.isOne(in: 12) {
            let other = try Network(opening: world.directory.file("data"), context: world.context)
            try world.expectFeeds(in: other, "\(note), another process")
        }
    }

    private func some(_ world: FeedWorld) -> [UserID] {
        (0..<3).compactMap { _ in world.chance.one(of: world.model.accounts)?.id }
    }
}
