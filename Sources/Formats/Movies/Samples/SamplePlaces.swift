// Where samples lie in a file, and how large they are. Samples mostly follow one another in chunks, so that four bytes
// for the size are enough for most of them, and none at all where all have the same size.

/// The sizes of samples: one for all, or one for each.
struct SampleSizes: Sendable {
    /// How many there are.
    private(set) var count = 0
    /// The sum of all.
    private(set) var totalBytes = 0
    private var common: UInt32 = 0
    private var list: [UInt32] = []
    private var expected = 0

    /// Says how many there will be, so that no memory is taken for more.
    mutating func expect(_ count: Int) { expected = count }

    /// Appends the size of one sample, or the same size for many.
    mutating func append(_ size: UInt32, count more: Int = 1) throws(MovieError) {
        guard more > 0 else { return }
        if count == 0 { common = size }
        if !list.isEmpty || size != common {
            guard count + more <= MovieLimits.samples else {
                throw MovieError(.tooLarge, "a track has more than \(MovieLimits.samples) samples")
            }
            if list.isEmpty {
                list.reserveCapacity(Swift.max(expected, count + more))
                list += repeatElement(common, count: count)
            }
            if more == 1 { list.append(size) } else { list += repeatElement(size, count: more) }
        }
        count += more
        totalBytes += Int(size) * more
    }

    /// The size of a sample that exists.
    @inline(__always)
    subscript(index: Int) -> Int { Int(list.isEmpty ? common : list[index]) }

    /// The size that all samples have.
    var isCommon: Bool { list.isEmpty }

    /// How many bytes some samples have together, which exist.
    func sum(_ range: Range<Int>) -> Int {
        list.isEmpty ? range.count * Int(common) : list[range].reduce(0) { $0 + Int($1) }
    }
}

/// Pieces of the file in which samples lie without gaps.
struct SamplePlaces: Sendable {
    /// The most samples of a piece, if they differ in size: so many sizes are added up to find one of them.
    private static let most = 64

    private var firsts: [UInt32] = []
    private var offsets: [Int] = []
    private var next = (sample: 0, offset: -1)

    /// How many samples have a place.
    var count: Int { next.sample }

    /// Says how many pieces there will be, more or less, so that no memory is taken for many more.
    mutating func expect(_ count: Int) {
        firsts.reserveCapacity(count)
        offsets.reserveCapacity(count)
    }

    /// Appends samples, of which there are less than 2³², that follow one another at an offset.
    mutating func append(_ count: Int, at offset: Int, sizes: SampleSizes) {
        let end = next.sample + count
        var (sample, offset) = (next.sample, offset)
        while sample < end {
            // As many as the piece before has room for, if it ends here.
            let begun = firsts.last.map { sample - Int($0) } ?? 0
            let room = sizes.isCommon ? Int.max : Self.most - begun
            if offset != next.offset || room <= 0 || firsts.isEmpty {
                firsts.append(UInt32(truncatingIfNeeded: sample))
                offsets.append(offset)
                next.offset = offset
                continue
            }
            let part = min(room, end - sample)
            offset += sizes.sum(sample..<sample + part)
            sample += part
            next = (sample, offset)
        }
    }

    /// The piece of a sample that exists.
    func piece(of sample: Int) -> Int {
        var (low, high) = (0, firsts.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(firsts[middle]) <= sample { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// Where a piece begins.
    func offset(ofPiece piece: Int) -> Int { offsets[piece] }

    /// The first sample of a piece; behind the last piece, one that does not exist.
    func first(ofPiece piece: Int) -> Int { piece < firsts.count ? Int(firsts[piece]) : Int.max }
}
