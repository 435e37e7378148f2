// What the strategies are known for: balance, what moves, and bounds. The keys are the same in every run.

import TestKit
import Testing

@testable import SocialCore

@Suite("Strategies of mapping keys to shards")
struct ShardMappingTests {
    private static let keys = (0..<20_000).map { Mixing.finalize(UInt64($0) &+ 77) }
    private static let counts = [1, 2, 3, 4, 7, 16, 64]

    private func mapping(_ strategy: ShardStrategy, _ count: Int, bound: Int = 1_250) -> any ShardMapping {
        strategy.mapping(shards: count, points: 100, boundThousandths: bound)
    }

    private func sums(_ owners: [Int], _ count: Int) -> [Int] {
        owners.reduce(into: Array(repeating: 0, count: count)) { $0[$1] += 1 }
    }

    // MARK: Movement

    @Test(
        "Only the added shard receives keys, and about its share of them",
        arguments: [ShardStrategy.singleRing, .ring, .jump, .rendezvous, .slots], counts)
    func adding(strategy: ShardStrategy, count: Int) {
        var mapping = mapping(strategy, count)
        let before = mapping.shards(of: Self.keys)
        mapping.add(count)
        let after = mapping.shards(of: Self.keys)
        let moved = zip(before, after).filter { $0 != $1 }
        #expect(!moved.isEmpty && moved.allSatisfy { $0.1 == count })
        if strategy == .singleRing { return }
        #expect(Set(before) == Set(0..<count) && Set(after) == Set(0...count))
        let ideal = Self.keys.count / (count + 1)
        // A ring of 100 points is uneven by a tenth or so; the others only by the chance of the keys.
        let tolerance = strategy == .ring ? Double(ideal) * 0.4 : 5 * Double(ideal).squareRoot()
        #expect(abs(Double(moved.count - ideal)) < tolerance, "\(moved.count) of \(ideal)")
    }

    @Test(
        "Only the keys of the removed shard move, and adding it again brings them back",
        arguments: [ShardStrategy.singleRing, .ring, .rendezvous, .slots], [2, 3, 4, 7, 16, 64])
    func removing(strategy: ShardStrategy, count: Int) {
        let full = mapping(strategy, count)
        let before = full.shards(of: Self.keys)
        for gone in [0, count / 2, count - 1] {
            var mapping = full
            mapping.remove(gone)
            let after = mapping.shards(of: Self.keys)
            #expect(zip(before, after).allSatisfy { $0 == gone ? $1 != gone : $0 == $1 })
            if strategy == .slots { continue }
            mapping.add(gone)
            #expect(mapping.shards(of: Self.keys) == before)
        }
    }

    @Test("Where numbers are computed, the last shard takes the number of one that goes")
    func renumbering() {
        var mapping = mapping(.jump, 5)
        let before = mapping.shards(of: Self.keys)
        mapping.remove(1)
        let after = mapping.shards(of: Self.keys)
        #expect(zip(before, after).allSatisfy { one, other in one == 4 || other == (one == 1 ? 4 : one) })
        mapping.remove(3)
        #expect(Set(mapping.shards(of: Self.keys)) == [0, 2, 4])
    }

    @Test("Modulo moves nearly everything, most of it between shards that were there before")
    func modulo() {
        var mapping = mapping(.modulo, 4)
        let before = mapping.shards(of: Self.keys)
        mapping.add(4)
        let moved = zip(before, mapping.shards(of: Self.keys)).filter { $0 != $1 }
        #expect(abs(moved.count * 10 - Self.keys.count * 8) < Self.keys.count / 5)
        #expect(moved.count { $0.1 != 4 } * 2 > Self.keys.count)
    }

    // MARK: Balance

    @Test(
        "Shards differ from the mean by no more than the chance of the keys",
        arguments: [ShardStrategy.modulo, .jump, .rendezvous, .slots], counts)
    func balance(strategy: ShardStrategy, count: Int) {
        let sums = sums(mapping(strategy, count).shards(of: Self.keys), count)
        let mean = Double(Self.keys.count) / Double(count)
        #expect(sums.allSatisfy { abs(Double($0) - mean) < 5 * mean.squareRoot() }, "\(sums)")
    }

    @Test("A hundred points a shard are more even than one", arguments: [4, 16, 64])
    func points(count: Int) {
        let many = Ratio.balance(sums(mapping(.ring, count).shards(of: Self.keys), count))
        let single = Ratio.balance(sums(mapping(.singleRing, count).shards(of: Self.keys), count))
        #expect(many.value < 1.4 && single > many)
    }

    @Test("Dealt slots never differ by more than one, whatever comes and goes")
    func slots() {
        let chance = Chance("slots")
        var slots = DealtSlots(shards: 5)
        var shards = Array(0..<5)
        for round in 0..<TestRun.times(200, usually: 60) {
            if shards.count < 2 || chance.below(2) == 0 {
                shards.append(5 + round)
                slots.add(5 + round)
            } else {
                slots.remove(shards.remove(at: chance.below(shards.count)))
            }
            let counts = slots.slotCounts
            #expect(counts.reduce(0, +) == Slot.count && counts.count == shards.count, "seed \(chance.seed)")
            #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1, "seed \(chance.seed)")
        }
    }

    // MARK: Bounded load

    @Test("No shard holds more than its bound", arguments: [1_000, 1_050, 1_250, 2_000], counts)
    func bound(thousandths: Int, count: Int) throws {
        let ring = HashRing(shards: count, points: 1)
        var bounded = BoundedRing(ring: ring, boundThousandths: thousandths)
        for keys in [Self.keys, Array(Self.keys.prefix(10)), []] {
            let sums = sums(bounded.shards(of: keys), count)
            let capacity = bounded.capacity(keys: keys.count)
            #expect(capacity * count * 1_000 >= keys.count * thousandths)
            #expect(capacity * count * 1_000 < keys.count * thousandths + count * 1_000)
            #expect(sums.allSatisfy { $0 <= capacity } && sums.reduce(0, +) == keys.count)
        }
        guard count > 1 else { return }
        bounded.remove(0)
        let after = bounded.shards(of: Self.keys)
        #expect(!after.contains(0))
        #expect(sums(after, count).allSatisfy { $0 <= bounded.capacity(keys: Self.keys.count) })
    }

    @Test("A bound that nobody reaches changes nothing, and one that is reached passes keys on to the next with room")
    func passing() {
        let ring = HashRing(shards: 8, points: 3)
        #expect(
            BoundedRing(ring: ring, boundThousandths: 100_000).shards(of: Self.keys) == ring.shards(of: Self.keys))
        let bounded = BoundedRing(ring: ring, boundThousandths: 1_100)
        let keys = Array(Self.keys.prefix(2_000))
        var counts = Array(repeating: 0, count: 8)
        for (key, owner) in zip(keys, bounded.shards(of: keys)) {
            var place = ring.index(after: key)
            while counts[ring.points[place].shard] >= bounded.capacity(keys: keys.count) {
                place = (place + 1) % ring.points.count
            }
            #expect(ring.points[place].shard == owner)
            counts[owner] += 1
        }
    }

    // MARK: Jump hash

    @Test("Jump hash gives what the published code gives")
    func jump() {
        /// The code of the paper, in floating point.
        func published(_ key: UInt64, _ buckets: Int) -> Int {
            var (key, bucket, next) = (key, -1, 0)
            while next < buckets {
                bucket = next
                key = key &* 2_862_933_555_777_941_757 &+ 1
                next = Int(Double(bucket + 1) * (Double(1 << 31) / Double((key >> 33) + 1)))
            }
            return bucket
        }
        let wrong = Self.keys.enumerated().filter { index, key in
            let count = 1 + index % 1_025
            return JumpHash.bucket(of: key, among: count) != published(key, count)
        }
        #expect(wrong.isEmpty)
        #expect(JumpHash.bucket(of: 42, among: 57) == 43 && JumpHash.bucket(of: 256, among: 1_024) == 520)
    }

    @Test("Jump hash is monotone: with one bucket more a key stays or goes to the new one")
    func monotone() {
        for key in Self.keys.prefix(500) {
            var last = JumpHash.bucket(of: key, among: 1)
            var isMonotone = last == 0
            for count in 2...200 {
                let bucket = JumpHash.bucket(of: key, among: count)
                isMonotone = isMonotone && (bucket == last || bucket == count - 1)
                last = bucket
            }
            #expect(isMonotone)
        }
    }
}
