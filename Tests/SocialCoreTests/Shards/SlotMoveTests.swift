// Slots that move while everybody goes on: against the models of a world, and one property after the other.

import TestKit
import Testing

@testable import SocialCore

@Suite("Slots that move")
struct SlotMoveTests {
    @Test("Nothing is lost, doubled or shown wrongly, wherever a move is stopped", arguments: Placement.allCases)
    func interleavings(placement: Placement) throws {
        let seed = Chance("moves by \(placement)").seed
        for shards in [1, 3] {
            let world = try FeedWorld(shards: shards, placement: placement, chance: Chance(seed: seed))
            world.leavesHalfDone = true
            let mover = SlotMover(world, seed: seed &+ UInt64(shards))
            for _ in 0..<5 { try world.createAccount() }
            for step in 0..<TestRun.times(60, usually: 30) {
                try turn(world, mover, "\(shards) shards, step \(step), seed \(seed)")
            }
            try mover.finish()
            try world.reopen()
            try world.expectAllFeeds("at the end, seed \(seed)")
            #expect(try world.network.verification.run() == [], "seed \(seed)")
            try world.expectSound()
            print("    \(mover.begun) moves, \(mover.stopped) stopped, \(mover.slots) slots")
        }
    }

    private func turn(_ world: FeedWorld, _ mover: SlotMover, _ note: String) throws {
        try mover.turn()
        switch world.chance.below(16) {
        case 0: try world.regenerate()
        case 1: try world.regenerate(isFull: true)
        case 2: try world.reopen()
        case 3:
            world.network.router.beginGroup()
            for _ in 0..<world.chance.below(8) { try world.change() }
            try world.expectFeeds(of: 1, "\(note), in a group")
            try world.network.router.endGroup()
        case 4...7: try world.network.publish()
        default: for _ in 0...world.chance.below(4) { try world.change() }
        }
        try world.expectFeeds(note)
        try world.expectProfile(in: world.network, note)
        try world.expectWatched(note)
        try world.expectGraph(note)
        if world.chance.isOne(in: 8) { #expect(try world.network.verification.run() == [], "\(note)") }
        if world.chance.isOne(in: 8) { try world.expectVerified(note) }
    }
}
