// Mappings that compute a number from a key and know of the shards only how many there are: modulo and jump hash. When
// a shard goes that is not the last, the last one takes its number; there is no other way to close the gap.

/// Shards with consecutive numbers, one of which is computed from the key.
package struct NumberedShards: KeyedShardMapping {
    private var members: [Int]
    private let number: (UInt64, Int) -> Int

    /// Shards from 0 up to a count.
    ///
    /// - Parameter number: computes a number from a key and how many shards there are.
    package init(shards count: Int, number: @escaping (UInt64, Int) -> Int) {
        members = Array(0..<count)
        self.number = number
    }

    /// Takes up a new shard as the last.
    package mutating func add(_ shard: Int) { members.append(shard) }

    /// Does without a shard: the last one takes its number.
    package mutating func remove(_ shard: Int) {
        guard let place = members.firstIndex(of: shard), let last = members.popLast() else { return }
        if place < members.count { members[place] = last }
    }

    /// The shard of a key.
    package func shard(of key: UInt64) -> Int { members[number(key, members.count)] }
}

/// Jump hash (Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm", 2014).
package enum JumpHash {
    /// The bucket of a key, from 0 up to a count; costs about ln(count) steps.
    ///
    /// A key jumps on when the buckets grow past it, each time with the probability that fills the new bucket evenly.
    /// The division is one of integers; for the counts that we allow it gives what the paper's floating point does.
    package static func bucket(of key: UInt64, among count: Int) -> Int {
        var state = key
        var bucket: UInt64 = 0
        var next: UInt64 = 0
        while next < UInt64(count) {
            bucket = next
            state = state &* 2_862_933_555_777_941_757 &+ 1
            next = ((bucket + 1) << 31) / ((state >> 33) + 1)
        }
        return Int(bucket)
    }
}
