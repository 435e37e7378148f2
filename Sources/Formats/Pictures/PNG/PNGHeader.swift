// What a PNG file says about its picture before the pixels come: the chunk IHDR (PNG Specification, §11.2.1).

/// The header of a PNG picture.
package struct PNGHeader: Equatable, Sendable {
    /// The kinds of pixels; the raw values are those of the format.
    package enum Colour: UInt8, Sendable {
        /// One grey sample.
        case grey = 0
        /// Red, green and blue.
        case truecolour = 2
        /// A place in the palette.
        case indexed = 3
        /// A grey sample and alpha.
        case greyAlpha = 4
        /// Red, green, blue and alpha.
        case truecolourAlpha = 6

        /// How many samples a pixel has.
        var channels: Int {
            switch self {
            case .grey, .indexed: 1
            case .greyAlpha: 2
            case .truecolour: 3
            case .truecolourAlpha: 4
            }
        }
    }

    /// How many pixels a row has.
    package let width: Int
    /// How many rows there are.
    package let height: Int
    /// What a pixel is made of.
    package let colour: Colour
    /// How many bits a sample has: 1, 2, 4, 8 or 16.
    package let bitDepth: Int
    /// Whether the pixels come in the seven passes of Adam7.
    package let isInterlaced: Bool

    init(_ data: FilePart) throws(PictureError) {
        guard data.count == 13 else { throw PictureError(.damaged, "the header of the PNG picture has a wrong length") }
        width = try data.big(0, 4)
        height = try data.big(4, 4)
        try PictureLimits.check(width: width, height: height)
        let rest = Array(data.bytes.suffix(5))
        bitDepth = Int(rest[0])
        guard let colour = Colour(rawValue: rest[1]), Self.depths(colour).contains(bitDepth) else {
            throw PictureError(.damaged, "the PNG picture has colour type \(rest[1]) with \(rest[0]) bits")
        }
        self.colour = colour
        guard rest[2] == 0, rest[3] == 0, rest[4] <= 1 else {
            throw PictureError(.unsupported, "the PNG picture is compressed, filtered or interlaced in an unknown way")
        }
        isInterlaced = rest[4] == 1
        guard !isInterlaced || width * height <= PictureLimits.interlacedPixels else {
            throw PictureError(
                .tooLarge,
                "the picture is \(width)×\(height) and interlaced; then it may have "
                    + "\(PictureLimits.interlacedPixels / 1_000_000) million pixels")
        }
    }

    private static func depths(_ colour: Colour) -> [Int] {
        switch colour {
        case .grey: [1, 2, 4, 8, 16]
        case .indexed: [1, 2, 4, 8]
        case .truecolour, .greyAlpha, .truecolourAlpha: [8, 16]
        }
    }

    /// How many bits a pixel has.
    var bitsPerPixel: Int { colour.channels * bitDepth }

    /// How many bytes a row of so many pixels has, without its filter type.
    func rowBytes(_ width: Int) -> Int { (width * bitsPerPixel + 7) / 8 }

    /// One pass over the picture: which pixels it brings.
    struct Pass: Equatable {
        let x: Int
        let y: Int
        let stepX: Int
        let stepY: Int
        let width: Int
        let height: Int
    }

    /// The passes that bring a pixel (§8.2); a picture that is not interlaced has one.
    var passes: [Pass] {
        guard isInterlaced else { return [Pass(x: 0, y: 0, stepX: 1, stepY: 1, width: width, height: height)] }
        let steps = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        return steps.compactMap { x, y, stepX, stepY in
            guard width > x, height > y else { return nil }
            return Pass(
                x: x, y: y, stepX: stepX, stepY: stepY, width: (width - x + stepX - 1) / stepX,
                height: (height - y + stepY - 1) / stepY)
        }
    }

    /// How many bytes all passes have, inflated.
    var inflatedBytes: Int { passes.reduce(0) { $0 + $1.height * (rowBytes($1.width) + 1) } }
}
