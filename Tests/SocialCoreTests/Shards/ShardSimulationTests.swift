// The made-up network and what is counted of it: against floating point, against hand counts, and against what the
// strategies are known for.

import Glibc
import TestKit
import Testing

@testable import SocialCore

@Suite("A simulation of shards")
struct ShardSimulationTests {
    private func costs(_ simulation: ShardSimulation, _ placement: Placement) -> [ShardStrategy: ShardCost] {
        var costs: [ShardStrategy: ShardCost] = [:]
        simulation.forEachCost(placement) { costs[$0.strategy] = $0 }
        return costs
    }

    // MARK: The network

    @Test("Zipf's law in integers is that of floating point", arguments: [0, 500, 1_000, 1_300, 4_000])
    func zipf(exponent: Int) {
        let count = 1_000
        let weights = (1...count).map { 1 / pow(Double($0), Double(exponent) / 1_000) }
        let total = 10_000_000
        let shares = ZipfLaw(count: count, exponentThousandths: exponent).shares(of: total)
        #expect(shares.reduce(0, +) == total)
        let sum = weights.reduce(0, +)
        for (share, weight) in zip(shares, weights) {
            #expect(abs(Double(share) - weight / sum * Double(total)) < 1.5)
        }
    }

    @Test("Where there is too little for all, the first rank has some")
    func scarcity() {
        #expect(ZipfLaw(count: 100, exponentThousandths: 1_000).shares(of: 1) == [1] + Array(repeating: 0, count: 99))
        #expect(ZipfLaw(count: 1, exponentThousandths: 4_000).shares(of: 7) == [7])
    }

    @Test("Logarithms and powers of two are right to nine digits")
    func powers() {
        for number in [1, 2, 3, 10, 1_000, 999_983] as [UInt64] {
            let exact = log2(Double(number))
            #expect(abs(Double(ZipfLaw.logarithm(number)) / 0x1p32 - exact) < 1e-9)
            #expect(abs(Double(ZipfLaw.power(minus: ZipfLaw.logarithm(number))) / 0x1p40 - 1 / Double(number)) < 1e-9)
        }
        #expect(ZipfLaw.power(minus: 41 << 32) == 0 && ZipfLaw.power(minus: 0) == 1 << 40)
    }

    @Test("Both placements have the same writes and reads, of which each post and each author has its own")
    func load() {
        var simulation = ShardSimulation()
        (simulation.accounts, simulation.posts) = (300, 2_000)
        let user = ShardLoad(simulation, .user)
        let post = ShardLoad(simulation, .post)
        #expect(user.keys.count == 300 && post.keys.count == 2_000)
        #expect(Set(user.keys).count == 300 && Set(post.keys).count == 2_000)
        for load in [user, post] {
            #expect(load.writes.reduce(0, +) == 2_000 && load.reads.reduce(0, +) == 20_000)
        }
        #expect(user.busiest == 0..<1 && user.writes[0] == user.writes.max() && post.busiest == 0..<user.writes[0])
        #expect(post.reads[post.busiest].reduce(0, +) == user.reads[0])
        #expect(zip(user.writes, user.reads).allSatisfy { $0 > 0 || $1 == 0 }, "nobody reads who has not written")
    }

    @Test("The same seed gives the same costs, and another seed others")
    func seeds() {
        var simulation = ShardSimulation()
        (simulation.accounts, simulation.posts) = (500, 3_000)
        let first = costs(simulation, .post)
        #expect(costs(simulation, .post) == first)
        simulation.seed = 1
        #expect(costs(simulation, .post) != first)
    }

    // MARK: The costs

    @Test("The busiest account burdens one shard under user, and all a little under post")
    func hottest() throws {
        var simulation = ShardSimulation()
        simulation.shards = 8
        let user = costs(simulation, .user)
        let post = costs(simulation, .post)
        for strategy in ShardStrategy.allCases {
            let (one, other) = (try #require(user[strategy]), try #require(post[strategy]))
            #expect(one.hottestShards == 1 && other.hottestShards == 8)
            #expect(one.hottestWrites.value > 0.7, "a tenth of all writes, of which a shard has an eighth")
            if strategy == .singleRing { continue }
            #expect(other.hottestWrites.value < 0.2 && other.writeBalance.value < one.writeBalance.value)
        }
    }

    @Test("A failure goes to one neighbour on a ring of one point, and to all shards under the others")
    func failure() throws {
        let costs = costs(ShardSimulation(), .post)
        let single = try #require(costs[.singleRing]?.failure)
        #expect(single.gaining == 1 && single.largestShare.value == 1 && single.growth.value > 1.9)
        for strategy in [ShardStrategy.ring, .jump, .rendezvous, .slots] {
            let failure = try #require(costs[strategy]?.failure)
            #expect(failure.gaining == 3 && failure.largestShare.value < 0.6, "\(strategy)")
            #expect(failure.growth.value < 1.75, "\(strategy): 4/3 where it is even")
        }
        for strategy in [ShardStrategy.jump, .rendezvous, .slots] {
            #expect(abs((costs[strategy]?.failure?.growth.value ?? 0) - 4 / 3) < 0.03, "\(strategy)")
        }
    }

    @Test("What moves is counted: all of it, what must, and what moves for nothing")
    func movement() {
        let before = [0, 0, 1, 1, 2, 2, 2, 2]
        let movement = ShardCost.Movement(
            from: before, to: [0, 3, 1, 2, 2, 3, 2, 2], changed: 3, ideal: Ratio(1, of: 4))
        #expect(movement.moved.value == 0.375 && movement.needless.value == 0.125 && movement.ideal.value == 0.25)
        let failure = ShardCost.Failure(of: 1, before: [10, 8, 4, 0], after: [12, 0, 9, 1])
        #expect(failure.gaining == 3 && failure.growth.value == 2.25 && failure.largestShare.value == 0.625)
    }

    @Test("Slots move no more than must, at a balance of their own", arguments: [4, 16, 64])
    func slots(shards: Int) throws {
        var simulation = ShardSimulation()
        simulation.shards = shards
        let cost = try #require(costs(simulation, .post)[.slots])
        #expect(cost.added.needless == .zero && cost.removed?.needless == .zero)
        #expect(cost.removed?.moved == cost.removed?.ideal)
        #expect(cost.added.moved.value < cost.added.ideal.value * 1.1)
    }

    @Test("One shard has nothing to fail over to")
    func alone() {
        var simulation = ShardSimulation()
        (simulation.shards, simulation.accounts, simulation.posts) = (1, 1, 1)
        for placement in Placement.allCases {
            for cost in costs(simulation, placement).values {
                #expect(cost.removed == nil && cost.failure == nil && cost.keyBalance.value == 1)
            }
        }
    }

    @Test("Ratios have four digits, rounded")
    func ratios() {
        #expect(Ratio(2, of: 3).value == 0.6667 && Ratio(7, of: 2).value == 3.5 && Ratio(1, of: 0).value == 0)
        #expect(Ratio.balance([1, 2, 3]).value == 1.5 && Ratio.balance([]) == .zero)
    }
}
