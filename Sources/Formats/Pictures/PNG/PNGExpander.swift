// The inner loops of PNG decoding: a plain row of packed samples becomes red, green, blue and alpha.

/// Turns rows into pixels.
struct PNGExpander {
    private let header: PNGHeader
    private let table: [SIMD4<UInt8>]
    private let clear: SIMD3<UInt16>?

    init(_ header: PNGHeader, _ palette: PNGPalette) {
        self.header = header
        table = header.bitDepth <= 8 && header.colour.channels == 1 ? palette.table(header) : []
        clear = palette.clearSamples(header)
    }

    /// Writes so many pixels of a row to `pixels`, from `start` on and `step` bytes apart.
    func expand(_ row: [UInt8], _ count: Int, into pixels: inout [UInt8], at start: Int, step: Int) {
        let row = row.span
        var pixels = pixels.mutableSpan
        var target = start
        if header.bitDepth == 16 {
            for index in 0..<count { pixels.put(Self.narrow(wide(row, index)), &target, step) }
            return
        }
        switch header.colour {
        case .grey, .indexed:
            let (depth, table) = (header.bitDepth, table.span)
            let mask = UInt8(truncatingIfNeeded: 1 << depth - 1)
            for index in 0..<count {
                let bit = index * depth
                pixels.put(table[Int(row[bit >> 3] >> UInt8(8 - depth - bit & 7) & mask)], &target, step)
            }
        case .greyAlpha:
            for index in 0..<count {
                let grey = row[2 * index]
                pixels.put(SIMD4(grey, grey, grey, row[2 * index + 1]), &target, step)
            }
        case .truecolour:
            let clear = clear.map { SIMD3<UInt8>(truncatingIfNeeded: $0) }
            for index in 0..<count {
                let colour = SIMD3(row[3 * index], row[3 * index + 1], row[3 * index + 2])
                pixels.put(SIMD4(colour, colour == clear ? 0 : 255), &target, step)
            }
        case .truecolourAlpha:
            for index in 0..<count {
                pixels.put(
                    SIMD4(row[4 * index], row[4 * index + 1], row[4 * index + 2], row[4 * index + 3]), &target, step)
            }
        }
    }

    /// One pixel of a row with samples of 16 bits.
    func wide(_ row: [UInt8], _ index: Int) -> SIMD4<UInt16> { wide(row.span, index) }

    private func wide(_ row: Span<UInt8>, _ index: Int) -> SIMD4<UInt16> {
        let start = 2 * header.colour.channels * index
        func sample(_ channel: Int) -> UInt16 {
            UInt16(row[start + 2 * channel]) << 8 | UInt16(row[start + 2 * channel + 1])
        }
        switch header.colour {
        case .grey, .indexed:
            let grey = SIMD3(repeating: sample(0))
            return SIMD4(grey, grey == clear ? 0 : .max)
        case .greyAlpha: return SIMD4(SIMD3(repeating: sample(0)), sample(1))
        case .truecolour:
            let colour = SIMD3(sample(0), sample(1), sample(2))
            return SIMD4(colour, colour == clear ? 0 : .max)
        case .truecolourAlpha: return SIMD4(sample(0), sample(1), sample(2), sample(3))
        }
    }

    /// Samples of 16 bits rounded to 8.
    private static func narrow(_ pixel: SIMD4<UInt16>) -> SIMD4<UInt8> {
        let wide = SIMD4<UInt32>(truncatingIfNeeded: pixel)
        return SIMD4<UInt8>(truncatingIfNeeded: (wide &* 255 &+ 32_895) &>> 16)
    }
}

extension MutableSpan<UInt8> {
    /// Writes a pixel at `offset` and moves it on.
    fileprivate mutating func put(_ pixel: SIMD4<UInt8>, _ offset: inout Int, _ step: Int) {
        self[offset] = pixel.x
        self[offset + 1] = pixel.y
        self[offset + 2] = pixel.z
        self[offset + 3] = pixel.w
        offset += step
    }
}
