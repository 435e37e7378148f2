// Plans move what must move, and nothing else.

import TestKit
import Testing

@testable import SocialCore

@Suite("Plans of slots")
struct SlotPlanTests {
    /// The map after a plan.
    private func carriedOut(_ plan: SlotPlan, _ map: SlotMap) -> SlotMap {
        plan.transfers.reduce(map) { $0.moving($1.slots, to: $1.to) }
    }

    @Test("A new shard gets its share, and nothing moves between the others", arguments: [1, 2, 3, 4, 7, 63, 64])
    func adding(shards: Int) {
        let map = SlotMap(shardCount: shards).adding(weight: 1)
        let plan = SlotPlan(balancing: map, onlyTo: shards)
        #expect(plan.transfers.allSatisfy { $0.to == shards && $0.from != shards })
        // 1.02 of the ideal is what is allowed; no slot more than must.
        #expect(plan.slotCount == SlotPlan.shares(map)[shards] && plan.slotCount <= Slot.count / (shards + 1) + 1)
        let counts = carriedOut(plan, map).slotCounts
        #expect(counts.max()! - counts.min()! <= 1 && counts.reduce(0, +) == Slot.count)
    }

    @Test("The slots of a removed shard are spread by weight, and only they move")
    func removing() {
        let map = SlotMap(shardCount: 4).weighting(1, 2)
        let plan = SlotPlan(balancing: map, draining: 2)
        let counts = carriedOut(plan, map).slotCounts
        #expect(counts[2] == 0 && counts == [1_024, 2_048, 0, 1_024])
        #expect(plan.transfers.allSatisfy { $0.from == 2 && $0.to == 1 })
    }

    @Test("Any shards come to their shares with as few moves as can be, and another plan has nothing to do")
    func balancing() {
        let chance = Chance("plans")
        for _ in 0..<TestRun.times(60, usually: 20) {
            var map = SlotMap(shardCount: 1 + chance.below(9))
            for _ in 0..<chance.below(4) { map = map.adding(weight: 1 + chance.below(4)) }
            for shard in map.shards where chance.isOne(in: 3) { map = map.weighting(shard.number, chance.below(6)) }
            guard map.shards.contains(where: { $0.weight > 0 }) else { continue }
            let (shares, before) = (SlotPlan.shares(map), map.slotCounts)
            let plan = SlotPlan(balancing: map)
            let after = carriedOut(plan, map)
            #expect(after.slotCounts == shares && shares.reduce(0, +) == Slot.count, "seed \(chance.seed)")
            #expect(plan.slotCount == zip(before, shares).reduce(0) { $0 + max(0, $1.0 - $1.1) })
            #expect(SlotPlan(balancing: after).transfers.isEmpty)
            let weights = map.shards.map(\.weight)
            for (share, weight) in zip(shares, weights) {
                let ideal = Slot.count * weight / weights.reduce(0, +)
                #expect((ideal...ideal + 1).contains(share), "seed \(chance.seed)")
            }
            for transfer in plan.transfers {
                #expect(transfer.slots.allSatisfy { map.owner(of: $0).shard == transfer.from })
                #expect(transfer.slots == transfer.slots.sorted() && Set(transfer.slots).count == transfer.slots.count)
            }
        }
    }

    @Test("Slots that are named move from wherever they are, once")
    func naming() {
        let map = SlotMap(shardCount: 2)
        let slots = [3_000, 1, 3_000, 2_047].map { Slot(masking: $0) }
        let plan = SlotPlan(slots, to: 0, map)
        #expect(plan == SlotPlan([.init(from: 1, to: 0, slots: [Slot(masking: 3_000)])]))
    }

    @Test("A number is never used again, and the map says so when it is read back")
    func numbers() throws {
        let folder = try TemporaryDirectory()
        let map = SlotMap(shardCount: 2).adding(weight: 3).removing(2)
        let manifest = Manifest(placement: .user, isShared: false, settings: .standard, map: map.adding(weight: 2))
        try manifest.write(folder.path, context: Context())
        let read = try Manifest.read(folder.path)
        #expect(read == manifest && read.map.nextShard == 4)
        #expect(read.map.shards.map(\.number) == [0, 1, 3] && read.map.shards.map(\.weight) == [1, 1, 2])
    }
}
