// Writes PNG pictures, with no more samples a pixel than the picture needs, and each row filtered in the way that
// promises to compress best.

/// Encodes pictures as PNG.
package enum PNGWriter {
    /// The picture as a PNG file: grey where all is grey, with alpha only where there is some.
    package static func encode(_ picture: Picture) throws(PictureError) -> [UInt8] {
        try PictureLimits.check(width: picture.width, height: picture.height)
        let colour = colour(of: picture)
        guard let data = Deflater.zlib(filteredRows(picture, colour)) else {
            throw PictureError(.tooLarge, "there is no memory to compress the picture")
        }
        var header: [UInt8] = []
        header.appendBig(picture.width, 4)
        header.appendBig(picture.height, 4)
        header += [8, colour.rawValue, 0, 0, 0]
        return PNGChunks.signature + PNGChunk.bytes("IHDR", header) + PNGChunk.bytes("IDAT", data)
            + PNGChunk.bytes("IEND", [])
    }

    /// The smallest kind of pixels that keeps the picture as it is.
    private static func colour(of picture: Picture) -> PNGHeader.Colour {
        let isOpaque = picture.isOpaque
        if picture.isGrey { return isOpaque ? .grey : .greyAlpha }
        return isOpaque ? .truecolour : .truecolourAlpha
    }

    /// All rows, each with the filter whose differences are smallest (PNG Specification, §12.7).
    private static func filteredRows(_ picture: Picture, _ colour: PNGHeader.Colour) -> [UInt8] {
        let rowBytes = picture.width * colour.channels
        var output: [UInt8] = []
        output.reserveCapacity(picture.height * (rowBytes + 1))
        var (row, best, candidate): ([UInt8], [UInt8], [UInt8]) = ([], [], [])
        var previous = [UInt8](repeating: 0, count: rowBytes)
        for y in 0..<picture.height {
            row.removeAll(keepingCapacity: true)
            pack(picture.pixels[4 * picture.width * y..<4 * picture.width * (y + 1)], colour, to: &row)
            var smallest = Int.max
            for filter in PNGFilter.allCases {
                candidate.removeAll(keepingCapacity: true)
                let sum = filter.apply(row, previous: previous, pixelBytes: colour.channels, to: &candidate)
                if sum < smallest {
                    smallest = sum
                    swap(&best, &candidate)
                }
            }
            output += best
            swap(&row, &previous)
        }
        return output
    }

    /// Appends the samples of a row that are written.
    private static func pack(_ pixels: ArraySlice<UInt8>, _ colour: PNGHeader.Colour, to row: inout [UInt8]) {
        for start in stride(from: pixels.startIndex, to: pixels.endIndex, by: 4) {
            switch colour {
            case .grey, .indexed: row.append(pixels[start])
            case .greyAlpha:
                row.append(pixels[start])
                row.append(pixels[start + 3])
            case .truecolour: row += pixels[start..<start + 3]
            case .truecolourAlpha: row += pixels[start..<start + 4]
            }
        }
    }
}
