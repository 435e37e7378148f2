// Several processes on one directory: a cache that is behind is never read stale, an applier that is killed or
// overtaken at any change of a file leaves nothing wrong behind.

import TestKit
import Testing

@testable import SocialCore

@Suite("Feeds with several processes")
struct FeedConcurrencyTests {
    static let rounds = TestRun.times(25)

    @Test("A cache that is behind is not read", arguments: Placement.allCases)
    func behind(placement: Placement) throws {
        let world = try made("behind by \(placement)", placement)
        let other = try Network(opening: world.directory.file("data"), context: world.context)
        for round in 0..<FeedConcurrencyTests.rounds {
            for _ in 0..<world.chance.below(5) { try world.change() }
            try world.expectFeeds(in: other, "round \(round), the other, nothing published")
            if world.chance.isOne(in: 2) { try other.publish() }
            try world.expectFeeds("round \(round), published by the other")
            if world.chance.isOne(in: 4) { try world.regenerate(isFull: true, in: other) }
            try world.expectFeeds("round \(round)")
            try world.expectFeeds(in: other, "round \(round), the other")
        }
        try world.expectSound()
    }

    @Test("Changes that come in while events are applied are not lost", arguments: Placement.allCases)
    func overtaken(placement: Placement) throws {
        let world = try made("overtaken by \(placement)", placement)
        let tap = Interloper()
        tap.act = { if world.chance.isOne(in: 6) { try world.change() } }
        for round in 0..<FeedConcurrencyTests.rounds {
            for _ in 0..<8 { try world.change() }
            var context = world.context
            context.fileTap = tap
            let applier = try Network(opening: world.directory.file("data"), context: context)
            tap.isArmed = true
            switch world.chance.below(6) {
            case 0: try world.regenerate(isFull: true, in: applier)
            case 1: try world.regenerate(in: applier)
            default: try applier.publish()
            }
            tap.isArmed = false
            try world.expectFeeds("round \(round)")
            try world.expectFeeds(in: applier, "round \(round), the applier")
            try world.network.publish()
            try world.expectVerified("round \(round)")
            try world.expectAllFeeds("round \(round), published")
        }
        try world.expectSound()
    }

    @Test("An applier that ends at any change of a file leaves no wrong feed", arguments: Placement.allCases)
    func killed(placement: Placement) throws {
        let world = try made("killed by \(placement)", placement)
        let tap = Interloper()
        for round in 0..<FeedConcurrencyTests.rounds {
            for _ in 0..<6 { try world.change() }
            var left = world.chance.below(40)
            tap.act = {
                left -= 1
                if left < 0 { throw StorageError(.ioError, "the process ends here") }
            }
            var context = world.context
            context.fileTap = tap
            do {
                let applier = try Network(opening: world.directory.file("data"), context: context)
                tap.isArmed = true
                _ =
                    world.chance.isOne(in: 3)
                    ? try? world.regenerate(isFull: world.chance.isOne(in: 2), in: applier).rebuiltShards
                    : (try? applier.publish()).map { 0 }
                tap.isArmed = false
            }
            try world.reopen()
            try world.expectAllFeeds("round \(round), left behind")
            try world.network.publish()
            try world.expectAllFeeds("round \(round), published")
        }
        try world.expectSound()
    }

    @Test("A process that goes on reads all that was acknowledged before, while others post, delete and publish")
    func together() throws {
        let world = try SharedWorld("together")
        let (readings, behind) = try world.run(posts: TestRun.times(1_200))
        print("    \(readings) pages read meanwhile, \(behind) of them from a cache that was behind")
        #expect(readings > 10, "seed \(world.chance.seed)")
    }

    private func made(_ name: String, _ placement: Placement) throws -> FeedWorld {
        let world = try FeedWorld(shards: 2, placement: placement, chance: Chance(name))
        world.leavesHalfDone = true
        for _ in 0..<8 { try world.createAccount() }
        for _ in 0..<40 { try world.change() }
        try world.network.publish()
        return world
    }
}
