// Makes pictures smaller: each new pixel is the average of the area that it covers, taken in linear light and weighed
// by alpha. Rows come one after the other, so that a large file needs no memory for its picture to become a small one.

/// Scales a picture down, row by row.
struct PictureScaler {
    private let width: Int
    private let height: Int
    private let targetWidth: Int
    private let targetHeight: Int
    private let light: [Double]
    /// The sums of one row and of the new row, each red, green, blue (all times alpha) and alpha.
    private var rowSums: [SIMD4<Double>]
    private var sums: [SIMD4<Double>]
    /// How much of the height of the new row is still to come; an old row has `targetHeight`, a new one `height`.
    private var room: Int
    private var pixels: [UInt8] = []

    /// Begins; a target larger than the picture is made as large as the picture.
    init(width: Int, height: Int, targetWidth: Int, targetHeight: Int, transfer: PictureTransfer) {
        self.width = width
        self.height = height
        self.targetWidth = max(1, min(targetWidth, width))
        self.targetHeight = max(1, min(targetHeight, height))
        light = transfer.light
        rowSums = [SIMD4<Double>](repeating: .zero, count: self.targetWidth)
        sums = rowSums
        room = height
        pixels.reserveCapacity(4 * self.targetWidth * self.targetHeight)
    }

    /// Adds the next row of the picture, four bytes a pixel.
    mutating func add(_ row: ArraySlice<UInt8>) {
        sumUp(row)
        var left = targetHeight
        if left >= room {
            spread(room)
            emit()
            left -= room
            room = height
        }
        if left > 0 { spread(left) }
        room -= left
    }

    /// The picture, after its last row.
    func picture() -> Picture { Picture(width: targetWidth, height: targetHeight, pixels: pixels) }

    /// Sums the row up within the columns of the target.
    ///
    /// Lengths are integers: an old pixel is `targetWidth` long and a new one `width`, so that all borders are exact.
    private mutating func sumUp(_ row: ArraySlice<UInt8>) {
        let (width, targetWidth, table) = (width, targetWidth, light)
        let (row, light) = (row.span, table.span)
        var sums = rowSums.mutableSpan
        for index in 0..<sums.count { sums[index] = .zero }
        var (column, room) = (0, width)
        for start in stride(from: 0, to: 4 * width, by: 4) {
            let alpha = Double(row[start + 3]) / 255
            let pixel = SIMD4(
                light[Int(row[start])] * alpha, light[Int(row[start + 1])] * alpha, light[Int(row[start + 2])] * alpha,
                alpha)
            var left = targetWidth
            if left >= room {
                sums[column] += pixel * Double(room)
                left -= room
                column += 1
                room = width
            }
            if left > 0 { sums[column] += pixel * Double(left) }
            room -= left
        }
    }

    private mutating func spread(_ weight: Int) {
        for column in 0..<targetWidth { sums[column] += rowSums[column] * Double(weight) }
    }

    /// Writes a row of new pixels.
    private mutating func emit() {
        let area = Double(width) * Double(height)
        for column in 0..<targetWidth {
            let sum = sums[column]
            sums[column] = .zero
            let alpha = (sum.w / area * 255).rounded()
            if alpha < 1 {
                pixels += [0, 0, 0, 0]
                continue
            }
            for channel in 0..<3 { pixels.append(PictureTransfer.sample(sum[channel] / sum.w)) }
            pixels.append(UInt8(min(alpha, 255)))
        }
    }
}
