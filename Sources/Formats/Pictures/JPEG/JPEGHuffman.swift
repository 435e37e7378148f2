// Huffman codes of JPEG (ITU-T T.81, annex C and F.2.2.3) and the reader of the bits that they stand in. The reader
// never runs past its data: behind the end, or a marker, come zeros, and `isExhausted` says that some were used.

/// A Huffman code: short codes by one look into a table, long ones by the largest code of each length.
///
/// It is a class because a copy then costs one count of references, and blocks are many.
final class JPEGHuffman {
    /// How many bits one look decides.
    private static let lookBits = 9

    /// Length and symbol for each beginning of `lookBits` bits; zero where the code is longer.
    private var look = [UInt16](repeating: 0, count: 1 << lookBits)
    /// The first code behind those of each length, moved up to 16 bits.
    private var limits = [UInt32](repeating: 0, count: 17)
    /// What turns a code of each length into the index of its symbol.
    private var offsets = [Int](repeating: 0, count: 17)
    private let symbols: [UInt8]

    /// Builds the code from how many codes of each length 1…16 there are; nil if there are more than can be.
    init?(counts: ArraySlice<UInt8>, symbols: ArraySlice<UInt8>) {
        self.symbols = Array(symbols)
        var code = 0
        var index = 0
        for (length, count) in zip(1...16, counts) {
            offsets[length] = index - code
            for _ in 0..<Int(count) {
                guard code < 1 << length, index < self.symbols.count else { return nil }
                if length <= Self.lookBits {
                    let entry = UInt16(length) << 8 | UInt16(self.symbols[index])
                    let first = code << (Self.lookBits - length)
                    for slot in first..<first + 1 << (Self.lookBits - length) { look[slot] = entry }
                }
                code += 1
                index += 1
            }
            limits[length] = UInt32(code) << (16 - length)
            code <<= 1
        }
    }

    /// The next symbol; nil if the bits are no code.
    @inline(__always)
    func next(_ bits: inout JPEGBits) -> Int? {
        let ahead = bits.peek16()
        let entry = look[Int(ahead >> (16 - Self.lookBits))]
        if entry != 0 {
            bits.skip(Int(entry >> 8))
            return Int(entry & 0xFF)
        }
        return nextLong(ahead, &bits)
    }

    private func nextLong(_ ahead: UInt32, _ bits: inout JPEGBits) -> Int? {
        for length in 1...16 where ahead < limits[length] {
            let index = Int(ahead >> (16 - length)) + offsets[length]
            guard symbols.indices.contains(index) else { return nil }
            bits.skip(length)
            return Int(symbols[index])
        }
        return nil
    }
}

/// The bits of one piece of entropy-coded data, the most significant first, without the zeros stuffed behind 0xFF.
struct JPEGBits {
    private let bytes: FileBytes
    /// The next byte to load.
    private(set) var position: Int
    private var held: UInt64 = 0
    private var heldCount = 0
    /// Zero bits that were put behind the data.
    private var paddingCount = 0

    /// Begins at `position`.
    init(_ bytes: FileBytes, at position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// Whether bits were taken that are not there.
    var isExhausted: Bool { paddingCount > heldCount }

    /// The next 16 bits, which stay.
    @inline(__always)
    mutating func peek16() -> UInt32 {
        if heldCount < 16 { fill() }
        return UInt32(truncatingIfNeeded: held >> UInt64(truncatingIfNeeded: heldCount &- 16)) & 0xFFFF
    }

    /// Passes over bits that `peek16` has shown.
    @inline(__always)
    mutating func skip(_ count: Int) { heldCount &-= count }

    /// The next `count` bits, at most 16.
    @inline(__always)
    mutating func take(_ count: Int) -> Int {
        let ahead = peek16()
        heldCount &-= count
        return Int(ahead &>> UInt32(truncatingIfNeeded: 16 &- count))
    }

    /// The next bit.
    @inline(__always)
    mutating func takeBit() -> Bool { take(1) != 0 }

    /// The next `count` bits as a signed number (EXTEND of T.81, F.2.2.1).
    @inline(__always)
    mutating func takeSigned(_ count: Int) -> Int {
        guard count > 0 else { return 0 }
        let value = take(count)
        return value < 1 << (count &- 1) ? value &- (1 << count) &+ 1 : value
    }

    private mutating func fill() {
        while heldCount <= 48 {
            var byte: UInt8 = 0
            if position < bytes.count, bytes[position] != 0xFF {
                byte = bytes[position]
                position += 1
            } else if position + 1 < bytes.count, bytes[position + 1] == 0 {
                byte = 0xFF
                position += 2
            } else {
                paddingCount += 8
            }
            held = held << 8 | UInt64(byte)
            heldCount += 8
        }
    }
}
