// A picture for a terminal, as data: a character cell is about twice as high as it is wide, so the block that fills its
// upper half (U+2580) shows two pixels, one in the colour of the text and one in that of the background.

/// A picture in character cells.
package struct HalfBlocks: Equatable, Sendable {
    /// One cell; a half that is mostly transparent has no colour.
    package struct Cell: Equatable, Sendable {
        /// The colour of the upper half.
        package let upper: PictureColour?
        /// The colour of the lower half.
        package let lower: PictureColour?
    }

    /// How many cells a row has.
    package let columns: Int
    /// The rows from the top.
    package let rows: [[Cell]]
}

extension Picture {
    /// The picture as large as it fits into so many columns and rows of cells.
    package func halfBlocks(columns: Int, rows: Int, from transfer: PictureTransfer = .sRGB) -> HalfBlocks {
        let small = fitted(width: columns, height: 2 * rows, from: transfer)
        func half(_ x: Int, _ y: Int) -> PictureColour? {
            guard y < small.height, small.pixels[4 * (y * small.width + x) + 3] >= 128 else { return nil }
            return small.colour(x: x, y: y)
        }
        let cells = stride(from: 0, to: small.height, by: 2).map { y in
            (0..<small.width).map { HalfBlocks.Cell(upper: half($0, y), lower: half($0, y + 1)) }
        }
        return HalfBlocks(columns: small.width, rows: cells)
    }
}
