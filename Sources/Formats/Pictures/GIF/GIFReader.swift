// GIF pictures (CompuServe, Graphics Interchange Format, version 89a): the first frame is decoded, the others are
// counted.

/// Reads a GIF picture.
package struct GIFReader {
    /// How many pixels a row has.
    package let width: Int
    /// How many rows there are.
    package let height: Int
    /// How many frames the file has.
    package let frameCount: Int

    private let file: FileBytes
    private let first: GIFFrame
    private let palette: [UInt8]
    private let clearIndex: UInt8?

    /// Walks over the whole file, without decoding it.
    package init(_ file: FileBytes) throws(PictureError) {
        self.file = file
        var blocks = try GIFBlocks(FilePart(file))
        var first: (frame: GIFFrame, clearIndex: UInt8?)?
        var nextClearIndex: UInt8?
        var count = 0
        while let block = try blocks.next() {
            switch block.kind {
            case .control(_, let clearIndex): nextClearIndex = clearIndex
            case .image(let frame):
                first = first ?? (frame, nextClearIndex)
                nextClearIndex = nil
                count += 1
                try PictureLimits.check(frames: count)
            case .looping, .text, .other: break
            }
        }
        guard let first else { throw PictureError(.damaged, "the GIF picture has no frame") }
        guard let palette = first.frame.palette ?? blocks.palette else {
            throw PictureError(.damaged, "the GIF picture has no palette")
        }
        // A first frame larger than the screen enlarges it: some programs write no size of the screen.
        width = max(blocks.width, first.frame.left + first.frame.width)
        height = max(blocks.height, first.frame.top + first.frame.height)
        try PictureLimits.check(width: width, height: height)
        try PictureLimits.check(inflatedBytes: width * height, fileBytes: file.count)
        frameCount = count
        self.first = first.frame
        self.palette = Array(palette.bytes)
        clearIndex = first.clearIndex
    }

    /// The first frame on a transparent ground.
    package func picture() throws(PictureError) -> Picture { try picture(fittedWidth: width, height: height) }

    /// The first frame on a transparent ground, as large as it fits into a frame, never larger than it is.
    ///
    /// Memory: one byte a pixel beside the result, as rows may come in another order.
    package func picture(fittedWidth targetWidth: Int, height targetHeight: Int) throws(PictureError) -> Picture {
        let colours = (0..<256).map { index -> SIMD4<UInt8> in
            guard index != clearIndex.map({ Int($0) }) else { return SIMD4() }
            guard 3 * index + 2 < palette.count else { return SIMD4(0, 0, 0, 255) }
            return SIMD4(palette[3 * index], palette[3 * index + 1], palette[3 * index + 2], 255)
        }
        let indices = try indices()
        var scaler = PictureScaler(
            of: (width, height), to: Picture.fittedSize(of: (width, height), within: (targetWidth, targetHeight)))
        for y in 0..<height {
            var row = [UInt8](repeating: 0, count: 4 * width)
            if (first.top..<first.top + first.height).contains(y) {
                let start = (y - first.top) * first.width
                for x in 0..<first.width {
                    let colour = colours[Int(indices[start + x])]
                    for channel in 0..<4 { row[4 * (first.left + x) + channel] = colour[channel] }
                }
            }
            scaler.add(row)
        }
        return scaler.picture()
    }

    /// The indices of the first frame, in rows from the top.
    private func indices() throws(PictureError) -> [UInt8] {
        var indices = [UInt8](repeating: 0, count: first.width * first.height)
        var (x, row) = (0, 0)
        let rows = Self.rowOrder(height: first.height, isInterlaced: first.isInterlaced)
        var decoder = try GIFDecoder(file, at: first.dataStart)
        while row < rows.count {
            for index in try decoder.next() {
                guard row < rows.count else { break }
                indices[rows[row] * first.width + x] = index
                x += 1
                if x == first.width { (x, row) = (0, row + 1) }
            }
        }
        return indices
    }

    /// In which order the rows come (appendix E).
    private static func rowOrder(height: Int, isInterlaced: Bool) -> [Int] {
        guard isInterlaced else { return Array(0..<height) }
        return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { Array(stride(from: $0.0, to: height, by: $0.1)) }
    }
}
