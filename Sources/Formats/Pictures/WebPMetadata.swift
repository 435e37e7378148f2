// The chunks of WebP files (RFC 9649), for what they say and to leave out what is nobody's business.

/// Reads and strips the metadata of WebP files.
enum WebPMetadata {
    private static let alphaFlag: UInt8 = 0x10
    private static let exifFlag: UInt8 = 0x08
    private static let xmpFlag: UInt8 = 0x04

    static func read(_ file: FilePart, into metadata: inout MediaMetadata) throws(PictureError) {
        var frames = 0
        var duration = 0
        metadata.bitDepth = 8
        var chunks = RIFFChunks(try content(file))
        while let chunk = try chunks.next() {
            switch chunk.name {
            case "VP8X":
                metadata.colour = try chunk.data.byte(0) & Int(alphaFlag) == 0 ? .colour : .colourAlpha
                metadata.width = try chunk.data.little(4, 3) + 1
                metadata.height = try chunk.data.little(7, 3) + 1
            case "VP8 " where metadata.width == 0:
                guard try chunk.data.big(3, 3) == 0x9D_012A else {
                    throw PictureError(.damaged, "the WebP file has no key frame")
                }
                metadata.colour = .colour
                metadata.width = try chunk.data.little(6, 2) & 0x3FFF
                metadata.height = try chunk.data.little(8, 2) & 0x3FFF
            case "VP8L" where metadata.width == 0:
                // A signature, then fourteen bits each, less one, and a bit for transparency.
                let bits = try chunk.data.little(1, 4)
                metadata.colour = bits >> 28 & 1 == 0 ? .colour : .colourAlpha
                metadata.width = bits & 0x3FFF + 1
                metadata.height = bits >> 14 & 0x3FFF + 1
            case "ANMF":
                frames += 1
                try PictureLimits.check(frames: frames)
                duration += try chunk.data.little(12, 3)
            case "EXIF": Exif(chunk.data).describe(&metadata)
            default: break
            }
        }
        if frames > 0 {
            metadata.frames = frames
            metadata.durationMilliseconds = duration
        }
    }

    static func stripped(_ file: FilePart) throws(PictureError) -> [UInt8] {
        var output: [UInt8] = Array("RIFF\0\0\0\0WEBP".utf8)
        output.reserveCapacity(file.count)
        var orientation = 1
        var flagsPlace: Int?
        var chunks = RIFFChunks(try content(file))
        while let chunk = try chunks.next() {
            switch chunk.name {
            case "VP8X":
                guard chunk.data.count >= 10 else { throw PictureError(.damaged, "the WebP file has a short header") }
                flagsPlace = output.count + 8
                append(chunk.name, chunk.data.bytes, to: &output)
            case "EXIF": orientation = Exif(chunk.data).orientation
            case "ANMF": append(chunk.name, try strippedFrame(chunk.data), to: &output)
            case "VP8 ", "VP8L", "ALPH", "ANIM", "ICCP": append(chunk.name, chunk.data.bytes, to: &output)
            default: break
            }
        }
        if let flagsPlace {
            output[flagsPlace] &= ~(exifFlag | xmpFlag)
            if orientation != 1 {
                output[flagsPlace] |= exifFlag
                append("EXIF", Exif.minimal(orientation), to: &output)
            }
        }
        var size: [UInt8] = []
        size.appendLittle(output.count - 8, 4)
        output.replaceSubrange(4..<8, with: size)
        return output
    }

    /// A frame of an animation: what it is made of, but not what else stands in it.
    private static func strippedFrame(_ frame: FilePart) throws(PictureError) -> [UInt8] {
        var output = Array(try frame.part(0, 16).bytes)
        var chunks = RIFFChunks(try frame.part(from: 16))
        while let chunk = try chunks.next() {
            if ["VP8 ", "VP8L", "ALPH"].contains(chunk.name) { append(chunk.name, chunk.data.bytes, to: &output) }
        }
        return output
    }

    /// What stands behind the form's name, as far as the form says that it goes.
    private static func content(_ file: FilePart) throws(PictureError) -> FilePart {
        try file.part(12, try file.little(4, 4) - 4)
    }

    private static func append(_ name: FourCC, _ data: some Collection<UInt8>, to output: inout [UInt8]) {
        output += name.bytes
        output.appendLittle(data.count, 4)
        output += data
        if data.count % 2 == 1 { output.append(0) }
    }
}

/// Goes through the chunks of a RIFF form.
private struct RIFFChunks {
    struct Chunk {
        let name: FourCC
        let data: FilePart
    }

    private let form: FilePart
    private var offset = 0

    init(_ form: FilePart) { self.form = form }

    /// The next chunk; nil behind the last one.
    mutating func next() throws(PictureError) -> Chunk? {
        guard offset < form.count else { return nil }
        let size = try form.little(offset + 4, 4)
        let chunk = Chunk(name: try form.code(offset), data: try form.part(offset + 8, size))
        // The length of each is rounded up to an even one.
        offset += 8 + size + size % 2
        return chunk
    }
}
