// What strategies of placing keys on shards cost, for a made-up network: nothing is stored for it.

/// A made-up network, and the strategies that place it.
package struct ShardSimulation: Sendable {
    /// How many shards there are before one is added or fails.
    package var shards = 4
    /// How many accounts.
    package var accounts = 10_000
    /// How many posts.
    package var posts = 100_000
    /// How much the busiest accounts write, and the best known are read: the exponent of Zipf's law, in thousandths.
    package var skewThousandths = 1_000
    /// How many points a shard has on a ring.
    package var points = 100
    /// How much a shard holds at most where load is bounded, in thousandths of the mean.
    package var boundThousandths = 1_250
    /// Where chance begins.
    package var seed: UInt64 = 0

    /// How often a post is read, on average.
    static let readsPerPost = 10

    /// A simulation with four shards and 100,000 posts of 10,000 accounts.
    package init() {}

    /// The costs of each strategy under a placement, one after the other.
    package func forEachCost(
        _ placement: Placement, observer: (any RunObserver)? = nil, _ visit: (ShardCost) throws -> Void
    ) rethrows {
        let load = ShardLoad(self, placement)
        for strategy in ShardStrategy.allCases {
            observer?.begin("placing keys, \(strategy.rawValue)", total: load.keys.count * (shards > 1 ? 3 : 2))
            defer { observer?.end() }
            try visit(cost(of: strategy, placement, load, observer))
        }
    }

    private func cost(
        of strategy: ShardStrategy, _ placement: Placement, _ load: ShardLoad, _ observer: (any RunObserver)?
    ) -> ShardCost {
        let mapping = strategy.mapping(shards: shards, points: points, boundThousandths: boundThousandths)
        let before = owners(of: load.keys, mapping, observer)
        let sums = load.sums(before, shards: shards)
        var cost = ShardCost(strategy: strategy, placement: placement, shards: shards, keys: load.keys.count)
        if strategy.hasRing { cost.points = strategy == .singleRing ? 1 : points }
        if strategy == .boundedRing { cost.boundThousandths = boundThousandths }
        cost.keyBalance = Ratio.balance(sums.map(\.keys))
        cost.writeBalance = Ratio.balance(sums.map(\.writes))
        cost.readBalance = Ratio.balance(sums.map(\.reads))
        countHottest(load, before, &cost)

        var larger = mapping
        larger.add(shards)
        cost.added = ShardCost.Movement(
            from: before, to: owners(of: load.keys, larger, observer), changed: shards,
            ideal: Ratio(load.keys.count, of: load.keys.count * (shards + 1)))

        guard shards > 1 else { return cost }
        let failed = sums.indices.reduce(0) { sums[$1].requests > sums[$0].requests ? $1 : $0 }
        var smaller = mapping
        smaller.remove(failed)
        let after = owners(of: load.keys, smaller, observer)
        cost.removed = ShardCost.Movement(
            from: before, to: after, changed: failed, ideal: Ratio(sums[failed].keys, of: load.keys.count))
        cost.failure = ShardCost.Failure(
            of: failed, before: sums.map(\.requests), after: load.sums(after, shards: shards).map(\.requests))
        return cost
    }

    /// The shards of keys; where each has its own whatever the others have, some at a time.
    private func owners(
        of keys: [UInt64], _ mapping: any ShardMapping, _ observer: (any RunObserver)?
    ) -> [Int] {
        let size = mapping is any KeyedShardMapping ? Limits.placedBatchKeys : max(1, keys.count)
        var owners: [Int] = []
        owners.reserveCapacity(keys.count)
        for start in stride(from: 0, to: keys.count, by: size) {
            let batch = Array(keys[start..<min(start + size, keys.count)])
            owners += mapping.shards(of: batch)
            observer?.advance(by: batch.count)
        }
        return owners
    }

    private func countHottest(_ load: ShardLoad, _ owners: [Int], _ cost: inout ShardCost) {
        var writes = Array(repeating: 0, count: shards)
        for key in load.busiest { writes[owners[key]] += load.writes[key] }
        cost.hottestWrites = Ratio((writes.max() ?? 0) * shards, of: load.writes.reduce(0, +))
        cost.hottestShards = writes.count { $0 > 0 }
    }
}

/// What one strategy costs under one placement.
package struct ShardCost: Equatable, Sendable {
    /// How keys find their shard.
    package var strategy: ShardStrategy
    /// What the keys are: accounts with their posts, or posts.
    package var placement: Placement
    /// How many shards there are.
    package var shards: Int
    /// How many points each has; nil where there is no ring.
    package var points: Int?
    /// The bound of the load in thousandths of the mean; nil where there is none.
    package var boundThousandths: Int?
    /// How many keys are placed.
    package var keys: Int
    /// The keys of the fullest shard against the mean.
    package var keyBalance = Ratio.zero
    /// The writes of the shard with the most, against the mean.
    package var writeBalance = Ratio.zero
    /// The reads of the shard with the most, against the mean.
    package var readBalance = Ratio.zero
    /// What moves when a shard is added.
    package var added = Movement()
    /// What moves when the shard with the most requests is removed; nil where there is no other.
    package var removed: Movement?
    /// What that does to the others; nil where there are none.
    package var failure: Failure?
    /// The writes of the account that writes most which fall on one shard, against a shard's mean.
    package var hottestWrites = Ratio.zero
    /// How many shards have posts of the account that writes most.
    package var hottestShards = 0

    init(strategy: ShardStrategy, placement: Placement, shards: Int, keys: Int) {
        self.strategy = strategy
        self.placement = placement
        self.shards = shards
        self.keys = keys
    }

    /// Keys that move.
    package struct Movement: Equatable, Sendable {
        /// The share of all keys that move.
        package var moved = Ratio.zero
        /// The share that must.
        package var ideal = Ratio.zero
        /// The share that moves between two shards that stay.
        package var needless = Ratio.zero

        init() {}

        /// Compares where keys were with where they are, when one shard comes or goes.
        init(from before: [Int], to after: [Int], changed shard: Int, ideal: Ratio) {
            var (moved, needless) = (0, 0)
            for (one, other) in zip(before, after) where one != other {
                moved += 1
                if one != shard, other != shard { needless += 1 }
            }
            self.moved = Ratio(moved, of: before.count)
            self.ideal = ideal
            self.needless = Ratio(needless, of: before.count)
        }
    }

    /// What the failure of a shard does to the others.
    package struct Failure: Equatable, Sendable {
        /// The requests of a shard afterwards against those before, where that is most.
        package var growth = Ratio.zero
        /// The largest share of the failed shard's requests that one other shard gains.
        package var largestShare = Ratio.zero
        /// How many shards gain some.
        package var gaining = 0

        init(of failed: Int, before: [Int], after: [Int]) {
            for shard in before.indices where shard != failed && after[shard] > before[shard] {
                gaining += 1
                growth = max(growth, Ratio(after[shard], of: max(1, before[shard])))
                largestShare = max(largestShare, Ratio(after[shard] - before[shard], of: before[failed]))
            }
        }
    }
}

/// A ratio of whole numbers, rounded to four digits after the point: the same on every machine.
package struct Ratio: Comparable, Sendable {
    /// Nothing of anything.
    package static let zero = Ratio(0, of: 1)
    private let tenThousandths: Int

    /// A ratio; zero of nothing.
    package init(_ part: Int, of whole: Int) {
        guard whole > 0 else {
            tenThousandths = 0
            return
        }
        let (quotient, rest) = part.quotientAndRemainder(dividingBy: whole)
        tenThousandths = quotient * 10_000 + (rest * 10_000 + whole / 2) / whole
    }

    /// The greatest of some numbers against their mean.
    static func balance(_ numbers: [Int]) -> Ratio {
        Ratio((numbers.max() ?? 0) * numbers.count, of: numbers.reduce(0, +))
    }

    /// The ratio as a number.
    package var value: Double { Double(tenThousandths) / 10_000 }

    /// Smaller ratios come first.
    package static func < (one: Ratio, other: Ratio) -> Bool { one.tenThousandths < other.tenThousandths }
}
