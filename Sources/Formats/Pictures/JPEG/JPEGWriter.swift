// Pictures as JPEG (ITU-T T.81, baseline; JFIF 1.01): luminance at full size, colour differences at half of it in both
// directions, and the tables of Annex K, for thumbnails that every program reads.

/// Encodes pictures as JPEG.
struct JPEGWriter {
    private let picture: Picture
    private let isGrey: Bool
    /// The steps of luminance and of colour differences, in their stored order.
    private let steps: [[Float]]
    private var output: [UInt8] = []
    private var bits = JPEGBitSink()

    /// Takes a picture and a quality from 1 to 100.
    init(_ picture: Picture, quality: Int) throws(PictureError) {
        guard picture.width > 0, picture.height > 0 else { throw PictureError(.damaged, "the picture has no pixels") }
        guard max(picture.width, picture.height) <= JPEGTables.side else {
            throw PictureError(
                .tooLarge,
                "the picture is \(picture.width)×\(picture.height); JPEG sides have \(JPEGTables.side) pixels at most")
        }
        self.picture = picture
        isGrey = picture.isGrey
        steps = JPEGTables.steps(quality: quality).map { $0.map { Float($0) } }
    }

    /// The file.
    mutating func file() -> [UInt8] {
        let kinds = isGrey ? 1 : 2
        output = [0xFF, 0xD8] + JPEGMetadata.segment(0xE0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0])
        for kind in 0..<kinds {
            output += JPEGMetadata.segment(0xDB, [UInt8(kind)] + steps[kind].map { UInt8($0) })
        }
        var frame: [UInt8] = [8]
        frame.appendBig(picture.height, 2)
        frame.appendBig(picture.width, 2)
        // Luminance has 2 × 2 blocks a unit; a number, the blocks and the steps of each component follow.
        frame += isGrey ? [1, 1, 0x11, 0] : [3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]
        output += JPEGMetadata.segment(0xC0, frame)
        for kind in 0..<kinds {
            for (isOther, code) in [JPEGTables.meanCodes[kind], JPEGTables.otherCodes[kind]].enumerated() {
                output += JPEGMetadata.segment(0xC4, [UInt8(isOther << 4 | kind)] + code.counts + code.symbols)
            }
        }
        output += JPEGMetadata.segment(0xDA, isGrey ? [1, 1, 0, 0, 63, 0] : [3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0])
        if isGrey { writeGrey() } else { writeColour() }
        return output + bits.finished() + [0xFF, 0xD9]
    }

    private mutating func writeGrey() {
        var mean = 0
        let columns = (picture.width + 7) / 8
        var lines = Lines(columns: 8 * columns, rows: 8)
        for top in stride(from: 0, to: picture.height, by: 8) {
            lines.read(picture, from: top)
            for column in 0..<columns { write(lines.light, 8 * column, stride: lines.columns, kind: 0, &mean) }
        }
    }

    private mutating func writeColour() {
        var means = [0, 0, 0]
        let columns = (picture.width + 15) / 16
        var lines = Lines(columns: 16 * columns, rows: 16)
        for top in stride(from: 0, to: picture.height, by: 16) {
            lines.read(picture, from: top)
            let (blue, red) = (lines.halved(lines.blue), lines.halved(lines.red))
            for column in 0..<columns {
                for place in [0, 8, 8 * lines.columns, 8 * lines.columns + 8] {
                    write(lines.light, 16 * column + place, stride: lines.columns, kind: 0, &means[0])
                }
                write(blue, 8 * column, stride: lines.columns / 2, kind: 1, &means[1])
                write(red, 8 * column, stride: lines.columns / 2, kind: 1, &means[2])
            }
        }
    }

    /// Writes one block (T.81, F.1.2): the difference of its mean to the last one, and runs of zeros and values.
    private mutating func write(
        _ samples: [Float], _ start: Int, stride: Int, kind: Int, _ mean: inout Int
    ) {
        let block = JPEGTransform.forward(samples, at: start, stride: stride)
        let steps = steps[kind]
        var values = [Int](repeating: 0, count: 64)
        for index in 0..<64 {
            values[index] = Int((block[JPEGDecoder.order[index]] / steps[index]).rounded(.toNearestOrAwayFromZero))
        }
        bits.put(0, values[0] - mean, JPEGTables.meanCodes[kind])
        mean = values[0]
        let code = JPEGTables.otherCodes[kind]
        var zeroCount = 0
        for index in 1..<64 {
            if values[index] == 0 {
                zeroCount += 1
                continue
            }
            while zeroCount > 15 {
                bits.put(symbol: 0xF0, code)
                zeroCount -= 16
            }
            bits.put(zeroCount, values[index], code)
            zeroCount = 0
        }
        if zeroCount > 0 { bits.put(symbol: 0, code) }
    }
}

/// Some rows of a picture as luminance and colour differences around zero, filled up with what stands at the edges.
private struct Lines {
    let columns: Int
    let rows: Int
    private(set) var light: [Float]
    private(set) var blue: [Float]
    private(set) var red: [Float]

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        light = [Float](repeating: 0, count: columns * rows)
        (blue, red) = (light, light)
    }

    /// Reads rows from a height on, on white, in JFIF's conversion, with samples rounded as decoders round them.
    mutating func read(_ picture: Picture, from top: Int) {
        let pixels = picture.pixels.span
        for row in 0..<rows {
            let y = min(top + row, picture.height - 1)
            for column in 0..<columns {
                let start = 4 * (y * picture.width + min(column, picture.width - 1))
                var colour = SIMD3(Float(pixels[start]), Float(pixels[start + 1]), Float(pixels[start + 2]))
                if pixels[start + 3] < 255 { colour = 255 + (colour - 255) * (Float(pixels[start + 3]) / 255) }
                let place = row * columns + column
                light[place] = (colour * SIMD3(0.299, 0.587, 0.114)).sum().rounded() - 128
                blue[place] = min((colour * SIMD3(-0.168_736, -0.331_264, 0.5)).sum().rounded(), 127)
                red[place] = min((colour * SIMD3(0.5, -0.418_688, -0.081_312)).sum().rounded(), 127)
            }
        }
    }

    /// The averages of each four samples, rounded down and up in turn.
    func halved(_ samples: [Float]) -> [Float] {
        var halved = [Float](repeating: 0, count: samples.count / 4)
        for row in 0..<rows / 2 {
            for column in 0..<columns / 2 {
                let place = 2 * row * columns + 2 * column
                let sum = samples[place] + samples[place + 1] + samples[place + columns] + samples[place + columns + 1]
                halved[row * columns / 2 + column] = ((sum + (column % 2 == 0 ? 1 : 2)) / 4).rounded(.down)
            }
        }
        return halved
    }
}
