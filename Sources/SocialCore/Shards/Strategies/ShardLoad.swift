// The keys of a made-up network, and what is written and read under each.

/// The load that a placement puts on keys.
struct ShardLoad {
    /// The keys: accounts or posts.
    private(set) var keys: [UInt64] = []
    /// How many posts are written under each key.
    private(set) var writes: [Int] = []
    /// How often posts are read under each key.
    private(set) var reads: [Int] = []
    /// The keys of the account that writes most.
    private(set) var busiest = 0..<0

    /// What falls on a shard.
    struct Sum {
        var keys = 0
        var writes = 0
        var reads = 0
        var requests: Int { writes + reads }
    }

    /// The load of a made-up network under a placement.
    ///
    /// The number of an account is its rank among those who write. Who writes much is read much, but not in quite the
    /// same order: the rank is multiplied by a number of chance before accounts are ranked as those who are read.
    init(_ simulation: ShardSimulation, _ placement: Placement) {
        let chance = Mixing.finalize(simulation.seed &+ SplitMix.increment)
        let law = ZipfLaw(count: simulation.accounts, exponentThousandths: simulation.skewThousandths)
        let posts = law.shares(of: simulation.posts)
        let authors = posts.indices.filter { posts[$0] > 0 }
        let shares = ZipfLaw(count: authors.count, exponentThousandths: simulation.skewThousandths)
            .shares(of: simulation.posts * ShardSimulation.readsPerPost)
        var interest = Array(repeating: 0, count: posts.count)
        var generator = SplitMix(seed: chance)
        let ranks = authors.map { (($0 + 1) * Int(1 + generator.next() >> 61), $0) }.sorted { $0 < $1 }.map(\.1)
        for (account, share) in zip(ranks, shares) { interest[account] = share }

        for account in posts.indices {
            let key = Mixing.finalize(chance ^ UInt64(account))
            let first = keys.count
            switch placement {
            case .user: append(key, writes: posts[account], reads: interest[account])
            case .post:
                let (count, all) = (posts[account], interest[account])
                for post in 0..<count {
                    let own = Mixing.finalize(key &+ UInt64(post + 1) &* SplitMix.increment)
                    append(own, writes: 1, reads: all * (post + 1) / count - all * post / count)
                }
            }
            if account == 0 { busiest = first..<keys.count }
        }
    }

    private mutating func append(_ key: UInt64, writes count: Int, reads readCount: Int) {
        keys.append(key)
        writes.append(count)
        reads.append(readCount)
    }

    /// What falls on each shard, when the keys lie as they are said to.
    func sums(_ owners: [Int], shards count: Int) -> [Sum] {
        var sums = Array(repeating: Sum(), count: count)
        for (index, shard) in owners.enumerated() {
            sums[shard].keys += 1
            sums[shard].writes += writes[index]
            sums[shard].reads += reads[index]
        }
        return sums
    }
}
