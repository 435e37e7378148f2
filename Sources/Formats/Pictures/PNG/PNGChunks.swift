// The outer form of PNG: a signature and a row of chunks, each with its length, type, data and checksum (PNG
// Specification, third edition, §5).

/// One chunk of a PNG file.
struct PNGChunk {
    /// The four bytes of its type as a big-endian number.
    let type: UInt32
    /// Where its data lies in the file.
    let data: Range<Int>

    /// The number of a type of four letters.
    static func type(_ name: StaticString) -> UInt32 {
        name.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    /// A type's number in letters.
    static func name(_ type: UInt32) -> String {
        String(decoding: (0..<4).map { UInt8(truncatingIfNeeded: type >> (24 - 8 * $0)) }, as: UTF8.self)
    }

    /// Whether a picture may not be shown without understanding the chunk: its type begins with a capital letter.
    var isCritical: Bool { type >> 29 & 1 == 0 }
}

/// Walks over the chunks of a PNG file.
struct PNGChunks {
    /// The eight bytes that every PNG file begins with.
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    private let file: [UInt8]
    private var position: Int

    init(_ file: [UInt8]) throws(PictureError) {
        guard file.starts(with: Self.signature) else { throw PictureError(.unsupported, "this is no PNG picture") }
        self.file = file
        position = Self.signature.count
    }

    /// The next chunk with a right checksum.
    ///
    /// Chunks that a picture can be shown without are passed over when their checksum is wrong, as libpng does; wrong
    /// ones that it needs, and the end of the file, are errors.
    mutating func next() throws(PictureError) -> PNGChunk {
        while true {
            guard file.count - position >= 12 else { throw PictureError(.truncated, "the PNG picture ends too early") }
            let length = Int(file.bigEndian32(at: position))
            let chunk = PNGChunk(type: file.bigEndian32(at: position + 4), data: position + 8..<position + 8 + length)
            guard Self.isType(chunk.type) else { throw PictureError(.damaged, "a chunk has no valid type") }
            guard chunk.data.upperBound + 4 <= file.count else {
                throw PictureError(.truncated, "the PNG picture ends within the chunk \(PNGChunk.name(chunk.type))")
            }
            let covered = position + 4..<chunk.data.upperBound
            position = chunk.data.upperBound + 4
            if CRC32.of(file[covered]) == file.bigEndian32(at: chunk.data.upperBound) { return chunk }
            if chunk.isCritical {
                throw PictureError(.damaged, "the checksum of the chunk \(PNGChunk.name(chunk.type)) is wrong")
            }
        }
    }

    private static func isType(_ type: UInt32) -> Bool {
        (0..<4).allSatisfy { ASCII.isLetter(UInt8(truncatingIfNeeded: type >> (8 * $0))) }
    }
}

extension [UInt8] {
    /// The big-endian number of the four bytes at a place that exists.
    func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(self[offset]) << 24 | UInt32(self[offset + 1]) << 16 | UInt32(self[offset + 2]) << 8
            | UInt32(self[offset + 3])
    }
}
