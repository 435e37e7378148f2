// The outer form of PNG: a signature and a row of chunks, each with its length, name, data and checksum (PNG
// Specification, third edition, §5).

/// One chunk of a PNG file.
struct PNGChunk {
    /// Its name.
    let name: FourCC
    /// What it holds.
    let data: FilePart
    /// With length, name and checksum.
    let whole: FilePart

    /// Whether a picture may not be shown without understanding the chunk: its name begins with a capital letter.
    var isCritical: Bool { name.value & 0x2000_0000 == 0 }

    /// Whether the checksum over name and data is right.
    var isChecked: Bool {
        let range = whole.range
        return (try? whole.big(whole.count - 4, 4)).map { UInt32(truncatingIfNeeded: $0) }
            == whole.file.checksum(range.lowerBound + 4..<range.upperBound - 4)
    }

    /// The bytes of a chunk.
    static func bytes(_ name: FourCC, _ data: [UInt8]) -> [UInt8] {
        var chunk: [UInt8] = []
        chunk.reserveCapacity(data.count + 12)
        chunk.appendBig(data.count, 4)
        chunk += name.bytes
        chunk += data
        chunk.appendBig(Int(CRC32.of(chunk[4...])), 4)
        return chunk
    }
}

/// Walks over the chunks of a PNG file.
struct PNGChunks {
    /// The eight bytes that every PNG file begins with.
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    private let file: FilePart
    private var offset = Self.signature.count

    init(_ file: FilePart) throws(PictureError) {
        guard file.bytes.starts(with: Self.signature) else {
            throw PictureError(.unsupported, "this is no PNG picture")
        }
        self.file = file
    }

    /// The next chunk, whatever its checksum; the first is the header.
    mutating func next() throws(PictureError) -> PNGChunk {
        guard file.count - offset >= 12 else { throw PictureError(.truncated, "the PNG picture ends too early") }
        let length = try file.big(offset, 4)
        let name = try file.code(offset + 4)
        guard name.bytes.allSatisfy(ASCII.isLetter) else {
            throw PictureError(.damaged, "a chunk of the PNG picture has no valid name")
        }
        guard (name == "IHDR") == (offset == Self.signature.count) else {
            throw PictureError(.damaged, "the header of the PNG picture is not its first chunk")
        }
        guard length <= file.count - offset - 12 else {
            throw PictureError(.truncated, "the PNG picture ends within the chunk \(name.text)")
        }
        defer { offset += length + 12 }
        return PNGChunk(
            name: name, data: try file.part(offset + 8, length), whole: try file.part(offset, length + 12))
    }

    /// The next chunk with a right checksum.
    ///
    /// Chunks that a picture can be shown without are passed over when their checksum is wrong, as libpng does; wrong
    /// ones that it needs, and the end of the file, are errors.
    mutating func nextChecked() throws(PictureError) -> PNGChunk {
        while true {
            let chunk = try next()
            if chunk.isChecked { return chunk }
            if chunk.isCritical {
                throw PictureError(.damaged, "the checksum of the chunk \(chunk.name.text) is wrong")
            }
        }
    }
}
