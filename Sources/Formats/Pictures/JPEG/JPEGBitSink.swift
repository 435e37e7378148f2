// The bits of entropy-coded data on their way out: codes and values, the most significant bit first, and a zero stuffed
// behind each 0xFF (ITU-T T.81, F.1.2).

/// A Huffman code for writing.
struct JPEGCode {
    /// How many codes of each length from 1 to 16 there are.
    let counts: [UInt8]
    /// The symbols, those with the shortest codes first.
    let symbols: [UInt8]
    /// For each symbol its code and, in the upper half, how long that is.
    fileprivate let words: [UInt32]

    init(counts: [UInt8], symbols: [UInt8]) {
        self.counts = counts
        self.symbols = symbols
        var words = [UInt32](repeating: 0, count: 256)
        var rest = symbols[...]
        var code: UInt32 = 0
        for (length, count) in zip(UInt32(1)...16, counts) {
            for symbol in rest.prefix(Int(count)) {
                words[Int(symbol)] = length << 16 | code
                code += 1
            }
            rest = rest.dropFirst(Int(count))
            code <<= 1
        }
        self.words = words
    }
}

/// Collects bits as bytes.
struct JPEGBitSink {
    private var bytes: [UInt8] = []
    private var held: UInt64 = 0
    private var heldCount: UInt64 = 0

    /// Writes a symbol.
    mutating func put(symbol: Int, _ code: JPEGCode) {
        let word = code.words[symbol]
        put(UInt64(word & 0xFFFF), count: UInt64(word >> 16))
    }

    /// Writes a value behind so many zeros: their number and its length as a symbol, then its bits.
    mutating func put(_ zeroCount: Int, _ value: Int, _ code: JPEGCode) {
        let length = Int.bitWidth - value.magnitude.leadingZeroBitCount
        put(symbol: zeroCount << 4 | length, code)
        // Negative values are written less one, so that their first bit is zero.
        put(UInt64((value < 0 ? value - 1 : value) & (1 << length - 1)), count: UInt64(length))
    }

    private mutating func put(_ value: UInt64, count: UInt64) {
        held = held << count | value
        heldCount += count
        while heldCount >= 8 {
            heldCount -= 8
            let byte = UInt8(truncatingIfNeeded: held >> heldCount)
            bytes.append(byte)
            if byte == 0xFF { bytes.append(0) }
        }
    }

    /// All bytes, the last filled up with ones.
    mutating func finished() -> [UInt8] {
        if heldCount > 0 { put(0x7F, count: 7) }
        return bytes
    }
}
