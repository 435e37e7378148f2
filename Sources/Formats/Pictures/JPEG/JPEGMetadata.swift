// The segments of JPEG files (ITU-T T.81 Annex B, JFIF, Exif), for what they say and to leave out what is nobody's
// business. The entropy-coded data between them is kept as it is.

/// Reads and strips the metadata of JPEG files.
enum JPEGMetadata {
    static func read(_ file: FilePart, into metadata: inout MediaMetadata) throws(PictureError) {
        var hasExif = false
        var hasFrame = false
        var segments = try JPEGSegments(file)
        while let segment = try segments.next() {
            switch segment.marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                guard !hasFrame else { break }
                hasFrame = true
                metadata.bitDepth = try segment.body.byte(0)
                metadata.height = try segment.body.big(1, 2)
                metadata.width = try segment.body.big(3, 2)
                metadata.colour =
                    switch try segment.body.byte(5) {
                    case 1: .grey
                    case 3: .colour
                    case 4: .inks
                    default: nil
                    }
            case 0xE1 where segment.body.has("Exif\0") && !hasExif:
                hasExif = true
                Exif(segment.body).describe(&metadata)
            // Nothing that is wanted stands behind the first scan.
            case 0xDA where hasFrame: return
            default: break
            }
        }
        if !hasFrame { throw PictureError(.damaged, "the JPEG file has no frame") }
    }

    static func stripped(_ file: FilePart) throws(PictureError) -> StrippedFile {
        var output = FileRewrite(file.file)
        output.keep(0..<2)
        // Where the segment with the orientation belongs: behind that of JFIF, if it is the first, as both want.
        var exifPlace = output.reserve()
        var orientation = 1
        var hasExif = false
        var segments = try JPEGSegments(file)
        while let segment = try segments.next() {
            switch segment.marker {
            case 0xE0:
                // A thumbnail may follow its 14 bytes, of which the last two are its size.
                guard segment.body.has("JFIF\0"), segment.body.count >= 14, output.count == 2 else { break }
                output.add(Self.segment(0xE0, Array(segment.body.bytes.prefix(12)) + [0, 0]))
                exifPlace = output.reserve()
            case 0xE1 where segment.body.has("Exif\0") && !hasExif:
                hasExif = true
                orientation = Exif(segment.body).orientation
            case 0xE2 where segment.body.has("ICC_PROFILE\0"): output.keep(segment.whole)
            case 0xEE where segment.body.has("Adobe") && segment.body.count >= 12:
                output.add(Self.segment(0xEE, Array(segment.body.bytes.prefix(12))))
            // Other applications, comments, and what the standard keeps for extensions.
            case 0xE0...0xFE: break
            default: output.keep(segment.whole)
            }
        }
        guard segments.hasScan else { throw PictureError(.damaged, "the JPEG file has no picture") }
        if let end = segments.end { output.keep(end) }
        if orientation != 1 {
            output.fill(exifPlace, segment(0xE1, Array("Exif\0\0".utf8) + Exif.minimal(orientation)))
        }
        return output.finished()
    }

    /// A segment with its marker and length.
    static func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] {
        var segment: [UInt8] = [0xFF, marker]
        segment.appendBig(body.count + 2, 2)
        return segment + body
    }
}
