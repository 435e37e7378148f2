// The outer form of GIF (CompuServe, Graphics Interchange Format, version 89a): a screen, then blocks; the data of a
// block comes in pieces of at most 255 bytes, each with its length in front, and ends with an empty one.

/// Where a frame lies in its picture, and its data in the file.
struct GIFFrame {
    let left: Int
    let top: Int
    let width: Int
    let height: Int
    let isInterlaced: Bool
    /// Three bytes a colour; nil if it has none of its own.
    let palette: FilePart?
    /// Where its data begins in the file: the size of a code, then pieces.
    let dataStart: Int
}

/// Walks over the blocks of a GIF file.
struct GIFBlocks {
    /// What a block is.
    enum Kind {
        /// How long the next frame is shown, in hundredths of a second, and which index of it is not drawn.
        case control(delay: Int, clearIndex: UInt8?)
        /// A frame.
        case image(GIFFrame)
        /// How often the whole is repeated.
        case looping
        /// Text that is drawn.
        case text
        /// A comment, or what an application has left.
        case other
    }

    /// One block.
    struct Block {
        let kind: Kind
        let whole: FilePart
    }

    /// The size of the logical screen.
    let width: Int
    /// The size of the logical screen.
    let height: Int
    /// The palette of frames without one; nil if there is none.
    let palette: FilePart?
    /// All that stands before the blocks.
    let header: FilePart
    private let file: FilePart
    private var offset: Int

    init(_ file: FilePart) throws(PictureError) {
        guard file.has("GIF87a") || file.has("GIF89a") else {
            throw PictureError(.unsupported, "this is no GIF picture")
        }
        self.file = file
        width = try file.little(6, 2)
        height = try file.little(8, 2)
        palette = try Self.palette(file, flagsAt: 10, palette: 13)
        offset = 13 + (palette?.count ?? 0)
        header = try file.part(0, offset)
    }

    /// The next block; nil at the end, whose mark may be missing.
    mutating func next() throws(PictureError) -> Block? {
        // Some programs pad with empty blocks.
        while offset < file.count, try file.byte(offset) == 0 { offset += 1 }
        guard offset < file.count else { return nil }
        let start = offset
        let kind: Kind
        switch try file.byte(offset) {
        case 0x3B: return nil
        case 0x2C: kind = .image(try image())
        case 0x21: kind = try extensionBlock()
        default: throw PictureError(.damaged, "the GIF picture has an unknown block at byte \(offset)")
        }
        return Block(kind: kind, whole: try file.part(start, offset - start))
    }

    private mutating func image() throws(PictureError) -> GIFFrame {
        let palette = try Self.palette(file, flagsAt: offset + 9, palette: offset + 10)
        let dataStart = offset + 10 + (palette?.count ?? 0)
        let frame = GIFFrame(
            left: try file.little(offset + 1, 2), top: try file.little(offset + 3, 2),
            width: try file.little(offset + 5, 2), height: try file.little(offset + 7, 2),
            isInterlaced: try file.byte(offset + 9) & 0x40 != 0, palette: palette, dataStart: dataStart)
        guard frame.width > 0, frame.height > 0 else { throw PictureError(.damaged, "a frame has no pixels") }
        offset = dataStart + 1
        try skipPieces()
        return frame
    }

    private mutating func extensionBlock() throws(PictureError) -> Kind {
        let label = try file.byte(offset + 1)
        let data = offset + 2
        offset = data
        try skipPieces()
        switch label {
        case 0xF9 where try file.byte(data) >= 4:
            let isClear = try file.byte(data + 1) & 1 == 1
            return .control(
                delay: try file.little(data + 2, 2), clearIndex: isClear ? UInt8(try file.byte(data + 4)) : nil)
        case 0xFF where file.has("NETSCAPE2.0", at: data + 1) || file.has("ANIMEXTS1.0", at: data + 1): return .looping
        case 0x01: return .text
        default: return .other
        }
    }

    /// The palette that flags announce; nil if there is none.
    private static func palette(_ file: FilePart, flagsAt flags: Int, palette: Int) throws(PictureError) -> FilePart? {
        let flags = try file.byte(flags)
        return flags & 0x80 == 0 ? nil : try file.part(palette, 3 << (flags & 7 + 1))
    }

    private mutating func skipPieces() throws(PictureError) {
        while case let size = try file.byte(offset), size > 0 { offset += 1 + size }
        offset += 1
    }
}
