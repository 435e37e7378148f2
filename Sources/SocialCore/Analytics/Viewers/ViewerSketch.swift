// How many different viewers there were: the exact set as long as it is small, a HyperLogLog from a thousand on.
// Sources: Flajolet, Fusy, Gandouet and Meunier, "HyperLogLog" (2007); the estimator is that of Ertl, "New cardinality
// estimation algorithms for HyperLogLog sketches" (2017), which needs no correction by tables.
//
// Which of the two forms a sketch has, and every bit of it, follows from the set of its viewers alone. So sketches that
// were merged in any order, from any parts, are the same.

internal import Glibc

/// A set of viewers that can be merged and counted.
package struct ViewerSketch: Equatable, Sendable {
    /// From so many viewers on, the count is an estimate.
    package static let exactViewers = 1_000
    /// Registers of the estimate, 2¹²: a standard error of 1.04/√4096 = 1.63 %.
    static let registers = 4_096
    private static let indexBits: UInt64 = 12
    /// Bits of which the leading zeros are counted.
    private static let rankBits = 36
    /// The standard error of an estimate, as a share of it.
    package static let standardError = 1.04 / 64

    /// The keys in ascending order, while there are fewer than `exactViewers`; empty afterwards.
    private(set) var keys: [UInt64] = []
    /// A register each byte, from `exactViewers` on; empty before.
    private(set) var ranks: [UInt8] = []

    /// A set without viewers.
    package init() {}

    /// A set of viewers.
    ///
    /// - Parameter keys: in ascending order, each once.
    init(ascending keys: some Collection<UInt64>) {
        if keys.count < ViewerSketch.exactViewers {
            self.keys = Array(keys)
        } else {
            ranks = Array(repeating: 0, count: ViewerSketch.registers)
            for key in keys { note(key) }
        }
    }

    /// Whether the count is exact.
    package var isExact: Bool { ranks.isEmpty }
    /// Whether there is no viewer.
    package var isEmpty: Bool { keys.isEmpty && ranks.isEmpty }

    // MARK: Adding

    /// Adds a viewer.
    package mutating func insert(_ viewer: ViewerKey) {
        let key = viewer.rawValue
        guard isExact else { return note(key) }
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        if low < keys.count, keys[low] == key { return }
        keys.insert(key, at: low)
        if keys.count >= ViewerSketch.exactViewers { thin() }
    }

    /// Adds the viewers of another set.
    package mutating func merge(_ other: ViewerSketch) {
        if other.isEmpty { return }
        if isEmpty {
            self = other
            return
        }
        if isExact, other.isExact {
            keys = ViewerSketch.union(keys, other.keys)
            if keys.count >= ViewerSketch.exactViewers { thin() }
            return
        }
        if isExact { thin() }
        guard !other.isExact else {
            for key in other.keys { note(key) }
            return
        }
        ranks.withUnsafeMutableBufferPointer { own in
            other.ranks.withUnsafeBufferPointer { its in
                for index in 0..<ViewerSketch.registers where its[index] > own[index] { own[index] = its[index] }
            }
        }
    }

    private static func union(_ one: [UInt64], _ two: [UInt64]) -> [UInt64] {
        var merged: [UInt64] = []
        merged.reserveCapacity(one.count + two.count)
        var (left, right) = (0, 0)
        while left < one.count || right < two.count {
            if right == two.count || (left < one.count && one[left] < two[right]) {
                merged.append(one[left])
                left += 1
            } else {
                if left < one.count, one[left] == two[right] { left += 1 }
                merged.append(two[right])
                right += 1
            }
        }
        return merged
    }

    /// From the exact form to the estimate.
    private mutating func thin() {
        ranks = Array(repeating: 0, count: ViewerSketch.registers)
        for key in keys { note(key) }
        keys = []
    }

    @inline(__always)
    private mutating func note(_ key: UInt64) {
        let index = Int(key & UInt64(ViewerSketch.registers - 1))
        let rest = key >> ViewerSketch.indexBits
        let zeros = rest.leadingZeroBitCount - (64 - ViewerSketch.rankBits)
        let rank = UInt8(truncatingIfNeeded: zeros + 1)
        if rank > ranks[index] { ranks[index] = rank }
    }

    // MARK: Counting

    /// How many viewers there are: exactly below `exactViewers`, else an estimate.
    package var count: Int64 {
        guard !isExact else { return Int64(keys.count) }
        let top = ViewerSketch.rankBits + 1
        var counts = Array(repeating: 0, count: top + 1)
        for rank in ranks { counts[min(Int(rank), top)] += 1 }
        let registers = Double(ViewerSketch.registers)
        var sum = registers * ViewerSketch.tau(1 - Double(counts[top]) / registers)
        for rank in stride(from: top - 1, through: 1, by: -1) { sum = 0.5 * (sum + Double(counts[rank])) }
        sum += registers * ViewerSketch.sigma(Double(counts[0]) / registers)
        let estimate = registers * registers / (2 * log(2) * sum)
        return max(Int64(estimate.rounded()), Int64(ViewerSketch.exactViewers))
    }

    private static func sigma(_ share: Double) -> Double {
        if share == 1 { return .infinity }
        var (share, power, sum) = (share, 1.0, share)
        while true {
            share *= share
            let before = sum
            sum += share * power
            power += power
            if sum == before { return sum }
        }
    }

    private static func tau(_ share: Double) -> Double {
        if share == 0 || share == 1 { return 0 }
        var (share, power, sum) = (share, 1.0, 1 - share)
        while true {
            share = share.squareRoot()
            let before = sum
            power *= 0.5
            sum -= (1 - share) * (1 - share) * power
            if sum == before { return sum / 3 }
        }
    }
}

// MARK: - Bytes

extension ViewerSketch {
    /// The bytes of a key.
    private static let keyBytes = 6
    /// The bytes of the registers, six bits each.
    private static let rankBytes = registers * 6 / 8

    /// How many bytes it takes.
    package var sizeBytes: Int {
        2 + (isExact ? keys.count * ViewerSketch.keyBytes : ViewerSketch.rankBytes)
    }

    /// Adds the bytes: the number of keys (16 bits) and six bytes for each, or `exactViewers` and six bits a register.
    func append(to bytes: inout [UInt8]) {
        let count = isExact ? keys.count : ViewerSketch.exactViewers
        bytes.append(UInt8(truncatingIfNeeded: count))
        bytes.append(UInt8(truncatingIfNeeded: count >> 8))
        for key in keys {
            for shift in stride(from: UInt64(0), to: ViewerKey.bits, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: key >> shift))
            }
        }
        for start in stride(from: 0, to: ranks.count, by: 4) {
            let group = (0..<4).reduce(UInt32(0)) { $0 | UInt32(ranks[start + $1] & 63) << UInt32(6 * $1) }
            for shift in stride(from: UInt32(0), to: 24, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: group >> shift))
            }
        }
    }

    /// The sketch that lies at an offset of some bytes, which moves behind it; nil when none does.
    init?(_ bytes: UnsafeBufferPointer<UInt8>, at offset: inout Int) {
        guard offset >= 0, offset + 2 <= bytes.count else { return nil }
        let count = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
        let size = count < ViewerSketch.exactViewers ? count * ViewerSketch.keyBytes : ViewerSketch.rankBytes
        guard count <= ViewerSketch.exactViewers, offset + 2 + size <= bytes.count else { return nil }
        var place = offset + 2
        if count < ViewerSketch.exactViewers {
            keys.reserveCapacity(count)
            for _ in 0..<count {
                var key: UInt64 = 0
                for byte in 0..<ViewerSketch.keyBytes { key |= UInt64(bytes[place + byte]) << UInt64(8 * byte) }
                if let last = keys.last, key <= last { return nil }
                keys.append(key)
                place += ViewerSketch.keyBytes
            }
        } else {
            ranks.reserveCapacity(ViewerSketch.registers)
            for _ in 0..<ViewerSketch.registers / 4 {
                let group = UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
                for shift in stride(from: UInt32(0), to: 24, by: 6) {
                    ranks.append(UInt8(truncatingIfNeeded: group >> shift) & 63)
                }
                place += 3
            }
        }
        offset = place
    }
}
