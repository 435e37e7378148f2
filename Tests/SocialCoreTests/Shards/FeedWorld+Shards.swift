// A world whose slots move while it lives: shards come and go, some moves are stopped anywhere, and somebody goes on.

import TestKit
import Testing

@testable import SocialCore

/// A move that was stopped, as by a kill.
private struct Stopped: Error {}

/// Moves slots of a world, by a chance of its own, so that what people do does not depend on it.
final class SlotMover {
    private let world: FeedWorld
    private let chance: Chance
    /// How many moves were begun, stopped and gone on with, and how many slots moved in one go.
    private(set) var begun = 0
    private(set) var stopped = 0
    private(set) var slots = 0

    init(_ world: FeedWorld, seed: UInt64) {
        self.world = world
        chance = Chance(seed: seed ^ 0x5107)
    }

    /// Now and then moves slots, in this process or another, and now and then is stopped.
    func turn() throws {
        guard chance.isOne(in: 4) else { return }
        var context = world.context
        context.random = chance.source
        let network =
            chance.isOne(in: 2)
            ? world.network : try Network(opening: world.directory.file("data"), context: context)
        network.context = context
        defer {
            network.beforeMoveStep = {}
            network.context = world.context
        }
        if chance.isOne(in: 2) {
            var left = chance.below(chance.isOne(in: 2) ? 14 : 60)
            network.beforeMoveStep = {
                left -= 1
                if left < 0 { throw Stopped() }
            }
        }
        begun += 1
        // Whoever has moved slots brings feeds up to date, and before that ends what was left half done.
        try world.settleModels()
        _ = try network.effects.settleAll()
        do { try move(network) } catch is Stopped { stopped += 1 }
    }

    private func move(_ network: Network) throws {
        let shards = network.router.shards
        switch chance.below(10) {
        case 0, 1:
            if shards.count < 5 { slots += try network.addShard(weight: 1 + chance.below(2), in: nil).summary.slots }
        case 2: if shards.count > 1, let one = chance.one(of: shards) { try remove(one, network) }
        case 3: slots += try network.rebalance([]).slots
        case 4:
            guard let one = chance.one(of: shards) else { return }
            slots += try network.rebalance([(one, 1 + chance.below(3))]).slots
        default:
            guard let one = chance.one(of: shards) else { return }
            // Where something lies: the slots of accounts, of their handles and of posts.
            let places = world.model.accounts.flatMap { [$0.id.slot, Slot(of: $0.handle)] } + world.recent.map(\.slot)
            let some = (0...chance.below(6)).compactMap { _ in chance.one(of: places) }
            slots += try network.moveSlots(some, to: one).slots
        }
    }

    private func remove(_ shard: Int, _ network: Network) throws {
        do { slots += try network.removeShard(shard).slots } catch let error as ShardsError {
            // Removals of the others were stopped before, and so none has a weight.
            let others = network.router.map.current.shards.filter { $0.number != shard }
            #expect(error.code == .lastShard && others.allSatisfy { $0.weight == 0 })
        }
    }

    /// Ends what was left half done.
    func finish() throws {
        let network = try Network(opening: world.directory.file("data"), context: world.context)
        try world.settleModels()
        _ = try network.effects.settleAll()
        _ = try network.rebalance([])
        #expect(try network.moves.unfinished() == [])
        #expect(try network.verification.places(moves: network.moves) == [])
    }
}
