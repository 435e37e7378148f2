// From the samples of PNG to red, green, blue and alpha (PNG Specification, §13.12 and §11.3.1.1).

/// What a PNG file says about its samples beside the header: the palette and what is transparent.
struct PNGPalette {
    /// The colours of an indexed picture, three bytes each.
    var colours: [UInt8] = []
    /// The bytes of tRNS: an alpha for each of the first colours, or the samples of the one transparent colour.
    var transparency: [UInt8] = []

    /// Red, green, blue and alpha of each value that a sample of at most eight bits may have.
    ///
    /// Indices beyond the palette are opaque black, as in libpng.
    func table(_ header: PNGHeader) -> [SIMD4<UInt8>] {
        guard header.colour == .grey else {
            return (0..<256).map { index in
                let alpha = index < transparency.count ? transparency[index] : 255
                guard 3 * index + 2 < colours.count else { return SIMD4(0, 0, 0, alpha) }
                return SIMD4(colours[3 * index], colours[3 * index + 1], colours[3 * index + 2], alpha)
            }
        }
        let highest = (1 << header.bitDepth) - 1
        let clear = clearSamples(header)?.x
        return (0..<256).map { value in
            let grey = UInt8(min(value, highest) * (255 / highest))
            return SIMD4(grey, grey, grey, clear.map { Int($0) == value } == true ? 0 : 255)
        }
    }

    /// The samples of the one transparent colour of a grey or truecolour picture, of as many bits as the picture has.
    func clearSamples(_ header: PNGHeader) -> SIMD3<UInt16>? {
        let mask = UInt16(truncatingIfNeeded: 1 << header.bitDepth - 1)
        func sample(_ index: Int) -> UInt16 {
            (UInt16(transparency[2 * index]) << 8 | UInt16(transparency[2 * index + 1])) & mask
        }
        switch header.colour {
        case .grey where transparency.count == 2: return SIMD3(repeating: sample(0))
        case .truecolour where transparency.count == 6: return SIMD3(sample(0), sample(1), sample(2))
        default: return nil
        }
    }
}
