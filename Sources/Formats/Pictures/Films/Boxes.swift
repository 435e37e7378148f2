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
