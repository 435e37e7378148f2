// The outer form of JPEG (ITU-T T.81, Annex B): markers, of which most begin a segment with a length, and entropy-coded
// data between them.

/// Goes from marker to marker.
struct JPEGMarkers {
    /// The file.
    let file: FileBytes
    /// The next byte to read.
    var position = 0

    init(_ file: FileBytes) throws(PictureError) {
        guard file.starts(with: [0xFF, 0xD8]) else { throw PictureError(.unsupported, "it is no JPEG file") }
        self.file = file
    }

    /// The second byte of the next marker, behind which `position` moves; nil at the end of the file.
    mutating func next() -> UInt8? {
        while let found = file.place(of: 0xFF, from: position), found + 1 < file.count {
            position = found + 1
            // Behind 0xFF stands 0 in entropy-coded data, and another 0xFF fills up.
            if file[position] != 0, file[position] != 0xFF {
                position += 1
                return file[position - 1]
            }
        }
        position = file.count
        return nil
    }

    /// The contents of the segment at `position`, which moves behind it.
    mutating func segment() throws(PictureError) -> FilePart {
        guard position + 2 <= file.count else { throw PictureError(.truncated, "the JPEG file ends in a segment") }
        let length = Int(file[position]) << 8 | Int(file[position + 1])
        guard length >= 2 else { throw PictureError(.damaged, "a segment of the JPEG file has no length") }
        guard position + length <= file.count else {
            throw PictureError(.truncated, "the JPEG file ends in a segment")
        }
        defer { position += length }
        return try FilePart(file).part(position + 2, length - 2)
    }

    /// Moves to the first marker that is none of a restart, or to the end of the file.
    mutating func skipScan() {
        while let marker = next() {
            guard !(0xD0...0xD7).contains(marker) else { continue }
            position -= 2
            return
        }
    }
}

/// Goes through the segments of a JPEG file, without looking at entropy-coded data.
struct JPEGSegments {
    /// One segment.
    struct Segment {
        /// The second byte of the marker.
        let marker: UInt8
        /// What stands behind the length.
        let body: FilePart
        /// With its marker, and with the entropy-coded data behind the header of a scan.
        let whole: Range<Int>
    }

    /// Whether a scan has been met.
    private(set) var hasScan = false
    /// The marker of the end, once it has been met; many a camera leaves it out.
    private(set) var end: Range<Int>?
    private var markers: JPEGMarkers

    init(_ file: FilePart) throws(PictureError) { markers = try JPEGMarkers(file.file) }

    /// The next segment with a length; nil at the end of the picture, and where it is cut off behind a scan.
    mutating func next() throws(PictureError) -> Segment? {
        while let marker = markers.next() {
            let start = markers.position - 2
            switch marker {
            case 0x01, 0xD0...0xD8: continue
            case 0xD9:
                end = start..<start + 2
                return nil
            default:
                guard let body = try body() else { return nil }
                if marker == 0xDA {
                    hasScan = true
                    markers.skipScan()
                }
                return Segment(marker: marker, body: body, whole: start..<markers.position)
            }
        }
        guard hasScan else { throw PictureError(.truncated, "the JPEG file ends before its picture") }
        return nil
    }

    private mutating func body() throws(PictureError) -> FilePart? {
        do throws(PictureError) { return try markers.segment() } catch {
            if hasScan { return nil }
            throw error
        }
    }
}
