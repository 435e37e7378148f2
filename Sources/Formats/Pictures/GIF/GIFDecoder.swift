// The compression of GIF: Lempel, Ziv and Welch's, with codes that grow from a few bits to twelve (version
// 89a, appendix F).

/// Decodes the data of a frame into indices of its palette.
struct GIFDecoder {
    private static let highestCodes = 4096

    private let file: FileBytes
    private var position: Int
    /// How much of the current piece is left, in bytes.
    private var pieceBytes = 0
    private var bits: UInt32 = 0
    private var bitCount = 0

    private let minimumBits: Int
    private var codeBits: Int
    /// The text of a code is that of its prefix and one more index.
    private var prefixes = [UInt16](repeating: 0, count: Self.highestCodes)
    private var lasts = [UInt8](repeating: 0, count: Self.highestCodes)
    private var lengths = [UInt16](repeating: 1, count: Self.highestCodes)
    private var count: Int
    private var previous: Int?
    private var text: [UInt8] = []

    /// Begins with the byte that says how many bits an index has.
    init(_ file: FileBytes, at start: Int) throws(PictureError) {
        self.file = file
        minimumBits = Int(file[start])
        guard (1...8).contains(minimumBits) else {
            throw PictureError(.damaged, "the GIF picture has codes of \(minimumBits) bits")
        }
        position = start + 1
        codeBits = minimumBits + 1
        count = 1 << minimumBits + 2
        for index in 0..<1 << minimumBits { lasts[index] = UInt8(index) }
    }

    /// The next indices, at least one.
    mutating func next() throws(PictureError) -> [UInt8] {
        let clear = 1 << minimumBits
        while true {
            let code = try nextCode()
            if code == clear {
                codeBits = minimumBits + 1
                count = clear + 2
                previous = nil
                continue
            }
            if code == clear + 1 { throw PictureError(.truncated, "the GIF picture has too few pixels") }
            guard code < count || code == count && previous != nil else {
                throw PictureError(.damaged, "the GIF picture has a code that is not defined yet")
            }
            spell(code)
            return text
        }
    }

    /// Sets `text` to that of a code, and defines the next code: the previous text and the first index of this one.
    private mutating func spell(_ code: Int) {
        // A code that is only now defined is the previous text and its own first index.
        let isNew = code == count
        var rest = isNew ? previous ?? 0 : code
        let length = Int(lengths[rest])
        text.removeAll(keepingCapacity: true)
        for _ in 0..<length {
            text.append(lasts[rest])
            rest = Int(prefixes[rest])
        }
        text.reverse()
        let first = text[0]
        if isNew { text.append(first) }
        if let previous, count < Self.highestCodes {
            prefixes[count] = UInt16(previous)
            lasts[count] = first
            lengths[count] = lengths[previous] + 1
            count += 1
            if count == 1 << codeBits, codeBits < 12 { codeBits += 1 }
        }
        previous = code
    }

    private mutating func nextCode() throws(PictureError) -> Int {
        while bitCount < codeBits {
            if pieceBytes == 0 {
                // The walk has found all pieces whole.
                pieceBytes = Int(file[position])
                position += 1
                guard pieceBytes > 0 else {
                    throw PictureError(.truncated, "the pixels of the GIF picture end too early")
                }
            }
            bits |= UInt32(file[position]) << UInt32(bitCount)
            bitCount += 8
            position += 1
            pieceBytes -= 1
        }
        let code = Int(bits) & (1 << codeBits - 1)
        bits >>= UInt32(codeBits)
        bitCount -= codeBits
        return code
    }
}
