// The elements of WebM and Matroska files (RFC 8794, RFC 9559): an id and a size of variable length, then other
// elements or data.

/// Reads and strips the metadata of WebM and Matroska files.
enum EBMLWalk {
    /// The kind that the first element of a file names.
    static func documentType(_ head: FilePart) -> MediaType? {
        var elements = Elements(head, isCutOff: true)
        guard let header = try? elements.next() else { return nil }
        var fields = Elements(header.data)
        while let field = try? fields.next() {
            guard field.id == 0x4282 else { continue }
            return field.data.has("webm") ? .webm : field.data.has("matroska") ? .matroska : nil
        }
        return nil
    }

    static func read(_ file: FilePart, into metadata: inout MediaMetadata) throws(PictureError) {
        metadata.frames = nil
        var hasTracks = false
        var elements = try segment(file)
        while let element = try elements.next() {
            switch element.id {
            case 0x1549_A966: try information(element.data, &metadata)
            case 0x1654_AE6B:
                hasTracks = true
                try tracks(element.data, &metadata)
            default: break
            }
        }
        if !hasTracks { throw PictureError(.damaged, "the film has no tracks") }
    }

    /// Makes tags, attachments and what describes the film void, so that no offset changes.
    static func stripped(_ file: FilePart) throws(PictureError) -> StrippedFile {
        var edit = FileEdit(file)
        var elements = try segment(file)
        while let element = try elements.next() {
            switch element.id {
            case 0x1254_C367, 0x1941_A469, 0xEC: try edit.void(element)
            case 0x1549_A966:
                var fields = Elements(element.data)
                while let field = try fields.next() {
                    // Title, date, names of this file and its neighbours, and the checksum over all of them.
                    guard [0x7BA9, 0x4461, 0x7384, 0x3C83AB, 0x3E83BB, 0xBF, 0xEC].contains(field.id) else { continue }
                    try edit.void(field)
                }
            default: break
            }
        }
        return edit.finished()
    }

    /// The elements of the film, behind the header.
    private static func segment(_ file: FilePart) throws(PictureError) -> Elements {
        var elements = Elements(file, isCutOff: true)
        while let element = try elements.next() {
            if element.id == 0x1853_8067 { return Elements(element.data, isCutOff: true) }
        }
        throw PictureError(.damaged, "the film has no segment")
    }

    private static func information(_ data: FilePart, _ metadata: inout MediaMetadata) throws(PictureError) {
        var scale = 1_000_000
        var duration: Double?
        var fields = Elements(data)
        while let field = try fields.next() {
            switch field.id {
            case 0x2AD7B1: scale = try field.number()
            case 0x4489:
                let bits = try field.bits()
                duration =
                    field.data.count == 4
                    ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
            case 0x4461:
                // Nanoseconds since 2001, and milliseconds since 1970.
                let since = Int64(bitPattern: try field.bits())
                metadata.date = RFC3339.format(since / 1_000_000 + 978_307_200_000).prefix(19) + "Z"
            default: break
            }
        }
        if let duration { metadata.durationMilliseconds = Int(exactly: (duration * Double(scale) / 1e6).rounded()) }
    }

    private static func tracks(_ data: FilePart, _ metadata: inout MediaMetadata) throws(PictureError) {
        var entries = Elements(data)
        while let entry = try entries.next() {
            guard entry.id == 0xAE else { continue }
            var track = MediaMetadata.Track(kind: .other, codec: "")
            var fields = Elements(entry.data)
            while let field = try fields.next() {
                switch field.id {
                case 0x83: track.kind = [1: .video, 2: .audio, 17: .text][try field.number()] ?? .other
                case 0x86: track.codec = MediaText.text(field.data.bytes.prefix(64)) ?? ""
                case 0xE0 where metadata.width == 0:
                    var video = Elements(field.data)
                    while let field = try video.next() {
                        if field.id == 0xB0 { metadata.width = try field.number() }
                        if field.id == 0xBA { metadata.height = try field.number() }
                    }
                default: break
                }
            }
            try metadata.add(track)
        }
    }
}

extension FileEdit {
    /// Makes an element one of the same size that holds nothing.
    fileprivate mutating func void(_ element: Elements.Element) throws(PictureError) {
        // One byte of id, and a size of one byte if there is no room for eight.
        let count = element.whole.count
        var header: [UInt8] = [0xEC]
        if count < 9 { header.appendBig(0x80 | count - 2, 1) } else { header.appendBig(1 << 56 | count - 9, 8) }
        try overwrite(element.whole, with: header)
    }
}

/// Goes through the elements that follow one another in a part of a file.
private struct Elements {
    struct Element {
        let id: Int
        let data: FilePart
        /// With its header.
        let whole: FilePart

        /// The whole number that it holds.
        func number() throws(PictureError) -> Int {
            guard data.count <= 8 else { throw PictureError(.damaged, "a number has \(data.count) bytes") }
            return try data.big(0, data.count)
        }

        /// The bits of a number of at most eight bytes.
        func bits() throws(PictureError) -> UInt64 {
            guard data.count <= 8 else { throw PictureError(.damaged, "a number has \(data.count) bytes") }
            return data.bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    private let part: FilePart
    private let isCutOff: Bool
    private var offset = 0

    /// The elements of a part; one that is cut off, as at the end of what a camera still writes, may go beyond it.
    init(_ part: FilePart, isCutOff: Bool = false) {
        self.part = part
        self.isCutOff = isCutOff
    }

    /// The next element; nil behind the last one.
    ///
    /// Of an element whose size is not known the elements follow as if they were its neighbours, which only matters
    /// for clusters; a segment reaches to the end.
    mutating func next() throws(PictureError) -> Element? {
        guard offset < part.count else { return nil }
        let start = offset
        let idBytes = Self.length(try part.byte(offset))
        guard idBytes <= 4 else { throw PictureError(.damaged, "an element of the film has no id") }
        let id = try part.big(offset, idBytes)
        offset += idBytes
        let sizeBytes = Self.length(try part.byte(offset))
        guard sizeBytes <= 8 else { throw PictureError(.damaged, "an element of the film has no size") }
        let ones = 1 << (7 * sizeBytes) - 1
        var size = try part.big(offset, sizeBytes) & ones
        offset += sizeBytes
        if size == ones {
            size = id == 0x1853_8067 ? part.count - offset : 0
        } else if isCutOff {
            size = min(size, part.count - offset)
        }
        let data = try part.part(offset, size)
        offset += size
        return Element(id: id, data: data, whole: try part.part(start, offset - start))
    }

    /// How many bytes a number has, by the zeros before its first one.
    private static func length(_ first: Int) -> Int { UInt8(truncatingIfNeeded: first).leadingZeroBitCount + 1 }
}
