// Where does a key live? The façade of the room: which shard owns which slot, and since which move.

internal import Synchronization

/// Who owns a slot.
package struct SlotOwner: Equatable, Sendable {
    /// The shard's number.
    package var shard: Int
    /// Grows with every move of the slot.
    package var epoch: Int64
}

/// A shard as the map knows it.
package struct ShardEntry: Equatable, Sendable {
    /// The shard's number, which also names its folder.
    package var number: Int
    /// Grows with every change of the shard's set of slots; the shard stores the same number.
    package var version: Int64
}

/// The slot map: slot → shard and epoch.
///
/// A value; changes make a new map.
package struct SlotMap: Equatable, Sendable {
    /// The shards, in order of their numbers.
    package private(set) var shards: [ShardEntry]
    private var owners: [SlotOwner]

    /// The map of a new directory: equal runs of slots, so that the fullest shard has at most one slot more than
    /// another.
    package init(shardCount: Int) {
        shards = (0..<shardCount).map { ShardEntry(number: $0, version: 1) }
        owners = (0..<Slot.count).map { SlotOwner(shard: $0 * shardCount / Slot.count, epoch: 1) }
    }

    /// A map from its parts; nil unless each slot has an owner among the shards.
    package init?(shards: [ShardEntry], owners: [SlotOwner]) {
        let numbers = Set(shards.map(\.number))
        guard owners.count == Slot.count, numbers.count == shards.count,
            owners.allSatisfy({ numbers.contains($0.shard) })
        else { return nil }
        self.shards = shards.sorted { $0.number < $1.number }
        self.owners = owners
    }

    /// Who owns a slot.
    package func owner(of slot: Slot) -> SlotOwner { owners[slot.index] }

    /// The version of a shard's set of slots; 0 when there is no such shard.
    package func version(of shard: Int) -> Int64 { shards.first { $0.number == shard }?.version ?? 0 }

    /// Runs of neighbouring slots with the same owner, in order.
    package var runs: [(slots: ClosedRange<Int>, owner: SlotOwner)] {
        var runs: [(slots: ClosedRange<Int>, owner: SlotOwner)] = []
        for (index, owner) in owners.enumerated() {
            if let last = runs.last, last.owner == owner {
                runs[runs.count - 1].slots = last.slots.lowerBound...index
            } else {
                runs.append((index...index, owner))
            }
        }
        return runs
    }

    /// How many slots each shard owns, in the order of `shards`.
    package var slotCounts: [Int] {
        var counts: [Int: Int] = [:]
        for owner in owners { counts[owner.shard, default: 0] += 1 }
        return shards.map { counts[$0.number] ?? 0 }
    }
}

/// The slot map that a process has in hand; replaced as a whole when it turns out to be old.
package final class SlotMapHolder: Sendable {
    private let held: Mutex<SlotMap>

    /// Holds a map.
    package init(_ map: SlotMap) { held = Mutex(map) }

    /// The map in hand.
    package var current: SlotMap {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
