// Where does a key live? The façade of the room: which shard owns which slot, and since which move.

internal import Synchronization

/// Who owns a slot.
package struct SlotOwner: Equatable, Sendable {
    /// The shard's number.
    package var shard: Int
    /// Grows with every move of the slot.
    package var epoch: Int64

    /// Who owns a slot.
    package init(shard: Int, epoch: Int64) {
        self.shard = shard
        self.epoch = epoch
    }
}

/// A shard as the map knows it.
package struct ShardEntry: Equatable, Sendable {
    /// The shard's number, which also names its folder.
    package var number: Int
    /// Grows with every change of the shard's set of slots; the shard stores the same number.
    package var version: Int64
    /// Its share of the slots, in proportion to the others'.
    package var weight: Int
    /// The address of the server on which it is; nil for the network's first, or for files.
    package var store: String?
    /// Its move to another server; nil when it is not on the way.
    package var move: ServerMove?

    /// A shard of a version.
    package init(number: Int, version: Int64, weight: Int = 1, store: String? = nil, move: ServerMove? = nil) {
        self.number = number
        self.version = version
        self.weight = weight
        self.store = store
        self.move = move
    }
}

/// The slot map: slot → shard and epoch.
///
/// A value; changes make a new map.
package struct SlotMap: Equatable, Sendable {
    /// Neighbouring slots with one owner.
    package struct Run: Equatable, Sendable {
        /// The slots' numbers.
        package var slots: ClosedRange<Int>
        /// Who owns them.
        package var owner: SlotOwner

        /// Neighbouring slots with one owner.
        package init(slots: ClosedRange<Int>, owner: SlotOwner) {
            self.slots = slots
            self.owner = owner
        }
    }

    /// The shards, in order of their numbers.
    package let shards: [ShardEntry]
    /// All slots, in order.
    package let runs: [Run]
    /// The number of the next shard that is added: none is ever used twice, because others may still remember the shard
    /// that had it.
    package let nextShard: Int
    /// Tells this map from those before and after it; never 0 or 1.
    package let mark: UInt64
    /// For each slot its run.
    private let places: [UInt16]

    /// The map of a new directory: equal runs of slots, so that the fullest shard has at most one slot more than
    /// another.
    package init(shardCount: Int) {
        shards = (0..<shardCount).map { ShardEntry(number: $0, version: 1) }
        runs = (0..<shardCount).map { shard in
            let first = (shard * Slot.count + shardCount - 1) / shardCount
            let next = ((shard + 1) * Slot.count + shardCount - 1) / shardCount
            return Run(slots: first...next - 1, owner: SlotOwner(shard: shard, epoch: 1))
        }
        places = SlotMap.places(of: runs)
        nextShard = shardCount
        mark = SlotMap.mark(of: shards)
    }

    /// Versions only grow and numbers are used once, so shards and versions tell maps apart.
    private static func mark(of shards: [ShardEntry]) -> UInt64 {
        shards.reduce(UInt64(shards.count)) { sum, shard in
            Mixing.finalize(Mixing.finalize(sum ^ UInt64(shard.number)) ^ UInt64(bitPattern: shard.version))
        } | 2
    }

    /// A map from its parts; nil unless the runs cover each slot once, in order, and name known shards only.
    package init?(shards: [ShardEntry], runs: [Run], nextShard: Int? = nil) {
        var next = 0
        var joined: [Run] = []
        for run in runs {
            guard run.slots.lowerBound == next, shards.contains(where: { $0.number == run.owner.shard }) else {
                return nil
            }
            next = run.slots.upperBound + 1
            if let last = joined.last, last.owner == run.owner {
                joined[joined.count - 1].slots = last.slots.lowerBound...run.slots.upperBound
            } else {
                joined.append(run)
            }
        }
        for (one, other) in zip(shards, shards.dropFirst()) where one.number >= other.number { return nil }
        guard next == Slot.count else { return nil }
        self.shards = shards
        self.runs = joined
        places = SlotMap.places(of: joined)
        self.nextShard = max(nextShard ?? 0, (shards.last?.number ?? -1) + 1)
        mark = SlotMap.mark(of: shards)
    }

    private static func places(of runs: [Run]) -> [UInt16] {
        var places: [UInt16] = []
        places.reserveCapacity(Slot.count)
        for (place, run) in runs.enumerated() {
            // An array and not a sequence: builds without optimisation open a network twenty times as fast.
            places += [UInt16](repeating: UInt16(place), count: run.slots.count)
        }
        return places
    }

    /// Who owns a slot; costs two looks into arrays.
    package func owner(of slot: Slot) -> SlotOwner { runs[Int(places[slot.index])].owner }

    /// The version of a shard's set of slots; 0 when there is no such shard.
    package func version(of shard: Int) -> Int64 { self[shard]?.version ?? 0 }

    /// What the map says of a shard; nil when there is no such shard.
    package subscript(shard: Int) -> ShardEntry? {
        // Shards are numbered from 0 on until the first is removed.
        if shard < shards.count, shards[shard].number == shard { return shards[shard] }
        return shards.first { $0.number == shard }
    }

    /// How many slots each shard owns, in the order of `shards`.
    package var slotCounts: [Int] {
        shards.map { shard in runs.reduce(0) { $0 + ($1.owner.shard == shard.number ? $1.slots.count : 0) } }
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
