// The boxes of ISO base media files (ISO/IEC 14496-12) and QuickTime: a size, a name, and other boxes or data. The
// parsers name each path that they take, so that their depth is that of the code, whatever a file says.

/// Goes through the boxes that follow one another in a part of a file.
struct Boxes {
    /// One box.
    struct Box {
        /// What it is.
        let name: FourCC
        /// What stands behind its header.
        let data: FilePart
        /// With its header.
        let whole: FilePart
    }

    private let part: FilePart
    private var offset = 0

    init(_ part: FilePart) { self.part = part }

    /// The next box; nil at the end, before which a few bytes may be left over.
    mutating func next() throws(PictureError) -> Box? {
        guard offset + 8 <= part.count else { return nil }
        var size = try part.big(offset, 4)
        var header = 8
        if size == 1 {
            size = try part.big(offset + 8, 8)
            header = 16
        } else if size == 0 {
            size = part.count - offset
        }
        let name = try part.code(offset + 4)
        guard size >= header else { throw PictureError(.damaged, "the box \"\(name.text)\" has the size \(size)") }
        let whole = try part.part(offset, size)
        offset += size
        return Box(name: name, data: try whole.part(from: header), whole: whole)
    }
}

extension FilePart {
    /// What stands in the first box on a path of names.
    func box(_ path: FourCC...) throws(PictureError) -> FilePart? {
        var part = self
        for name in path {
            var boxes = Boxes(part)
            var found: FilePart?
            while found == nil, let box = try boxes.next() { found = box.name == name ? box.data : nil }
            guard let found else { return nil }
            part = found
        }
        return part
    }

    /// What stands in a box `meta`, which has a version in ISO files and none in QuickTime.
    func behindVersion() throws(PictureError) -> FilePart {
        has("hdlr", at: 4) ? self : try part(from: 4)
    }
}

/// A file that is changed in place, so that no offset in it changes.
struct FileEdit {
    /// The bytes of the file.
    private(set) var bytes: [UInt8]
    /// How many bytes may still be overwritten; tables that name the same place again and again end here.
    private var allowance: Int

    init(_ file: FilePart) {
        bytes = file.file
        allowance = 4 * file.count
    }

    /// Overwrites a part with a text and fills up the rest.
    mutating func overwrite(_ part: FilePart, with text: [UInt8] = [], fill: UInt8 = 0) throws(PictureError) {
        allowance -= part.count
        guard allowance >= 0 else { throw PictureError(.damaged, "the file names the same place too often") }
        for index in part.range { bytes[index] = fill }
        if text.count <= part.count { bytes.replaceSubrange(part.range.prefix(text.count), with: text) }
    }

    /// Makes a box one of the same size that holds nothing.
    mutating func free(_ box: Boxes.Box) throws(PictureError) {
        let name = box.whole.range.lowerBound + 4
        bytes.replaceSubrange(name..<name + 4, with: ("free" as FourCC).bytes)
        try overwrite(box.data)
    }
}
