// The segments of JPEG files (ITU-T T.81 Annex B, JFIF, Exif), for what they say and to leave out what is nobody's
// business. The entropy-coded data between them is copied as it is.

/// Reads and strips the metadata of JPEG files.
enum JPEGMetadata {
    static func read(_ file: FilePart, into metadata: inout MediaMetadata) throws(PictureError) {
        var hasExif = false
        var hasFrame = false
        var segments = Segments(file)
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

    static func stripped(_ file: FilePart) throws(PictureError) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(file.count)
        output += [0xFF, 0xD8]
        var orientation = 1
        var hasExif = false
        var hasScan = false
        // Where the segment with the orientation belongs: behind that of JFIF, if it is the first, as both want.
        var exifPlace = 2
        var segments = Segments(file)
        while let segment = try segments.next() {
            switch segment.marker {
            case 0xE0:
                // A thumbnail may follow its 14 bytes.
                guard segment.body.has("JFIF\0"), segment.body.count >= 14, output.count == 2 else { break }
                append(0xE0, Array(segment.body.bytes.prefix(12)) + [0, 0], to: &output)
                exifPlace = output.count
            case 0xE1 where segment.body.has("Exif\0") && !hasExif:
                hasExif = true
                orientation = Exif(segment.body).orientation
            case 0xE2 where segment.body.has("ICC_PROFILE\0"):
                append(0xE2, segment.body.bytes, to: &output)
            case 0xEE where segment.body.has("Adobe") && segment.body.count >= 12:
                append(0xEE, segment.body.bytes.prefix(12), to: &output)
            // Other applications, comments, and what the standard keeps for extensions.
            case 0xE0...0xFE: break
            case 0xDA:
                hasScan = true
                append(0xDA, segment.body.bytes, to: &output)
                output += segment.data.bytes
            default: append(segment.marker, segment.body.bytes, to: &output)
            }
        }
        guard hasScan else { throw PictureError(.damaged, "the JPEG file has no picture") }
        if segments.hasEnd { output += [0xFF, 0xD9] }
        if orientation != 1 {
            var segment: [UInt8] = []
            append(0xE1, Array("Exif\0\0".utf8) + Exif.minimal(orientation), to: &segment)
            output.insert(contentsOf: segment, at: exifPlace)
        }
        return output
    }

    private static func append(_ marker: Int, _ body: some Collection<UInt8>, to output: inout [UInt8]) {
        output += [0xFF, UInt8(marker)]
        output.appendBig(body.count + 2, 2)
        output += body
    }
}

/// Goes through the segments of a JPEG file.
private struct Segments {
    struct Segment {
        /// The second byte of the marker.
        let marker: Int
        /// What stands behind the length.
        let body: FilePart
        /// The entropy-coded data behind a scan's header.
        let data: FilePart
    }

    private let file: FilePart
    private var offset = 2
    private var hasScan = false
    /// Whether the marker of the end has been met; many a camera leaves it out.
    private(set) var hasEnd = false

    init(_ file: FilePart) { self.file = file }

    /// The next segment with a length; nil at the end of the picture.
    mutating func next() throws(PictureError) -> Segment? {
        while true {
            guard offset + 1 < file.count || !hasScan else { return nil }
            // What stands between segments is no part of the picture.
            guard try file.byte(offset) == 0xFF, case let marker = try file.byte(offset + 1), marker != 0xFF,
                marker != 0
            else {
                offset += 1
                continue
            }
            offset += 2
            switch marker {
            case 0xD9:
                hasEnd = true
                return nil
            case 0x01, 0xD0...0xD8: continue
            default:
                guard let body = try body() else { return nil }
                offset += 2 + body.count
                let start = offset
                if marker == 0xDA {
                    hasScan = true
                    offset = Self.endOfScan(file, from: start)
                }
                return Segment(marker: marker, body: body, data: try file.part(start, offset - start))
            }
        }
    }

    /// What stands behind the length of a segment; nil if it is cut off behind a scan, where it is not needed to show
    /// what is there.
    private func body() throws(PictureError) -> FilePart? {
        do throws(PictureError) {
            let length = try file.big(offset, 2)
            guard length >= 2 else { throw PictureError(.damaged, "a JPEG segment has the length \(length)") }
            return try file.part(offset + 2, length - 2)
        } catch {
            if hasScan { return nil }
            throw error
        }
    }

    /// The offset of the first marker behind entropy-coded data that is none of a restart.
    private static func endOfScan(_ file: FilePart, from start: Int) -> Int {
        let base = file.range.lowerBound
        return file.file.withUnsafeBufferPointer { bytes in
            // Safety: base + count is the end of the file part, which lies in the file.
            var offset = start
            let last = file.count - 1
            while offset < last {
                if bytes[base + offset] == 0xFF {
                    let next = bytes[base + offset + 1]
                    if next != 0, next != 0xFF, !(0xD0...0xD7).contains(next) { return offset }
                }
                offset += 1
            }
            return file.count
        }
    }
}
