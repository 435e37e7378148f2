// Sums of the parts of an object, kept with its hash, so that a part can be read and proved without hashing the whole.
//
// An object is cut into leaves of 64 KiB. The sum of a leaf depends on each of its words and on its place: a single
// changed word always changes it, anything else goes unseen once in 2⁶⁴ times. The check of a block is the sum of its
// leaves' sums, so blocks can be made larger while the object is still coming in and nobody knows how large it gets.
// The sums are no defence against somebody who means harm: whoever writes an object may write its checks as well.

internal import CStorage

/// The checks of an object's blocks.
package struct BlockChecks: Hashable, Sendable {
    /// Blocks of an object at most.
    static let maximumCount = 512
    /// The bytes of a leaf, and of the smallest blocks.
    static let leafBytes = 64 << 10

    /// The size of the object.
    package let sizeBytes: Int
    /// The bytes of a block.
    let blockBytes: Int
    /// One sum a block.
    let sums: [UInt64]

    init(sizeBytes: Int, sums: [UInt64]) {
        self.sizeBytes = sizeBytes
        blockBytes = Self.blockBytes(sizeBytes: sizeBytes)
        self.sums = sums
    }

    /// The checks of bytes in memory.
    package init(of bytes: [UInt8]) {
        var sum = BlockSums()
        // Safety: the bytes are read within the call.
        bytes.withUnsafeBytes { sum.add($0) }
        self = sum.finish()
    }

    /// Checks as they were coded; nil when they are not those of an object of that size.
    package init?(coded: [UInt8], sizeBytes: Int) {
        guard sizeBytes >= 0, coded.count == 8 * Self.count(sizeBytes: sizeBytes) else { return nil }
        self.sizeBytes = sizeBytes
        blockBytes = Self.blockBytes(sizeBytes: sizeBytes)
        sums = (0..<coded.count / 8).map { index in
            coded[8 * index..<8 * index + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// 8 bytes a block, the lowest first.
    package var coded: [UInt8] { sums.flatMap { sum in withUnsafeBytes(of: sum.littleEndian) { Array($0) } } }

    /// The bytes of a block, but for the last, which may be shorter: the least of 64 KiB · 2ᵏ with which an object of
    /// this size has no more blocks than are allowed.
    package static func blockBytes(sizeBytes: Int) -> Int {
        var bytes = leafBytes
        while (sizeBytes - 1) / bytes >= maximumCount { bytes *= 2 }
        return bytes
    }

    /// How many blocks an object of this size has.
    static func count(sizeBytes: Int) -> Int {
        sizeBytes == 0 ? 0 : (sizeBytes - 1) / blockBytes(sizeBytes: sizeBytes) + 1
    }

    /// How many blocks there are.
    var count: Int { sums.count }

    /// The bytes of the object that blocks cover.
    func range(ofBlocks blocks: Range<Int>) -> Range<Int> {
        let bytes = blockBytes
        return blocks.lowerBound * bytes..<min(blocks.upperBound * bytes, sizeBytes)
    }

    /// Whether bytes are those of a block, of which there are as many.
    func matches(_ bytes: UnsafeRawBufferPointer, block: Int) -> Bool {
        var leaf = block * (blockBytes / Self.leafBytes)
        var sum: UInt64 = 0
        var start = 0
        while start < bytes.count {
            let end = min(start + Self.leafBytes, bytes.count)
            sum &+= LeafSum.of(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), leaf: leaf)
            leaf += 1
            start = end
        }
        return sum == sums[block]
    }
}

/// The checks of an object that comes in.
struct BlockSums {
    private var sums: [UInt64] = []
    /// How often the blocks have been doubled.
    private var doublings = 0
    private var leaves = 0
    private var sizeBytes = 0
    /// The beginning of a leaf that is not complete.
    private var rest: [UInt8] = []

    /// Adds the next bytes.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        sizeBytes += bytes.count
        var left = bytes[...]
        if !rest.isEmpty {
            let piece = left.prefix(BlockChecks.leafBytes - rest.count)
            rest += piece
            left = left.dropFirst(piece.count)
            guard rest.count == BlockChecks.leafBytes else { return }
            addLeaf(sumOfRest)
            rest.removeAll(keepingCapacity: true)
        }
        while left.count >= BlockChecks.leafBytes {
            let leaf = UnsafeRawBufferPointer(rebasing: left.prefix(BlockChecks.leafBytes))
            addLeaf(LeafSum.of(leaf, leaf: leaves))
            left = left.dropFirst(BlockChecks.leafBytes)
        }
        rest += left
    }

    /// The checks of all that was added.
    mutating func finish() -> BlockChecks {
        if !rest.isEmpty {
            addLeaf(sumOfRest)
            rest = []
        }
        return BlockChecks(sizeBytes: sizeBytes, sums: sums)
    }

    private var sumOfRest: UInt64 {
        // Safety: the bytes are read within the call.
        rest.withUnsafeBytes { LeafSum.of($0, leaf: leaves) }
    }

    private mutating func addLeaf(_ sum: UInt64) {
        let block = leaves >> doublings
        if block == sums.count { sums.append(sum) } else { sums[block] &+= sum }
        leaves += 1
        guard sums.count > BlockChecks.maximumCount else { return }
        sums = stride(from: 0, to: sums.count, by: 2).map { sums[$0] &+ ($0 + 1 < sums.count ? sums[$0 + 1] : 0) }
        doublings += 1
    }
}

/// The sum of a leaf: 32 lanes side by side, each of which takes every 32nd word.
enum LeafSum {
    /// The sum of at most 64 KiB.
    static func of(_ bytes: UnsafeRawBufferPointer, leaf: Int) -> UInt64 {
        let laneCount = Int(SOCIAL_LANES)
        let stepBytes = Int(SOCIAL_STEP_BYTES)
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 3 * laneCount) { memory in
            // Safety: the memory holds the lanes and behind them one step; whole steps are read from the bytes, and
            // what is left of them is copied into that step, whose end stays zero.
            for lane in 0..<3 * laneCount { memory[lane] = lane < laneCount ? UInt64(lane) : 0 }
            let steps = bytes.count / stepBytes
            social_lanes_add(memory.baseAddress, bytes.baseAddress, steps)
            let tail = UnsafeRawBufferPointer(rebasing: bytes[(steps * stepBytes)...])
            if !tail.isEmpty, let end = memory.baseAddress.map({ $0 + laneCount }) {
                UnsafeMutableRawBufferPointer(start: end, count: stepBytes).copyMemory(from: tail)
                social_lanes_add(memory.baseAddress, end, 1)
            }
            var sum = Mixing.finalize(UInt64(leaf) &+ SplitMix.increment)
            for lane in 0..<laneCount { sum = Mixing.finalize(sum ^ memory[lane]) }
            return sum
        }
    }
}
