// The chunks of PNG files (W3C Recommendation, third edition), for what they say and to leave out what is nobody's
// business.

internal import CZlib

/// Reads and strips the metadata of PNG files.
enum PNGMetadata {
    /// The chunks that are needed to show the picture as it is meant, beside the critical ones.
    private static let shown: [FourCC] = [
        "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "cICP", "mDCV", "cLLI", "acTL", "fcTL", "fdAT",
    ]

    static func read(_ file: FilePart, into metadata: inout MediaMetadata) throws(PictureError) {
        var delay = 0.0
        var chunks = Chunks(file)
        while let chunk = try chunks.next() {
            switch chunk.name {
            case "IHDR":
                metadata.width = try chunk.data.big(0, 4)
                metadata.height = try chunk.data.big(4, 4)
                metadata.bitDepth = try chunk.data.byte(8)
                metadata.colour =
                    switch try chunk.data.byte(9) {
                    case 0: .grey
                    case 2: .colour
                    case 3: .palette
                    case 4: .greyAlpha
                    case 6: .colourAlpha
                    default: throw PictureError(.damaged, "the PNG file has an unknown kind of colour")
                    }
            case "acTL":
                let frames = try chunk.data.big(0, 4)
                try PictureLimits.check(frames: frames)
                metadata.frames = frames
            case "fcTL":
                // Hundredths of a second, unless a denominator is given.
                let denominator = try chunk.data.big(22, 2)
                delay += Double(try chunk.data.big(20, 2)) / Double(denominator == 0 ? 100 : denominator)
            case "eXIf": Exif(chunk.data).describe(&metadata)
            default: break
            }
        }
        if metadata.frames != 1 { metadata.durationMilliseconds = Int((delay * 1_000).rounded()) }
    }

    static func stripped(_ file: FilePart) throws(PictureError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(file.count)
        output += try file.part(0, 8).bytes
        var orientation = 1
        var exifPlace = 0
        var chunks = Chunks(file)
        while let chunk = try chunks.next() {
            if chunk.name == "eXIf" { orientation = Exif(chunk.data).orientation }
            if chunk.isCritical || shown.contains(chunk.name) { output += chunk.whole.bytes }
            if chunk.name == "IHDR" { exifPlace = output.count }
        }
        if orientation != 1 { output.insert(contentsOf: Self.chunk("eXIf", Exif.minimal(orientation)), at: exifPlace) }
        return output
    }

    private static func chunk(_ name: FourCC, _ data: [UInt8]) -> [UInt8] {
        var chunk: [UInt8] = []
        chunk.appendBig(data.count, 4)
        chunk += name.bytes + data
        // Safety: crc32_z reads as many bytes as it is told, which the buffer has.
        let checksum = chunk.dropFirst(4).withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
        chunk.appendBig(Int(checksum), 4)
        return chunk
    }
}

/// Goes through the chunks of a PNG file.
private struct Chunks {
    struct Chunk {
        let name: FourCC
        let data: FilePart
        /// With length, name and checksum.
        let whole: FilePart

        /// Whether the picture cannot be shown without it: the first letter is a capital one.
        var isCritical: Bool { name.value & 0x2000_0000 == 0 }
    }

    private let file: FilePart
    private var offset = 8
    private var isAtEnd = false

    init(_ file: FilePart) { self.file = file }

    /// The next chunk; nil behind the last one.
    mutating func next() throws(PictureError) -> Chunk? {
        guard !isAtEnd else { return nil }
        let length = try file.big(offset, 4)
        let chunk = Chunk(
            name: try file.code(offset + 4), data: try file.part(offset + 8, length),
            whole: try file.part(offset, length + 12))
        guard (chunk.name == "IHDR") == (offset == 8) else {
            throw PictureError(.damaged, "the PNG file does not begin with its header")
        }
        offset += length + 12
        isAtEnd = chunk.name == "IEND"
        return chunk
    }
}
