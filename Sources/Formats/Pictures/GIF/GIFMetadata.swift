// The blocks of GIF files (GIF 89a), for what they say and to leave out what is nobody's business.

/// Reads and strips the metadata of GIF files.
enum GIFMetadata {
    static func read(_ file: FilePart, into metadata: inout MediaMetadata) throws(PictureError) {
        var blocks = try GIFBlocks(file)
        metadata.width = blocks.width
        metadata.height = blocks.height
        metadata.colour = .palette
        metadata.bitDepth = 8
        var frames = 0
        var delay = 0
        var nextDelay = 0
        while let block = try blocks.next() {
            switch block.kind {
            case .control(let delay, _): nextDelay = delay
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

    static func stripped(_ file: FilePart) throws(PictureError) -> StrippedFile {
        var blocks = try GIFBlocks(file)
        var output = FileRewrite(file.file)
        output.keep(blocks.header)
        // A control block belongs to the picture or text that follows, and goes with it.
        var control: FilePart?
        var frames = 0
        while let block = try blocks.next() {
            switch block.kind {
            case .control: control = block.whole
            case .image:
                frames += 1
                // More than four bytes, which a mark and a length precede, mean nothing.
                if let control { output.add([0x21, 0xF9, 4] + control.bytes.dropFirst(3).prefix(4) + [0]) }
                output.keep(block.whole)
                control = nil
            case .looping: output.keep(block.whole)
            case .text: control = nil
            case .other: break
            }
        }
        guard frames > 0 else { throw PictureError(.damaged, "the GIF file has no picture") }
        output.add([0x3B])
        return output.finished()
    }
}
