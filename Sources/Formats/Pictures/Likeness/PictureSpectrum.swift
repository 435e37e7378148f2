// The low frequencies of a picture, from which its hash is read, and those of the picture turned and mirrored: there
// they only change places and signs. Each bit of the hash says on which side of a random plane the frequencies lie
// (Charikar, "Similarity estimation techniques from rounding algorithms", 2002): the number of bits that differ tells
// the angle between two pictures, in which what is strong counts more than noise.

internal import Glibc

/// The low frequencies of a picture.
package struct PictureSpectrum: Sendable {
    /// Pixels on a side of the small grey picture.
    private static let side = 64
    /// Frequencies on a side; the constant ones are left out, as brightness and shading change them.
    private static let count = 12
    /// What is brighter than so many times the mean counts as equally bright: brightening cuts highlights off.
    private static let highlight: Float = 1.1
    /// The least quality of a picture that has a hash: below it, noise decides.
    private static let leastQuality = 5

    /// How much there is to see, from 0 (flat) to 100: the sum of steps between neighbours in the small grey picture.
    package let quality: Int
    /// Vertical frequencies in rows, horizontal ones in columns, from one half-wave a picture on.
    private let coefficients: [Float]

    /// Analyses a picture; nil if it is too flat to be told from others.
    package init?(_ picture: Picture) {
        guard picture.width > 0, picture.height > 0 else { return nil }
        let small = Self.reduced(picture)
        quality = Self.quality(small)
        guard quality >= Self.leastQuality else { return nil }
        let limit = Self.highlight * small.reduce(0, +) / Float(small.count)
        // Strong frequencies count more than weak ones, in which noise decides, but do not drown them.
        coefficients = Self.transformed(small.map { min($0, limit) }).map { value in
            let root = abs(value).squareRoot()
            return (value < 0 ? -root : root) * root.squareRoot()
        }
    }

    /// The hash of the picture as it is.
    package var hash: PictureHash { hash(isTransposed: false, flipsAcross: false, flipsDown: false) }

    /// The hashes of the picture in the eight ways in which it can be turned and mirrored, as it is first.
    package var variants: [PictureHash] {
        (0..<8).map { hash(isTransposed: $0 & 4 != 0, flipsAcross: $0 & 1 != 0, flipsDown: $0 & 2 != 0) }
    }

    private func hash(isTransposed: Bool, flipsAcross: Bool, flipsDown: Bool) -> PictureHash {
        let count = Self.count
        var values = [Float](repeating: 0, count: 256)
        for row in 0..<count {
            for column in 0..<count {
                // Row and column 0 hold frequency 1, and odd frequencies turn with the picture.
                let flips = (flipsDown && row % 2 == 0) != (flipsAcross && column % 2 == 0)
                let value = coefficients[isTransposed ? column * count + row : row * count + column]
                values[row * count + column] = flips ? -value : value
            }
        }
        for signs in Self.signs { Self.mix(&values, signs) }
        var words = SIMD4<UInt64>()
        for (index, value) in values.enumerated() where value > 0 { words[index / 64] |= 1 << UInt64(index % 64) }
        return PictureHash(words: words)
    }

    // MARK: Random directions

    /// Which numbers change their sign before each mixing: the first bits of π behind the point.
    private static let signs: [SIMD4<UInt64>] = [
        SIMD4(0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344, 0xA409_3822_299F_31D0, 0x082E_FA98_EC4E_6C89),
        SIMD4(0x4528_21E6_38D0_1377, 0xBE54_66CF_34E9_0C6C, 0xC0AC_29B7_C97C_50DD, 0x3F84_D5B5_B547_0917),
    ]

    /// Changes signs, and gives each number the sum of all with signs of its own (a Hadamard transform).
    private static func mix(_ values: inout [Float], _ signs: SIMD4<UInt64>) {
        for index in values.indices where signs[index / 64] >> UInt64(index % 64) & 1 == 1 {
            values[index] = -values[index]
        }
        var half = 1
        while half < values.count {
            for start in stride(from: 0, to: values.count, by: 2 * half) {
                for index in start..<start + half {
                    let (one, other) = (values[index], values[index + half])
                    (values[index], values[index + half]) = (one + other, one - other)
                }
            }
            half *= 2
        }
    }

    // MARK: The small grey picture

    /// The luminance on white, averaged over the areas of 64 × 64 cells.
    private static func reduced(_ picture: Picture) -> [Float] {
        var cells = [Float](repeating: 0, count: side * side)
        var line = [Float](repeating: 0, count: picture.width)
        let columns = spans(picture.width)
        for (rowCell, rows) in spans(picture.height).enumerated() {
            for row in rows.pixels {
                let weight = rows.weight(row)
                fill(&line, from: picture, row: row)
                for (columnCell, columns) in columns.enumerated() {
                    var sum: Float = 0
                    for column in columns.pixels { sum += line[column] }
                    sum -= (1 - columns.first) * line[columns.pixels.lowerBound]
                    sum -= (1 - columns.last) * line[columns.pixels.upperBound - 1]
                    cells[rowCell * side + columnCell] += sum * weight
                }
            }
        }
        let area = Float(picture.width) * Float(picture.height) / Float(side * side)
        return cells.map { $0 / area }
    }

    private static func fill(_ line: inout [Float], from picture: Picture, row: Int) {
        var place = 4 * picture.width * row
        for column in line.indices {
            let light =
                0.299 * Float(picture.pixels[place]) + 0.587 * Float(picture.pixels[place + 1])
                + 0.114 * Float(picture.pixels[place + 2])
            let alpha = picture.pixels[place + 3]
            line[column] = alpha == 255 ? light : 255 + (light - 255) * Float(alpha) / 255
            place += 4
        }
    }

    /// The pixels under one cell, of which the first and the last may belong to it in part.
    private struct Span {
        let pixels: Range<Int>
        let first: Float
        let last: Float

        func weight(_ pixel: Int) -> Float {
            1 - (pixel == pixels.lowerBound ? 1 - first : 0) - (pixel == pixels.upperBound - 1 ? 1 - last : 0)
        }
    }

    private static func spans(_ length: Int) -> [Span] {
        (0..<side).map { cell in
            // In 64ths of a pixel.
            let (start, end) = (cell * length, (cell + 1) * length)
            let pixels = start / side..<(end + side - 1) / side
            return Span(
                pixels: pixels, first: 1 - Float(start - pixels.lowerBound * side) / Float(side),
                last: 1 - Float(pixels.upperBound * side - end) / Float(side))
        }
    }

    private static func quality(_ small: [Float]) -> Int {
        var sum: Float = 0
        for row in 0..<side {
            for column in 0..<side {
                let place = row * side + column
                if column > 0 { sum += abs(small[place] - small[place - 1]) }
                if row > 0 { sum += abs(small[place] - small[place - side]) }
            }
        }
        return min(100, Int(sum / 255 * 100 / 90))
    }

    // MARK: Frequencies

    private static let waves: [Float] = (1...count).flatMap { frequency in
        (0..<side).map { Float(cos(Double(frequency * (2 * $0 + 1)) * .pi / Double(2 * side))) }
    }

    private static func transformed(_ small: [Float]) -> [Float] {
        var across = [Float](repeating: 0, count: side * count)
        for row in 0..<side {
            for frequency in 0..<count {
                var sum: Float = 0
                for place in 0..<side { sum += small[row * side + place] * waves[frequency * side + place] }
                across[row * count + frequency] = sum
            }
        }
        var result = [Float](repeating: 0, count: count * count)
        for down in 0..<count {
            for row in 0..<side {
                let wave = waves[down * side + row]
                for frequency in 0..<count {
                    result[down * count + frequency] += across[row * count + frequency] * wave
                }
            }
        }
        return result
    }
}
