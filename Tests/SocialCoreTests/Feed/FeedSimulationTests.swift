// What a simulation counts against the definition: for each reader the posts that the rules require in the feed.

import TestKit
import Testing

@testable import SocialCore

@Suite("A simulation of delivery")
struct FeedSimulationTests {
    static let rounds = TestRun.times(12)

    @Test("Its deliveries, skips and steps are those that the definition counts", arguments: Placement.allCases)
    func definition(placement: Placement) throws {
        let world = try FeedWorld(shards: 3, placement: placement, chance: Chance("simulation by \(placement)"))
        for _ in 0..<9 { try world.createAccount() }
        var skipped = 0
        var pulled = 0
        for round in 0..<Self.rounds {
            for _ in 0..<40 { try world.change() }
            world.now = world.now.advanced(byMilliseconds: Int64(world.chance.below(9)) * 3_600_000)
            world.network.context = world.context
            let ways = FeedCost.Strategy.allCases.map { ($0, settings(world)) } + [(.hybrid, settings(world))]
            let simulation = FeedSimulation(readsPerDay: 3, pageSize: 1 + world.chance.below(30))
            let found = try world.network.feeds.simulate(ways, simulation)
            #expect(found.measuredAccounts == world.model.accounts.count)
            for (cost, way) in zip(found.costs, ways) {
                let expected = try NaiveCost(world, way.0, way.1, simulation)
                try #require(NaiveCost(cost) == expected, "round \(round), \(way.0), seed \(world.chance.seed)")
                #expect(cost.workPerDay == cost.deliveriesPerDay + cost.mergeStepsPerDay && !cost.isEstimate)
                skipped += cost.skipped
                if way.0 == .hybrid { pulled += cost.authorsPulled }
            }
        }
        #expect(skipped > 0 && pulled > 0, "seed \(world.chance.seed)")
    }

    private func settings(_ world: FeedWorld) -> Settings {
        var settings = Settings.standard
        settings.feedCapacity = 1 + world.chance.below(30)
        settings.feedPushLimit = world.chance.below(7)
        settings.feedActiveWindowMilliseconds = Int64(1 + world.chance.below(60)) * 3_600_000
        settings.feedCacheWindowMilliseconds = Int64(1 + world.chance.below(80)) * 3_600_000
        return settings
    }

    @Test("What everyone reads who is active is merged from the cached feed and from pulled authors")
    func steps() throws {
        let world = try FeedWorld(shards: 1, placement: .user, chance: Chance(seed: 1))
        for _ in 0..<4 { try world.createAccount() }
        let people = world.model.accounts
        for (follower, followee) in [(0, 1), (0, 2), (3, 1)] {
            _ = try world.network.graph.follow(people[follower], people[followee])
        }
        for _ in 0..<3 { _ = try world.network.posts.create(by: people[1], text: "often") }
        _ = try world.network.posts.create(by: people[2], text: "once")
        var settings = Settings.standard
        settings.feedPushLimit = 1
        let simulation = FeedSimulation(readsPerDay: 2, pageSize: 20)
        let costs = try world.network.feeds.simulate(
            [(.push, settings), (.pull, settings), (.hybrid, settings)], simulation
        ).costs
        #expect(costs.map(\.deliveries) == [7, 0, 1])
        #expect(costs.map(\.deliveriesPerDay) == [7, 0, 1])
        #expect(costs.map(\.authorsPushed) == [2, 0, 1])
        #expect(costs.map(\.authorsPulled) == [0, 2, 1])
        // Seven entries are taken in any case. Opened are four cached feeds; three authors; or four feeds and two
        // authors.
        #expect(costs.map(\.mergeStepsPerRead) == [2.75, 2.5, 3.25])
        #expect(costs.map(\.mergeStepsPerDay) == [22, 20, 26])
        #expect(costs.map(\.entries) == [7, 0, 1])
    }

    @Test("The bytes of the records are those that pushing everything is said to take")
    func bytes() throws {
        let world = try FeedWorld(shards: 1, placement: .user, chance: Chance(seed: 2))
        for _ in 0..<8 { try world.createAccount() }
        for _ in 0..<60 { try world.change() }
        try world.regenerate(isFull: true)
        let settings = world.network.manifest.settings
        let cost = try world.network.feeds.simulate(
            [(.push, settings)], FeedSimulation(readsPerDay: 1, pageSize: 1)
        ).costs[0]
        let cache = try #require(world.network.feeds.caches.cache(of: 0, writable: false))
        let units = cache.readers.map { reader in
            guard case .found(let record) = cache.record(of: reader) else { return 0 }
            return FeedCache.units(ofRing: FeedCache.ring(for: record.entries.count, cache.capacity))
        }
        #expect(units.count == world.model.accounts.count && cost.bytes == 64 * units.reduce(0, +))
    }
}

@Suite("An estimate for a network of another size")
struct FeedScaleTests {
    @Test("As many accounts as there are is no estimate")
    func same() {
        for accounts in [nil, 50] {
            let scale = FeedScale(from: Array(0..<50), to: accounts)
            #expect(!scale.isEstimate && scale.accounts == 50 && scale.weight == 1)
            for account in 0..<50 {
                #expect(scale.parts(of: account).map(\.weight) == [1] && scale.parts(of: account).map(\.growth) == [1])
            }
        }
    }

    @Test("All parts together are the accounts, the tail reaches further, and nobody has more followers than there are")
    func parts() {
        let chance = Chance("scale")
        for round in 0..<TestRun.times(200) {
            let count = 1 + chance.below(3_000)
            let followers = (0..<count).map { _ in UInt32(count / (1 + chance.below(count))) }
            let accounts = 1 + chance.below(count * (round.isMultiple(of: 2) ? 2 : 10_000))
            let scale = FeedScale(from: followers, to: accounts)
            let parts = followers.indices.flatMap { scale.parts(of: $0) }
            let sum = parts.reduce(0) { $0 + $1.weight }
            #expect(abs(sum / Double(accounts) - 1) < 1e-9, "seed \(chance.seed), round \(round)")
            for account in followers.indices {
                let growths = scale.parts(of: account).map(\.growth)
                #expect(growths == growths.sorted(by: >))
                guard growths != [1] else { continue }
                #expect(followers[account] == followers.max() && growths.allSatisfy { $0 >= 1 })
                #expect(growths[0] * Double(followers[account]) <= Double(accounts - 1) + 0.5)
            }
        }
    }

    @Test("A Pareto tail is found again: ten times the accounts have ten times the largest at exponent one")
    func tail() throws {
        let followers = (1...10_000).map { UInt32(5_000 / $0) }
        let scale = FeedScale(from: followers, to: 100_000)
        let parts = scale.parts(of: 0)
        let first = try #require(parts.first)
        #expect(first.weight == 1 && (9...11.5).contains(first.growth), "\(parts)")
        #expect(scale.parts(of: 1).map(\.growth) == [1])
    }

    @Test("A network of nobody, or with too few to tell a tail, is scaled as it is")
    func small() {
        #expect(FeedScale(from: [], to: 10).weight == 0)
        let scale = FeedScale(from: [3, 2, 1], to: 300)
        #expect(scale.isEstimate && (0..<3).allSatisfy { scale.parts(of: $0).map(\.growth) == [1] })
    }
}
