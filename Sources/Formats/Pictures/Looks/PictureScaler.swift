// Makes pictures smaller: each new pixel is the average of the area that it covers, taken in linear light and weighed
// by alpha. Rows come one after the other, so that a large file needs no memory for its picture to become a small one.

/// Scales a picture down, row by row.
struct PictureScaler {
    private let width: Int
    private let height: Int
    private let targetWidth: Int
    private let targetHeight: Int
    private let step: Int
    private var y = 0
    private let light: [Double]
    /// Whether the rows are taken as they are.
    private let isSame: Bool
    /// The sums of one row and of the new row, each red, green, blue (all times alpha) and alpha.
    private var rowSums: [SIMD4<Double>]
    private var sums: [SIMD4<Double>]
    /// How much of the height of the new row is still to come; an old row has `targetHeight`, a new one `height`.
    private var room: Int
    private var pixels: [UInt8] = []

    /// Begins; a target larger than the picture is made as large as the picture.
    ///
    /// The rows may be those of a picture that is reduced already, in which a pixel stands for `step` × `step` of them,
    /// and for fewer at the right and the lower edge.
    init(
        of size: (width: Int, height: Int), step: Int = 1, to target: (width: Int, height: Int),
        transfer: PictureTransfer = .sRGB
    ) {
        (width, height) = size
        self.step = step
        let reduced = (width: (width + step - 1) / step, height: (height + step - 1) / step)
        targetWidth = max(1, min(target.width, reduced.width))
        targetHeight = max(1, min(target.height, reduced.height))
        isSame = (targetWidth, targetHeight) == reduced && transfer == .sRGB
        light = transfer.light
        rowSums = [SIMD4<Double>](repeating: .zero, count: targetWidth)
        sums = rowSums
        room = height
        pixels.reserveCapacity(4 * targetWidth * targetHeight)
    }

    /// Adds the next row of the picture, four bytes a pixel.
    mutating func add(_ row: [UInt8]) {
        guard !isSame else {
            pixels += row
            return
        }
        sumUp(row)
        var left = targetHeight * min(step, height - y)
        y += step
        while left >= room {
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
    private mutating func sumUp(_ row: [UInt8]) {
        let (width, targetWidth, step, table) = (width, targetWidth, step, light)
        let (row, light) = (row.span, table.span)
        var sums = rowSums.mutableSpan
        for index in 0..<sums.count { sums[index] = .zero }
        var (column, room) = (0, width)
        var start = 0
        for x in stride(from: 0, to: width, by: step) {
            let alpha = Double(row[start + 3]) / 255
            let pixel = SIMD4(
                light[Int(row[start])] * alpha, light[Int(row[start + 1])] * alpha, light[Int(row[start + 2])] * alpha,
                alpha)
            var left = targetWidth * min(step, width - x)
            while left >= room {
                sums[column] += pixel * Double(room)
                left -= room
                column += 1
                room = width
            }
            if left > 0 { sums[column] += pixel * Double(left) }
            room -= left
            start += 4
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
