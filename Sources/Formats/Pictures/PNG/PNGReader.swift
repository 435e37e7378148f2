// PNG pictures (PNG Specification, third edition; W3C 2025), decoded as libpng does: all kinds of pixels and depths,
// interlaced or not, with palettes and transparency. Checksums are checked, and sizes before memory is taken.

/// Reads a PNG picture.
package struct PNGReader {
    /// What the file says about its pixels.
    package let header: PNGHeader
    /// How the file's samples stand for light.
    package let transfer: PictureTransfer

    private let file: [UInt8]
    private let palette: PNGPalette
    private let first: PNGChunk
    private let rest: PNGChunks

    /// Reads everything that comes before the pixels.
    package init(_ file: [UInt8]) throws(PictureError) {
        self.file = file
        var chunks = try PNGChunks(file)
        let head = try chunks.next()
        guard head.type == PNGChunk.type("IHDR") else {
            throw PictureError(.damaged, "the PNG picture does not begin with its header")
        }
        header = try PNGHeader(file[head.data])
        try PictureLimits.check(inflatedBytes: header.inflatedBytes, fileBytes: file.count)
        var palette = PNGPalette()
        var gamma: UInt32?
        var isSRGB = false
        loop: while true {
            let chunk = try chunks.next()
            switch chunk.type {
            case PNGChunk.type("PLTE"):
                palette.colours = try Self.colours(Array(file[chunk.data]), header)
            case PNGChunk.type("tRNS"): palette.transparency = Array(file[chunk.data])
            case PNGChunk.type("gAMA") where chunk.data.count == 4:
                gamma = file.bigEndian32(at: chunk.data.lowerBound)
            case PNGChunk.type("sRGB"): isSRGB = true
            case PNGChunk.type("IDAT"):
                first = chunk
                break loop
            default:
                if chunk.isCritical {
                    throw PictureError(
                        chunk.type == PNGChunk.type("IEND") || chunk.type == PNGChunk.type("IHDR")
                            ? .damaged : .unsupported,
                        "the PNG picture has the chunk \(PNGChunk.name(chunk.type)) before its pixels")
                }
            }
        }
        if header.colour == .indexed, palette.colours.isEmpty {
            throw PictureError(.damaged, "the PNG picture has no palette")
        }
        self.palette = palette
        rest = chunks
        transfer = isSRGB ? .sRGB : gamma.map { PictureTransfer(encodingGamma: $0) } ?? .sRGB
    }

    /// The picture with 8 bits a sample; larger samples are rounded.
    package func picture() throws(PictureError) -> Picture {
        var pixels = [UInt8](repeating: 0, count: 4 * header.width * header.height)
        let expander = PNGExpander(header, palette)
        try eachRow { row, pass, start in
            expander.expand(row, pass.width, into: &pixels, at: 4 * start, step: 4 * pass.stepX)
        }
        return Picture(width: header.width, height: header.height, pixels: pixels)
    }

    /// The picture as large as it fits into a frame, never larger than it is, in sRGB.
    ///
    /// Unless it is interlaced, the picture itself is never in memory.
    package func picture(fittedWidth width: Int, height: Int) throws(PictureError) -> Picture {
        guard !header.isInterlaced else { return try picture().fitted(width: width, height: height, from: transfer) }
        let target = Picture.fittedSize(of: (header.width, header.height), within: (width, height))
        var scaler = PictureScaler(
            width: header.width, height: header.height, targetWidth: target.width, targetHeight: target.height,
            transfer: transfer)
        let expander = PNGExpander(header, palette)
        var pixels = [UInt8](repeating: 0, count: 4 * header.width)
        try eachRow { row, pass, _ in
            expander.expand(row, pass.width, into: &pixels, at: 0, step: 4)
            scaler.add(pixels[...])
        }
        return scaler.picture()
    }

    /// Red, green, blue and alpha of each pixel with 16 bits a sample; smaller samples are scaled up.
    package func samples16() throws(PictureError) -> [UInt16] {
        guard header.bitDepth == 16 else { return try picture().pixels.map { UInt16($0) * 257 } }
        var samples = [UInt16](repeating: 0, count: 4 * header.width * header.height)
        let expander = PNGExpander(header, palette)
        try eachRow { row, pass, start in
            for index in 0..<pass.width {
                let pixel = expander.wide(row, index)
                let target = 4 * (start + index * pass.stepX)
                for channel in 0..<4 { samples[target + channel] = pixel[channel] }
            }
        }
        return samples
    }

    /// Calls `body` with each row of each pass, plain but packed, and the number of the first pixel that it brings.
    private func eachRow(
        _ body: (_ row: [UInt8], _ pass: PNGHeader.Pass, _ start: Int) -> Void
    ) throws(PictureError) {
        var rows = PNGRows(file, header, first: first, then: rest)
        for pass in header.passes {
            rows.beginPass(rowBytes: header.rowBytes(pass.width))
            for index in 0..<pass.height {
                try rows.next()
                body(rows.row, pass, (pass.y + index * pass.stepY) * header.width + pass.x)
            }
        }
        try rows.finish()
    }

    /// A palette too long or of odd length makes an indexed picture invalid, and does not matter to others.
    private static func colours(_ data: [UInt8], _ header: PNGHeader) throws(PictureError) -> [UInt8] {
        if header.colour == .indexed, data.isEmpty || data.count > 768 || data.count % 3 != 0 {
            throw PictureError(.damaged, "the palette of the PNG picture has \(data.count) bytes")
        }
        return data
    }
}
