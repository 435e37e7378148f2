// The blocks of GIF files (GIF 89a), for what they say and to leave out what is nobody's business.

/// Reads and strips the metadata of GIF files.
enum GIFMetadata {
    static func read(_ file: FilePart, into metadata: inout MediaMetadata) throws(PictureError) {
        metadata.width = try file.little(6, 2)
        metadata.height = try file.little(8, 2)
        metadata.colour = .palette
        metadata.bitDepth = 8
        var frames = 0
        var delay = 0
        var nextDelay = 0
        var blocks = try Blocks(file)
        while let block = try blocks.next() {
            switch block.kind {
            case .control: nextDelay = try block.whole.little(4, 2)
            case .image:
                frames += 1
                delay += nextDelay
                nextDelay = 0
                try PictureLimits.check(frames: frames)
            case .text: nextDelay = 0
            case .looping, .other: break
            }
        }
        guard frames > 0 else { throw PictureError(.damaged, "the GIF file has no picture") }
        metadata.frames = frames
        if frames > 1 { metadata.durationMilliseconds = delay * 10 }
    }

    static func stripped(_ file: FilePart) throws(PictureError) -> [UInt8] {
        var blocks = try Blocks(file)
        var output = Array(try file.part(0, blocks.headerBytes).bytes)
        output.reserveCapacity(file.count)
        // A control block belongs to the picture or text that follows, and goes with it.
        var control: FilePart?
        var frames = 0
        while let block = try blocks.next() {
            switch block.kind {
            case .control: control = block.whole
            case .image:
                frames += 1
                if let control { output += control.bytes }
                output += block.whole.bytes
                control = nil
            case .looping: output += block.whole.bytes
            case .text: control = nil
            case .other: break
            }
        }
        guard frames > 0 else { throw PictureError(.damaged, "the GIF file has no picture") }
        return output + [0x3B]
    }
}

/// Goes through the blocks of a GIF file.
private struct Blocks {
    enum Kind {
        /// How long the next picture is shown, and what of it is transparent.
        case control
        case image
        /// How often the whole is repeated.
        case looping
        /// Text that is drawn.
        case text
        case other
    }

    struct Block {
        let kind: Kind
        let whole: FilePart
    }

    /// The header with the palette.
    let headerBytes: Int
    private let file: FilePart
    private var offset: Int

    init(_ file: FilePart) throws(PictureError) {
        self.file = file
        headerBytes = 13 + Self.paletteBytes(try file.byte(10))
        offset = headerBytes
    }

    /// The next block; nil at the end, whose mark may be missing.
    mutating func next() throws(PictureError) -> Block? {
        guard offset < file.count else { return nil }
        let start = offset
        switch try file.byte(offset) {
        case 0x3B: return nil
        case 0x2C:
            // The descriptor, a palette, and the smallest size of a code.
            offset += 10 + Self.paletteBytes(try file.byte(offset + 9)) + 1
            try skipData()
            return Block(kind: .image, whole: try file.part(start, offset - start))
        case 0x21:
            let label = try file.byte(offset + 1)
            offset += 2
            try skipData()
            let whole = try file.part(start, offset - start)
            let kind: Kind =
                switch label {
                case 0xF9 where whole.count == 8: .control
                case 0xFF where whole.has("NETSCAPE2.0", at: 3) || whole.has("ANIMEXTS1.0", at: 3): .looping
                case 0x01: .text
                default: .other
                }
            return Block(kind: kind, whole: whole)
        default: throw PictureError(.damaged, "the GIF file has an unknown block")
        }
    }

    /// Passes over the pieces of data up to the empty one.
    private mutating func skipData() throws(PictureError) {
        while case let size = try file.byte(offset), size > 0 { offset += 1 + size }
        offset += 1
    }

    private static func paletteBytes(_ flags: Int) -> Int { flags & 0x80 == 0 ? 0 : 3 << (flags & 7 + 1) }
}
