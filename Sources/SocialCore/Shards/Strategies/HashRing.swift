// Consistent hashing: shards have points on a ring of 64 bits, and a key belongs to the next point.

/// A ring of points (Karger and others, "Consistent Hashing and Random Trees", 1997).
package struct HashRing: KeyedShardMapping {
    /// A place on the ring, and whose it is.
    struct Point {
        let place: UInt64
        let shard: Int
    }

    private let pointsPerShard: Int
    /// The points in the order of their places.
    private(set) var points: [Point]

    /// A ring of shards from 0 up to a count, each with so many points.
    package init(shards count: Int, points pointsPerShard: Int) {
        self.pointsPerShard = pointsPerShard
        points = (0..<count).flatMap { Self.points(of: $0, pointsPerShard) }
        sort()
    }

    /// A ring of members that are known by 64 bits of their own, and numbered in their order.
    package init(identities: [UInt64], points pointsPerShard: Int) {
        self.pointsPerShard = pointsPerShard
        points = identities.enumerated().flatMap { index, identity in
            (0..<pointsPerShard).map {
                Point(place: Mixing.finalize(identity &+ UInt64($0) &* SplitMix.increment), shard: index)
            }
        }
        sort()
    }

    /// Takes up a new shard.
    package mutating func add(_ shard: Int) {
        points += Self.points(of: shard, pointsPerShard)
        sort()
    }

    /// Does without a shard.
    package mutating func remove(_ shard: Int) { points.removeAll { $0.shard == shard } }

    /// The shard of a key; costs a binary search over the points.
    package func shard(of key: UInt64) -> Int { points[index(after: key)].shard }

    /// The index of the first point not before a key; the first of all past the last.
    func index(after key: UInt64) -> Int {
        var low = 0
        var high = points.count
        while low < high {
            let middle = (low + high) / 2
            if points[middle].place < key { low = middle + 1 } else { high = middle }
        }
        return low < points.count ? low : 0
    }

    private static func points(of shard: Int, _ count: Int) -> [Point] {
        (0..<count).map { Point(place: Mixing.shard(shard, $0), shard: shard) }
    }

    private mutating func sort() { points.sort { ($0.place, $0.shard) < ($1.place, $1.shard) } }
}

/// A ring on which no shard takes much more than the mean (Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with
/// Bounded Loads", 2018): a key whose shard is full belongs to the next one that is not.
package struct BoundedRing: ShardMapping {
    private var ring: HashRing
    private var shardCount: Int
    private let boundThousandths: Int

    /// A ring with a bound of at least 1,000 thousandths of the mean.
    package init(ring: HashRing, boundThousandths: Int) {
        self.ring = ring
        self.boundThousandths = boundThousandths
        shardCount = Set(ring.points.map(\.shard)).count
    }

    /// Takes up a new shard.
    package mutating func add(_ shard: Int) {
        ring.add(shard)
        shardCount += 1
    }

    /// Does without a shard.
    package mutating func remove(_ shard: Int) {
        ring.remove(shard)
        shardCount -= 1
    }

    /// How many of so many keys a shard holds at most.
    package func capacity(keys count: Int) -> Int {
        let parts = 1_000 * shardCount
        return (count * boundThousandths + parts - 1) / parts
    }

    /// The shards of keys that come in this order.
    package func shards(of keys: [UInt64]) -> [Int] {
        let points = ring.points
        let capacity = capacity(keys: keys.count)
        var counts = Array(repeating: 0, count: 1 + (points.map(\.shard).max() ?? 0))
        // Where to look next when a point's shard is full: ever further, so that full ones are passed over once.
        var next = points.indices.map { $0 + 1 < points.count ? $0 + 1 : 0 }
        return keys.map { key in
            var place = ring.index(after: key)
            while counts[points[place].shard] >= capacity {
                let following = next[place]
                if counts[points[following].shard] >= capacity { next[place] = next[following] }
                place = following
            }
            counts[points[place].shard] += 1
            return points[place].shard
        }
    }
}
