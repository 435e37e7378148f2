// The outer form of GIF: a screen, then blocks; the data of a block comes in pieces of at most 255 bytes, each with its
// length in front, and ends with an empty one.

/// Walks over the blocks of a GIF file.
struct GIFWalk {
    /// A block, as far as it matters to pixels.
    enum Block {
        /// What the next frame does with one index: it is not drawn.
        case control(clearIndex: UInt8?)
        /// A frame.
        case image(GIFReader.Frame)
        /// A comment, a text or what an application has left.
        case other
    }

    private let file: [UInt8]
    private var position = 6

    init(_ file: [UInt8]) { self.file = file }

    /// The logical screen, once, before the blocks.
    mutating func screen() throws(PictureError) -> (width: Int, height: Int, palette: Range<Int>) {
        let (width, height) = (try number(), try number())
        let flags = try byte()
        try skip(2)
        return (width, height, try palette(flags))
    }

    /// The next block; nil at the trailer, and at the end of a file that has none.
    mutating func nextBlock() throws(PictureError) -> Block? {
        // Some programs pad with empty blocks.
        while position < file.count, file[position] == 0 { position += 1 }
        guard position < file.count else { return nil }
        switch try byte() {
        case 0x2C: return .image(try image())
        case 0x21:
            guard try byte() == 0xF9 else {
                try skipPieces()
                return .other
            }
            let start = position
            try skipPieces()
            guard file[start] >= 4 else { return .control(clearIndex: nil) }
            return .control(clearIndex: file[start + 1] & 1 == 1 ? file[start + 4] : nil)
        case 0x3B: return nil
        default: throw PictureError(.damaged, "the GIF picture has an unknown block at byte \(position - 1)")
        }
    }

    private mutating func image() throws(PictureError) -> GIFReader.Frame {
        var frame = GIFReader.Frame()
        (frame.left, frame.top) = (try number(), try number())
        (frame.width, frame.height) = (try number(), try number())
        guard frame.width > 0, frame.height > 0 else { throw PictureError(.damaged, "a frame has no pixels") }
        let flags = try byte()
        frame.isInterlaced = flags & 0x40 != 0
        frame.palette = try palette(flags)
        frame.dataStart = position
        try skip(1)
        try skipPieces()
        return frame
    }

    /// The palette that flags announce; empty if there is none.
    private mutating func palette(_ flags: UInt8) throws(PictureError) -> Range<Int> {
        guard flags & 0x80 != 0 else { return 0..<0 }
        let start = position
        try skip(3 << (Int(flags & 7) + 1))
        return start..<position
    }

    private mutating func skipPieces() throws(PictureError) {
        while true {
            let length = Int(try byte())
            if length == 0 { return }
            try skip(length)
        }
    }

    private mutating func byte() throws(PictureError) -> UInt8 {
        try skip(1)
        return file[position - 1]
    }

    private mutating func number() throws(PictureError) -> Int { Int(try byte()) | Int(try byte()) << 8 }

    private mutating func skip(_ count: Int) throws(PictureError) {
        guard file.count - position >= count else { throw PictureError(.truncated, "the GIF picture ends too early") }
        position += count
    }
}
