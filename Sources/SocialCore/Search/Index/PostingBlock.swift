// Postings in blocks: up to 128 documents with how often each has the term, in as few bits as the largest needs, and
// what the block can give to a score at most, so that whole blocks are passed over without being unpacked.

/// What stands before a block of postings: five words in the segment's table of blocks.
struct PostingBlock {
    /// The last document of the block.
    var last: UInt32
    /// Where its packed numbers begin.
    var data: UInt32
    /// Where its positions begin.
    var positions: UInt32
    /// The length of its shortest document, at most 65,535.
    var shortest: UInt32
    /// The largest number of occurrences in a document, at most 65,535.
    var most: UInt32
    /// How many bits the distance to the document before takes.
    var documentBits: Int
    /// How many bits the number of further occurrences takes.
    var frequencyBits: Int
    /// How many documents it has.
    var count: Int

    /// How many documents a block has at most.
    static let limit = 128
    /// How many words a block takes in the table.
    static let words = 5

    /// The block as words.
    var encoded: [UInt32] {
        [
            last, data, positions, most << 16 | shortest,
            UInt32(count) << 16 | UInt32(documentBits) << 8 | UInt32(frequencyBits),
        ]
    }

    /// The block in words.
    @inline(__always)
    init(_ words: UnsafeBufferPointer<UInt32>, at start: Int) {
        last = words[start]
        data = words[start + 1]
        positions = words[start + 2]
        shortest = words[start + 3] & 0xFFFF
        most = words[start + 3] >> 16
        documentBits = Int(words[start + 4] >> 8 & 0xFF)
        frequencyBits = Int(words[start + 4] & 0xFF)
        count = Int(words[start + 4] >> 16)
    }

    /// A block for postings that follow a document.
    ///
    /// - Parameters:
    ///   - documents: ascending, all behind `previous`; -1 where there is none before.
    ///   - packed: gets the packed numbers.
    init(
        _ documents: UnsafeBufferPointer<UInt32>, _ frequencies: UnsafeBufferPointer<UInt32>,
        lengths: UnsafeBufferPointer<UInt16>, after previous: Int, positions: Int, into packed: inout [UInt8]
    ) {
        var distances: UInt32 = 0
        var further: UInt32 = 0
        var shortest: UInt32 = .max
        var before = previous
        for index in documents.indices {
            distances |= UInt32(truncatingIfNeeded: Int(documents[index]) - before - 1)
            further |= frequencies[index] - 1
            shortest = min(shortest, UInt32(lengths[Int(documents[index])]))
            before = Int(documents[index])
        }
        last = UInt32(truncatingIfNeeded: before)
        data = UInt32(truncatingIfNeeded: packed.count)
        self.positions = UInt32(truncatingIfNeeded: positions)
        self.shortest = shortest
        most = min(0xFFFF, frequencies.max() ?? 1)
        documentBits = 32 - distances.leadingZeroBitCount
        frequencyBits = 32 - further.leadingZeroBitCount
        count = documents.count
        var writer = BitWriter()
        before = previous
        for document in documents {
            writer.append(UInt64(Int(document) - before - 1), bits: documentBits, to: &packed)
            before = Int(document)
        }
        writer.finish(&packed)
        for frequency in frequencies { writer.append(UInt64(frequency - 1), bits: frequencyBits, to: &packed) }
        writer.finish(&packed)
    }

    /// How many bytes the packed documents take.
    var documentBytes: Int { (count * documentBits + 7) / 8 }
    /// How many bytes the packed numbers take together.
    var dataBytes: Int { documentBytes + (count * frequencyBits + 7) / 8 }

    /// Bytes behind the packed numbers of a segment, so that eight can be read at once anywhere.
    static let padding = 8

    /// Unpacks numbers of some bits each.
    ///
    /// - Parameter bytes: the packed numbers, and eight bytes more.
    @inline(__always)
    static func unpack(
        _ bytes: UnsafeRawPointer, bits: Int, count: Int, _ take: (Int, UInt32) -> Void
    ) {
        let mask: UInt64 = (1 << UInt64(bits)) - 1
        var bit = 0
        for index in 0..<count {
            // Safety: the caller has checked that the numbers and eight bytes more lie inside the section.
            let word = bytes.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self)
            take(index, UInt32(truncatingIfNeeded: word >> UInt64(bit & 7) & mask))
            bit += bits
        }
    }
}

/// Packs numbers of a few bits each into bytes.
private struct BitWriter {
    private var word: UInt64 = 0
    private var bits = 0

    mutating func append(_ value: UInt64, bits count: Int, to bytes: inout [UInt8]) {
        word |= value << UInt64(bits)
        bits += count
        while bits >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: word))
            word >>= 8
            bits -= 8
        }
    }

    mutating func finish(_ bytes: inout [UInt8]) {
        if bits > 0 { bytes.append(UInt8(truncatingIfNeeded: word)) }
        word = 0
        bits = 0
    }
}

/// Numbers in as many bytes as they need, seven bits in each.
enum Varint {
    /// Adds a number.
    @inline(__always)
    static func append(_ value: UInt32, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Reads a number and moves on; the end where the bytes end.
    @inline(__always)
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, at index: inout Int) -> UInt32 {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while index < bytes.count, shift < 32 {
            let byte = bytes[index]
            index += 1
            value |= UInt32(byte & 0x7F) << shift
            if byte < 0x80 { break }
            shift += 7
        }
        return value
    }
}
