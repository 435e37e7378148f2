// Which slots have to move so that every shard has its share, and no others.

/// Slots and where they are to go.
package struct SlotPlan: Equatable, Sendable {
    /// Slots that go from one shard to another.
    package struct Transfer: Equatable, Sendable {
        /// The shard that gives them.
        package var from: Int
        /// The shard that gets them.
        package var to: Int
        /// The slots, in order.
        package var slots: [Slot]

        /// Slots that go from one shard to another.
        package init(from: Int, to: Int, slots: [Slot]) {
            self.from = from
            self.to = to
            self.slots = slots
        }
    }

    /// The transfers, in the order of the shards.
    package var transfers: [Transfer]

    /// A plan of transfers.
    package init(_ transfers: [Transfer] = []) { self.transfers = transfers }

    /// How many slots move.
    package var slotCount: Int { transfers.reduce(0) { $0 + $1.slots.count } }

    /// The share of each shard in the order of the map's shards: the slots in proportion to the weights.
    ///
    /// What is left after rounding down goes to the largest remainders (Hamilton's method of apportionment), and where
    /// they are equal to whoever has most beyond its share now, so that fewer move.
    package static func shares(_ map: SlotMap, draining: Int? = nil) -> [Int] {
        let weights = map.shards.map { $0.number == draining ? 0 : $0.weight }
        let total = weights.reduce(0, +)
        guard total > 0 else { return map.slotCounts }
        var shares = weights.map { Slot.count * $0 / total }
        let present = map.slotCounts
        let order = weights.indices.filter { weights[$0] > 0 }.sorted { left, right in
            let remainders = (Slot.count * weights[left] % total, Slot.count * weights[right] % total)
            if remainders.0 != remainders.1 { return remainders.0 > remainders.1 }
            let surplus = (present[left] - shares[left], present[right] - shares[right])
            return surplus.0 == surplus.1 ? left < right : surplus.0 > surplus.1
        }
        for index in order.prefix(Slot.count - shares.reduce(0, +)) { shares[index] += 1 }
        return shares
    }

    /// The moves after which every shard has its share.
    ///
    /// - Parameters:
    ///   - draining: a shard that is to have none.
    ///   - receiver: the only shard that gets slots; nil: all that have too few.
    package init(balancing map: SlotMap, draining: Int? = nil, onlyTo receiver: Int? = nil) {
        let shares = SlotPlan.shares(map, draining: draining)
        var surplus = zip(map.slotCounts, shares).map { $0 - $1 }
        var counts: [[Int]] = Array(repeating: Array(repeating: 0, count: shares.count), count: shares.count)
        while true {
            let giver = surplus.indices.filter { surplus[$0] > 0 }.max { surplus[$0] < surplus[$1] }
            let taker = surplus.indices.filter { index in
                surplus[index] < 0 && receiver.map { map.shards[index].number == $0 } ?? true
            }.min { surplus[$0] < surplus[$1] }
            guard let giver, let taker else { break }
            counts[giver][taker] += 1
            surplus[giver] -= 1
            surplus[taker] += 1
        }
        transfers = []
        for (giver, entry) in map.shards.enumerated() {
            var given = SlotPlan.lastSlots(of: entry.number, counts[giver].reduce(0, +), map)[...]
            for (taker, count) in counts[giver].enumerated() where count > 0 {
                let slots = Array(given.prefix(count))
                transfers.append(Transfer(from: entry.number, to: map.shards[taker].number, slots: slots))
                given = given.dropFirst(count)
            }
        }
    }

    /// Slots of a shard from the ends of its longest runs, so that the map stays short.
    private static func lastSlots(of shard: Int, _ count: Int, _ map: SlotMap) -> [Slot] {
        var left = count
        var found: [Int] = []
        for run in map.runs.filter({ $0.owner.shard == shard }).sorted(by: { $0.slots.count > $1.slots.count }) {
            found += run.slots.suffix(left)
            left = count - found.count
            if left == 0 { break }
        }
        return found.sorted().map { Slot(masking: Int64($0)) }
    }

    /// The moves that give some slots to a shard, wherever they are.
    package init(_ slots: [Slot], to shard: Int, _ map: SlotMap) {
        let moving = Set(slots).sorted().filter { map.owner(of: $0).shard != shard }
        transfers = map.shards.compactMap { entry in
            let own = moving.filter { map.owner(of: $0).shard == entry.number }
            return own.isEmpty ? nil : Transfer(from: entry.number, to: shard, slots: own)
        }
    }
}
