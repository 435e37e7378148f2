// PNG pictures (PNG Specification, third edition; W3C 2025), decoded as libpng does: all kinds of pixels and depths,
// interlaced or not, with palettes and transparency. Checksums are checked, and sizes before memory is taken.

/// Reads a PNG picture.
package struct PNGReader {
    /// What the file says about its pixels.
    package let header: PNGHeader
    /// How the file's samples stand for light.
    package let transfer: PictureTransfer

    private let palette: PNGPalette
    private let first: PNGChunk
    private let rest: PNGChunks

    /// Reads everything that comes before the pixels.
    package init(_ file: FileBytes) throws(PictureError) {
        var chunks = try PNGChunks(FilePart(file))
        header = try PNGHeader(try chunks.nextChecked().data)
        try PictureLimits.check(inflatedBytes: header.inflatedBytes, fileBytes: file.count)
        var palette = PNGPalette()
        var gamma: UInt32?
        var isSRGB = false
        loop: while true {
            let chunk = try chunks.nextChecked()
            switch chunk.name {
            case "PLTE": palette.colours = try Self.colours(chunk.data, header)
            // An alpha for each of 256 colours is the most that it can hold.
            case "tRNS": palette.transparency = Array(chunk.data.bytes.prefix(256))
            case "gAMA" where chunk.data.count == 4: gamma = UInt32(truncatingIfNeeded: try chunk.data.big(0, 4))
            case "sRGB": isSRGB = true
            case "IDAT":
                first = chunk
                break loop
            default:
                if chunk.isCritical {
                    throw PictureError(
                        chunk.name == "IEND" ? .damaged : .unsupported,
                        "the PNG picture has the chunk \(chunk.name.text) before its pixels")
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
        var scaler = PictureScaler(
            of: (header.width, header.height),
            to: Picture.fittedSize(of: (header.width, header.height), within: (width, height)), transfer: transfer)
        let expander = PNGExpander(header, palette)
        var pixels = [UInt8](repeating: 0, count: 4 * header.width)
        try eachRow { row, pass, _ in
            expander.expand(row, pass.width, into: &pixels, at: 0, step: 4)
            scaler.add(pixels)
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
        var rows = PNGRows(header, first: first, then: rest)
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
    private static func colours(_ data: FilePart, _ header: PNGHeader) throws(PictureError) -> [UInt8] {
        guard data.count <= 768, data.count % 3 == 0, !data.bytes.isEmpty else {
            guard header.colour == .indexed else { return [] }
            throw PictureError(.damaged, "the palette of the PNG picture has \(data.count) bytes")
        }
        return Array(data.bytes)
    }
}
