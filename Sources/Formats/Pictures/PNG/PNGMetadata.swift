// The chunks of PNG files (W3C Recommendation, third edition), for what they say and to leave out what is nobody's
// business.

/// Reads and strips the metadata of PNG files.
enum PNGMetadata {
    /// The chunks that are needed to show the picture as it is meant, beside the critical ones.
    private static let shown: [FourCC] = [
        "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "cICP", "mDCV", "cLLI", "acTL", "fcTL", "fdAT",
    ]

    static func read(_ file: FilePart, into metadata: inout MediaMetadata) throws(PictureError) {
        var delay = 0.0
        var chunks = try PNGChunks(file)
        loop: while true {
            let chunk = try chunks.next()
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
            case "IEND": break loop
            default: break
            }
        }
        if metadata.frames != 1 { metadata.durationMilliseconds = Int((delay * 1_000).rounded()) }
    }

    static func stripped(_ file: FilePart) throws(PictureError) -> StrippedFile {
        var output = FileRewrite(file.file)
        output.keep(0..<PNGChunks.signature.count)
        var orientation = 1
        var exifPlace: Int?
        var chunks = try PNGChunks(file)
        while true {
            let chunk = try chunks.next()
            if chunk.name == "eXIf" { orientation = Exif(chunk.data).orientation }
            if chunk.isCritical || shown.contains(chunk.name) { output.keep(chunk.whole) }
            if chunk.name == "IHDR" { exifPlace = output.reserve() }
            if chunk.name == "IEND" { break }
        }
        if orientation != 1, let exifPlace {
            output.fill(exifPlace, PNGChunk.bytes("eXIf", Exif.minimal(orientation)))
        }
        return output.finished()
    }
}
