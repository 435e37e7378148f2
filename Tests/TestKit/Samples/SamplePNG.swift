// PNG files of every kind for the tests, built the slow and plain way from samples that are known.

/// A PNG picture to be written in any way the format allows.
package struct SamplePNG {
    /// How many pixels a row has.
    package var width = 1
    /// How many rows.
    package var height = 1
    /// The colour type.
    package var colour = 0
    /// Bits of a sample.
    package var depth = 8
    /// Whether it is stored in seven passes.
    package var isInterlaced = false
    /// The samples of each pixel, row by row.
    package var samples: [[Int]] = []
    /// Chunks between the header and the pixels.
    package var extra: [(String, [UInt8])] = []
    /// The most bytes of a chunk of pixels.
    package var idatBytes = Int.max

    /// All colour types with all their depths.
    package static let kinds = [
        (0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (2, 8), (2, 16), (3, 1), (3, 2), (3, 4), (3, 8), (4, 8), (4, 16),
        (6, 8), (6, 16),
    ]

    /// Samples of a pixel.
    package var channels: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colour] ?? 1 }

    /// A picture with random samples.
    package static func random(_ random: inout some RandomNumberGenerator, _ kind: (Int, Int)) -> SamplePNG {
        var sample = SamplePNG(
            width: 1 + Int.random(in: 0..<20, using: &random), height: 1 + Int.random(in: 0..<20, using: &random),
            colour: kind.0, depth: kind.1)
        sample.isInterlaced = Int.random(in: 0..<2, using: &random) == 0
        sample.idatBytes = 1 + Int.random(in: 0..<200, using: &random)
        let limit = 1 << kind.1
        sample.samples = (0..<sample.width * sample.height).map { _ in
            (0..<sample.channels).map { _ in Int.random(in: 0..<limit, using: &random) }
        }
        return sample
    }

    /// The file, with a random filter for each row.
    package func file(_ random: inout some RandomNumberGenerator) -> [UInt8] {
        var header = Self.bigEndian(width) + Self.bigEndian(height)
        header += [UInt8(depth), UInt8(colour), 0, 0, isInterlaced ? 1 : 0]
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Self.chunk("IHDR", header)
        for (type, data) in extra { file += Self.chunk(type, data) }
        var data = Compressed.zlib(rows(&random))[...]
        while !data.isEmpty {
            file += Self.chunk("IDAT", Array(data.prefix(idatBytes)))
            data = data.dropFirst(idatBytes)
        }
        return file + Self.chunk("IEND", [])
    }

    /// A chunk with its checksum.
    package static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + data
        return bigEndian(data.count) + body + bigEndian(Int(Compressed.checksum(body)))
    }

    /// A number of four bytes.
    package static func bigEndian(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 255) } }

    private func rows(_ random: inout some RandomNumberGenerator) -> [UInt8] {
        var output: [UInt8] = []
        let passes =
            isInterlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)]
        for (x, y, stepX, stepY) in passes {
            var previous: [UInt8] = []
            for row in stride(from: y, to: height, by: stepY) {
                let columns = stride(from: x, to: width, by: stepX)
                let values = columns.flatMap { samples[row * width + $0] }
                if values.isEmpty { continue }
                let packed = pack(values)
                if previous.isEmpty { previous = packed.map { _ in 0 } }
                output += filter(packed, previous, Int.random(in: 0..<5, using: &random))
                previous = packed
            }
        }
        return output
    }

    private func pack(_ values: [Int]) -> [UInt8] {
        if depth == 16 { return values.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }
        var bits = values.flatMap { value in (0..<depth).reversed().map { value >> $0 & 1 } }
        while bits.count % 8 != 0 { bits.append(0) }
        return stride(from: 0, to: bits.count, by: 8).map { start in
            UInt8(bits[start..<start + 8].reduce(0) { $0 * 2 + $1 })
        }
    }

    private func filter(_ row: [UInt8], _ previous: [UInt8], _ type: Int) -> [UInt8] {
        let back = max(1, channels * depth / 8)
        return [UInt8(type)]
            + row.indices.map { index in
                let a = index >= back ? Int(row[index - back]) : 0
                let b = Int(previous[index])
                let c = index >= back ? Int(previous[index - back]) : 0
                let estimate = a + b - c
                let nearest = [a, b, c].min { abs(estimate - $0) < abs(estimate - $1) } ?? 0
                let predicted = [0, a, b, (a + b) / 2, nearest][type]
                return UInt8((Int(row[index]) - predicted) & 255)
            }
    }
}
