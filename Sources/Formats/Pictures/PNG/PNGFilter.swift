// The filters of PNG (PNG Specification, §9): each row holds differences to its neighbours to the left and above, which
// compress better than the samples themselves.

/// How the bytes of a row were filtered; the raw values are those of the format.
enum PNGFilter: UInt8, CaseIterable {
    /// The bytes as they are.
    case none
    /// The difference to the pixel before it.
    case sub
    /// The difference to the pixel above it.
    case up
    /// The difference to the average of both.
    case average
    /// The difference to that of left, above and above left which comes closest to left + above - above left.
    case paeth

    /// Makes a filtered row plain; both rows have the same length.
    func undo(_ row: inout [UInt8], previous: [UInt8], pixelBytes: Int) {
        let head = min(pixelBytes, row.count)
        var row = row.mutableSpan
        let above = previous.span
        switch self {
        case .none: break
        case .sub:
            for index in head..<row.count { row[index] &+= row[index - pixelBytes] }
        case .up:
            for index in 0..<row.count { row[index] &+= above[index] }
        case .average:
            for index in 0..<head { row[index] &+= above[index] / 2 }
            for index in head..<row.count {
                row[index] &+= Self.average(row[index - pixelBytes], above[index])
            }
        case .paeth:
            for index in 0..<head { row[index] &+= above[index] }
            for index in head..<row.count {
                let back = index - pixelBytes
                row[index] &+= Self.nearest(row[back], above[index], above[back])
            }
        }
    }

    /// Appends the filter type and the filtered bytes of a plain row; returns the sum of their absolute values as
    /// signed bytes, by which filters are compared (§12.7).
    func apply(_ row: [UInt8], previous: [UInt8], pixelBytes: Int, to output: inout [UInt8]) -> Int {
        var sum = 0
        output.append(rawValue)
        for index in row.indices {
            let left = index < pixelBytes ? 0 : row[index - pixelBytes]
            let above = previous[index]
            let predicted =
                switch self {
                case .none: UInt8(0)
                case .sub: left
                case .up: above
                case .average: Self.average(left, above)
                case .paeth: Self.nearest(left, above, index < pixelBytes ? 0 : previous[index - pixelBytes])
                }
            let difference = row[index] &- predicted
            sum += Int(Int8(bitPattern: difference).magnitude)
            output.append(difference)
        }
        return sum
    }

    private static func average(_ left: UInt8, _ above: UInt8) -> UInt8 {
        UInt8(truncatingIfNeeded: (UInt16(left) + UInt16(above)) / 2)
    }

    /// Paeth's predictor (§9.4).
    private static func nearest(_ left: UInt8, _ above: UInt8, _ corner: UInt8) -> UInt8 {
        let (a, b, c) = (Int16(left), Int16(above), Int16(corner))
        // The distances of left + above - corner to each of the three.
        let toLeft = abs(b - c)
        let toAbove = abs(a - c)
        let toCorner = abs(a + b - c - c)
        if toLeft <= toAbove, toLeft <= toCorner { return left }
        return toAbove <= toCorner ? above : corner
    }
}
