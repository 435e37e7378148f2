// From coefficients to samples: the inverse cosine transform of 8 × 8 blocks, and the smaller ones that give a block in
// a half, a quarter or an eighth of its size from its low frequencies alone. Numbers wrap: hostile coefficients give
// wrong samples, never a trap. The forward transform, for writing, is the plain one.

internal import Glibc

/// The transforms; `coefficients` are dequantised and in rows.
enum JPEGTransform {
    /// Writes the block as `size` × `size` samples, size being 1, 2, 4 or 8.
    @inline(__always)
    static func inverse(
        _ coefficients: [Int32], size: Int, into plane: inout [UInt8], at start: Int, stride: Int
    ) {
        switch size {
        case 8: full(coefficients, into: &plane, at: start, stride: stride)
        case 4: quarter(coefficients, into: &plane, at: start, stride: stride)
        case 2:
            let top = coefficients[0] &+ coefficients[8]
            let bottom = coefficients[0] &- coefficients[8]
            let right = coefficients[1] &+ coefficients[9]
            let wrong = coefficients[1] &- coefficients[9]
            plane[start] = sample(top &+ right &+ 4, 3)
            plane[start + 1] = sample(top &- right &+ 4, 3)
            plane[start + stride] = sample(bottom &+ wrong &+ 4, 3)
            plane[start + stride + 1] = sample(bottom &- wrong &+ 4, 3)
        default: plane[start] = sample(coefficients[0] &+ 4, 3)
        }
    }

    /// Fills a block whose only coefficient is `first`.
    @inline(__always)
    static func flat(_ first: Int32, size: Int, into plane: inout [UInt8], at start: Int, stride: Int) {
        let value = sample(first &+ 4, 3)
        for row in 0..<size {
            for place in start + row * stride..<start + row * stride + size { plane[place] = value }
        }
    }

    @inline(__always)
    private static func sample(_ value: Int32, _ shift: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: max(0, min(255, (value &>> shift) &+ 128)))
    }

    // MARK: 8 × 8

    private typealias Row = SIMD8<Int32>
    private typealias Block = (Row, Row, Row, Row, Row, Row, Row, Row)

    /// Columns first, then rows, each with the factors at 13 bits; the columns keep two bits behind the point.
    private static func full(_ source: [Int32], into plane: inout [UInt8], at start: Int, stride: Int) {
        precondition(source.count >= 64)
        var block: Block = (
            row(source, 0), row(source, 8), row(source, 16), row(source, 24),
            row(source, 32), row(source, 40), row(source, 48), row(source, 56)
        )
        pass(&block, shift: 11)
        transpose(&block)
        pass(&block, shift: 18)
        transpose(&block)
        store(block.0, into: &plane, at: start)
        store(block.1, into: &plane, at: start + stride)
        store(block.2, into: &plane, at: start + 2 * stride)
        store(block.3, into: &plane, at: start + 3 * stride)
        store(block.4, into: &plane, at: start + 4 * stride)
        store(block.5, into: &plane, at: start + 5 * stride)
        store(block.6, into: &plane, at: start + 6 * stride)
        store(block.7, into: &plane, at: start + 7 * stride)
    }

    @inline(__always)
    private static func row(_ source: [Int32], _ start: Int) -> Row {
        Row(
            source[start], source[start + 1], source[start + 2], source[start + 3],
            source[start + 4], source[start + 5], source[start + 6], source[start + 7])
    }

    @inline(__always)
    private static func store(_ row: Row, into plane: inout [UInt8], at start: Int) {
        let shifted = row &+ 128
        let bytes = SIMD8<UInt8>(
            truncatingIfNeeded: shifted.clamped(lowerBound: Row(), upperBound: Row(repeating: 255)))
        for lane in 0..<8 { plane[start &+ lane] = bytes[lane] }
    }

    /// One dimension of eight columns at once: Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms
    /// with 11 multiplications" (ICASSP 1989), figure 1 read backwards, in the form with twelve that shares less.
    @inline(__always)
    private static func pass(_ block: inout Block, shift: Int32) {
        // Even part: a rotation by 3π/8 and a butterfly.
        let turned = (block.2 &+ block.6) &* 4433
        let low = turned &- block.6 &* 15137
        let high = turned &+ block.2 &* 6270
        let sum = (block.0 &+ block.4) &<< 13
        let difference = (block.0 &- block.4) &<< 13
        let even = (sum &+ high, difference &+ low, difference &- low, sum &- high)
        // Odd part.
        let outer = (block.7 &+ block.1) &* -7373
        let inner = (block.5 &+ block.3) &* -20995
        let all = (block.7 &+ block.3 &+ block.5 &+ block.1) &* 9633
        let left = (block.7 &+ block.3) &* -16069 &+ all
        let right = (block.5 &+ block.1) &* -3196 &+ all
        let odd = (
            block.1 &* 12299 &+ outer &+ right, block.3 &* 25172 &+ inner &+ left,
            block.5 &* 16819 &+ inner &+ right, block.7 &* 2446 &+ outer &+ left
        )
        let half = Row(repeating: 1 &<< (shift &- 1))
        let bits = Row(repeating: shift)
        block.0 = (even.0 &+ odd.0 &+ half) &>> bits
        block.7 = (even.0 &- odd.0 &+ half) &>> bits
        block.1 = (even.1 &+ odd.1 &+ half) &>> bits
        block.6 = (even.1 &- odd.1 &+ half) &>> bits
        block.2 = (even.2 &+ odd.2 &+ half) &>> bits
        block.5 = (even.2 &- odd.2 &+ half) &>> bits
        block.3 = (even.3 &+ odd.3 &+ half) &>> bits
        block.4 = (even.3 &- odd.3 &+ half) &>> bits
    }

    /// Three perfect shuffles of the 64 numbers transpose them.
    @inline(__always)
    private static func transpose(_ block: inout Block) {
        for _ in 0..<3 {
            block = (
                interleaved(block.0.lowHalf, block.4.lowHalf),
                interleaved(block.0.highHalf, block.4.highHalf),
                interleaved(block.1.lowHalf, block.5.lowHalf),
                interleaved(block.1.highHalf, block.5.highHalf),
                interleaved(block.2.lowHalf, block.6.lowHalf),
                interleaved(block.2.highHalf, block.6.highHalf),
                interleaved(block.3.lowHalf, block.7.lowHalf),
                interleaved(block.3.highHalf, block.7.highHalf)
            )
        }
    }

    @inline(__always)
    private static func interleaved(_ even: SIMD4<Int32>, _ odd: SIMD4<Int32>) -> Row {
        Row(even[0], odd[0], even[1], odd[1], even[2], odd[2], even[3], odd[3])
    }

    // MARK: Forward

    /// The cosines of the forward transform, for each frequency.
    private static let waves: [SIMD8<Float>] = (0..<8).map { frequency in
        var wave = SIMD8<Float>()
        for place in 0..<8 {
            let scale = frequency == 0 ? 0.125.squareRoot() : 0.5
            wave[place] = Float(scale * cos(Double(frequency * (2 * place + 1)) * .pi / 16))
        }
        return wave
    }

    /// The coefficients, in rows, of the 8 × 8 samples around zero that begin at a place.
    static func forward(_ samples: [Float], at start: Int, stride: Int) -> [Float] {
        // Columns first; the sums of rows then fall into place.
        var lines = [SIMD8<Float>](repeating: .zero, count: 8)
        for row in 0..<8 {
            let first = start + row * stride
            let line = SIMD8(
                samples[first], samples[first + 1], samples[first + 2], samples[first + 3],
                samples[first + 4], samples[first + 5], samples[first + 6], samples[first + 7])
            for frequency in 0..<8 { lines[frequency] += line * waves[frequency][row] }
        }
        var coefficients = [Float](repeating: 0, count: 64)
        for row in 0..<8 {
            for column in 0..<8 { coefficients[8 * row + column] = (lines[row] * waves[column]).sum() }
        }
        return coefficients
    }

    // MARK: 4 × 4

    @inline(__always)
    private static func interleaved(_ even: SIMD2<Int32>, _ odd: SIMD2<Int32>) -> SIMD4<Int32> {
        SIMD4(even[0], odd[0], even[1], odd[1])
    }

    private static func quarter(_ source: [Int32], into plane: inout [UInt8], at start: Int, stride: Int) {
        typealias Line = SIMD4<Int32>
        var lines = (0..<4).reduce(into: (Line(), Line(), Line(), Line())) { lines, column in
            lines.0[column] = source[column]
            lines.1[column] = source[column + 8]
            lines.2[column] = source[column + 16]
            lines.3[column] = source[column + 24]
        }
        for shift in [10, 16] as [Int32] {
            // ½·cos of 0 and π/4, π/8 and 3π/8, at 13 bits; the first pass keeps three bits behind the point.
            let half = Line(repeating: 1 &<< (shift &- 1))
            let sum = (lines.0 &+ lines.2) &* 2896 &+ half
            let difference = (lines.0 &- lines.2) &* 2896 &+ half
            let outer = lines.1 &* 3784 &+ lines.3 &* 1567
            let inner = lines.1 &* 1567 &- lines.3 &* 3784
            let bits = Line(repeating: shift)
            lines = (
                (sum &+ outer) &>> bits, (difference &+ inner) &>> bits,
                (difference &- inner) &>> bits, (sum &- outer) &>> bits
            )
            for _ in 0..<2 {
                lines = (
                    interleaved(lines.0.lowHalf, lines.2.lowHalf),
                    interleaved(lines.0.highHalf, lines.2.highHalf),
                    interleaved(lines.1.lowHalf, lines.3.lowHalf),
                    interleaved(lines.1.highHalf, lines.3.highHalf)
                )
            }
        }
        for column in 0..<4 {
            plane[start + column] = sample(lines.0[column], 0)
            plane[start + stride + column] = sample(lines.1[column], 0)
            plane[start + 2 * stride + column] = sample(lines.2[column], 0)
            plane[start + 3 * stride + column] = sample(lines.3[column], 0)
        }
    }
}
