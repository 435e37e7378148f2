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

    private let file: [UInt8]
    private let first: Frame

    /// Where a frame lies in the picture and its data in the file.
    struct Frame {
        var left = 0
        var top = 0
        var width = 0
        var height = 0
        var isInterlaced = false
        /// Three bytes a colour.
        var palette: Range<Int> = 0..<0
        /// The index that is not drawn.
        var clearIndex: UInt8?
        /// The first of its data: the code size, then blocks.
        var dataStart = 0
    }

    /// Walks over the whole file, without decoding it.
    package init(_ file: [UInt8]) throws(PictureError) {
        self.file = file
        guard file.starts(with: Array("GIF87a".utf8)) || file.starts(with: Array("GIF89a".utf8)) else {
            throw PictureError(.unsupported, "this is no GIF picture")
        }
        var walk = GIFWalk(file)
        let screen = try walk.screen()
        var first: Frame?
        var clearIndex: UInt8?
        var count = 0
        while let block = try walk.nextBlock() {
            switch block {
            case .control(let clear): clearIndex = clear
            case .image(var frame):
                frame.clearIndex = clearIndex
                clearIndex = nil
                if frame.palette.isEmpty { frame.palette = screen.palette }
                first = first ?? frame
                count += 1
                guard count <= PictureLimits.frames else {
                    throw PictureError(.tooLarge, "the GIF picture has more than \(PictureLimits.frames) frames")
                }
            case .other: break
            }
        }
        guard let first else { throw PictureError(.damaged, "the GIF picture has no frame") }
        guard !first.palette.isEmpty else { throw PictureError(.damaged, "the GIF picture has no palette") }
        // A first frame larger than the screen enlarges it: some programs write no size of the screen.
        width = max(screen.width, first.left + first.width)
        height = max(screen.height, first.top + first.height)
        try PictureLimits.check(width: width, height: height)
        try PictureLimits.check(inflatedBytes: width * height, fileBytes: file.count)
        frameCount = count
        self.first = first
    }

    /// The first frame on a transparent ground.
    package func picture() throws(PictureError) -> Picture {
        let colours = (0..<256).map { index in
            let start = first.palette.lowerBound + 3 * index
            guard start + 3 <= first.palette.upperBound else { return SIMD4<UInt8>(0, 0, 0, 255) }
            return SIMD4(file[start], file[start + 1], file[start + 2], 255)
        }
        var pixels = [UInt8](repeating: 0, count: 4 * width * height)
        var (x, row) = (0, 0)
        let rows = Self.rowOrder(height: first.height, isInterlaced: first.isInterlaced)
        var decoder = try GIFDecoder(file, at: first.dataStart)
        while row < rows.count {
            for index in try decoder.next() {
                guard row < rows.count else { break }
                if index != first.clearIndex {
                    let colour = colours[Int(index)]
                    let target = 4 * ((first.top + rows[row]) * width + first.left + x)
                    for channel in 0..<4 { pixels[target + channel] = colour[channel] }
                }
                x += 1
                if x == first.width { (x, row) = (0, row + 1) }
            }
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// In which order the rows come (appendix E).
    private static func rowOrder(height: Int, isInterlaced: Bool) -> [Int] {
        guard isInterlaced else { return Array(0..<height) }
        return [(0, 8), (4, 8), (2, 4), (1, 2)].flatMap { Array(stride(from: $0.0, to: height, by: $0.1)) }
    }
}
