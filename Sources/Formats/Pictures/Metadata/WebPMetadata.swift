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

    static func stripped(_ file: FilePart) throws(PictureError) -> StrippedFile {
        var output = FileRewrite(file.file)
        let formPlace = output.reserve()
        var orientation = 1
        var header: (place: Int, bytes: [UInt8])?
        var chunks = RIFFChunks(try content(file))
        while let chunk = try chunks.next() {
            switch chunk.name {
            case "VP8X":
                guard chunk.data.count >= 10 else { throw PictureError(.damaged, "the WebP file has a short header") }
                header = (output.reserve(), Array(chunk.data.bytes.prefix(10)))
            case "EXIF": orientation = Exif(chunk.data).orientation
            case "ANMF": try keepFrame(chunk.data, in: &output)
            case "VP8 ", "VP8L", "ALPH", "ANIM", "ICCP": keep(chunk, in: &output)
            default: break
            }
        }
        if let header {
            var bytes = header.bytes
            bytes[0] &= ~(exifFlag | xmpFlag)
            if orientation != 1 {
                bytes[0] |= exifFlag
                output.add(head("EXIF", Exif.minimal(orientation).count) + Exif.minimal(orientation))
            }
            output.fill(header.place, head("VP8X", bytes.count) + bytes)
        }
        output.fill(formPlace, head("RIFF", output.count + 4) + Array("WEBP".utf8))
        return output.finished()
    }

    /// Keeps a frame of an animation: what it is made of, but not what else stands in it.
    private static func keepFrame(_ frame: FilePart, in output: inout FileRewrite) throws(PictureError) {
        let headPlace = output.reserve()
        let start = output.count
        output.keep(try frame.part(0, 16))
        var chunks = RIFFChunks(try frame.part(from: 16))
        while let chunk = try chunks.next() {
            if ["VP8 ", "VP8L", "ALPH"].contains(chunk.name) { keep(chunk, in: &output) }
        }
        output.fill(headPlace, head("ANMF", output.count - start))
    }

    private static func keep(_ chunk: RIFFChunks.Chunk, in output: inout FileRewrite) {
        output.keep(chunk.data.range.lowerBound - 8..<chunk.data.range.upperBound)
        if chunk.data.count % 2 == 1 { output.add([0]) }
    }

    private static func head(_ name: FourCC, _ count: Int) -> [UInt8] {
        var bytes = name.bytes
        bytes.appendLittle(count, 4)
        return bytes
    }

    /// What stands behind the form's name, as far as the form says that it goes.
    private static func content(_ file: FilePart) throws(PictureError) -> FilePart {
        try file.part(12, try file.little(4, 4) - 4)
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
