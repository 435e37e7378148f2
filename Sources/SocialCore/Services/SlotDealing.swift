// Which worker has which slots: consistent hashing with bounded load. All who know the same workers deal alike; when
// one goes, only its slots and those pushed on by the bound change hands, spread over all others.

/// Slots dealt to instances of a service.
package struct SlotDealing: Equatable, Sendable {
    /// The instances, in order.
    package let instances: [String]
    /// For each slot the index of its instance.
    private let owners: [Int]

    /// No instance has more than this many thousandths of the mean.
    package static let boundThousandths = 1_250
    /// Points that an instance has on the ring.
    static let points = 64

    /// Deals all slots to instances.
    ///
    /// Cost: 64 points an instance are sorted, and 4,096 slots looked up: under a millisecond for ten.
    package init(_ instances: [String]) {
        self.instances = Array(Set(instances)).sorted()
        guard !instances.isEmpty else {
            owners = []
            return
        }
        let identities = self.instances.map { ReplicaCheck.sum(of: Array($0.utf8)) }
        let ring = BoundedRing(
            ring: HashRing(identities: identities, points: SlotDealing.points),
            boundThousandths: SlotDealing.boundThousandths)
        owners = ring.shards(of: (0..<Slot.count).map { Mixing.finalize(UInt64($0) &+ 1) })
    }

    /// Whose a slot is; nil when there are no instances.
    package func owner(of slot: Slot) -> String? { owners.isEmpty ? nil : instances[owners[slot.index]] }

    /// How many slots each instance has.
    package var counts: [Int] {
        var counts = Array(repeating: 0, count: instances.count)
        for owner in owners { counts[owner] += 1 }
        return counts
    }

    /// How many slots an instance may have at most.
    package var bound: Int {
        let parts = 1_000 * max(1, instances.count)
        return (Slot.count * SlotDealing.boundThousandths + parts - 1) / parts
    }
}
