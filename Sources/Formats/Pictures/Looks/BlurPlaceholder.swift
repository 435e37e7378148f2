// A picture in 32 characters: what is shown, blurred, until the picture itself has come. The form is our own: the
// lowest frequencies of a cosine transform, 4×3 of brightness and 3×2 of each colour difference, one byte each, in
// base64url (RFC 4648, §5). The bytes come in that order, each plane row by row from the constant on. The constant of
// brightness is 255 times it; those of the colour differences are 128 + 255 times them; every other byte is 128 + 127
// times the root of the coefficient's magnitude, with its sign: small coefficients are the frequent ones.

internal import Glibc

/// The lowest frequencies of a picture.
package struct BlurPlaceholder: Equatable, Sendable {
    /// How many frequencies are kept of each plane: across and down.
    private static let planes = [(across: 4, down: 3), (across: 3, down: 2), (across: 3, down: 2)]
    private static let byteCount = 24
    /// The side to which a picture is brought first: more is not seen in so few frequencies.
    private static let side = 32

    private let bytes: [UInt8]

    /// The placeholder of a picture, whose transparent parts take its average colour.
    package init(_ picture: Picture) {
        let small = picture.scaled(width: Self.side, height: Self.side)
        let ground = small.averageColour
        let colours = (0..<small.width * small.height).map { index in
            let pixel = small.pixels[4 * index..<4 * index + 4].map { Double($0) / 255 }
            let behind = SIMD3(Double(ground.red), Double(ground.green), Double(ground.blue)) / 255
            return Self.planes(of: SIMD3(pixel[0], pixel[1], pixel[2]) * pixel[3] + behind * (1 - pixel[3]))
        }
        var bytes: [UInt8] = []
        for (plane, size) in Self.planes.enumerated() {
            for v in 0..<size.down {
                for u in 0..<size.across {
                    var sum = 0.0
                    for y in 0..<small.height {
                        for x in 0..<small.width {
                            sum +=
                                colours[y * small.width + x][plane] * Self.wave(u, x, small.width)
                                * Self.wave(v, y, small.height)
                        }
                    }
                    // A picture has no more frequencies than pixels.
                    let isThere = u < small.width && v < small.height
                    let scale = (u > 0 ? 2.0 : 1) * (v > 0 ? 2.0 : 1) / Double(colours.count)
                    bytes.append(Self.byte(isThere ? sum * scale : 0, plane, isConstant: u + v == 0))
                }
            }
        }
        self.bytes = bytes
    }

    /// Reads the compact form; nil if it is none.
    package init?(_ text: String) {
        var bytes: [UInt8] = []
        var (bits, count): (UInt32, Int) = (0, 0)
        for letter in text.utf8 {
            guard let value = Self.alphabet.firstIndex(of: letter), bytes.count < Self.byteCount else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count % 4 == 0 { for shift in [16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) } }
        }
        guard bytes.count == Self.byteCount, count % 4 == 0 else { return nil }
        self.bytes = bytes
    }

    /// The compact form, 32 letters of the URL-safe base64 alphabet.
    package var text: String {
        var letters: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let bits = Int(bytes[start]) << 16 | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
            for shift in [18, 12, 6, 0] { letters.append(Self.alphabet[bits >> shift & 63]) }
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// The blurred picture at any size of at least one pixel.
    package func picture(width: Int, height: Int) -> Picture {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                var (colour, index) = (SIMD3<Double>.zero, 0)
                for (plane, size) in Self.planes.enumerated() {
                    for v in 0..<size.down {
                        for u in 0..<size.across {
                            let coefficient = Self.coefficient(bytes[index], plane, isConstant: u + v == 0)
                            colour[plane] += coefficient * Self.wave(u, x, width) * Self.wave(v, y, height)
                            index += 1
                        }
                    }
                }
                let samples = Self.samples(of: colour)
                for channel in 0..<3 { pixels.append(Self.clamped(samples[channel] * 255)) }
                pixels.append(255)
            }
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func wave(_ frequency: Int, _ place: Int, _ count: Int) -> Double {
        cos(Double.pi * Double(frequency) * (Double(place) + 0.5) / Double(count))
    }

    private static func byte(_ coefficient: Double, _ plane: Int, isConstant: Bool) -> UInt8 {
        if isConstant { return clamped(255 * coefficient + (plane == 0 ? 0 : 128)) }
        let root = 127 * coefficient.magnitude.squareRoot()
        return clamped(128 + (coefficient < 0 ? -root : root))
    }

    private static func coefficient(_ byte: UInt8, _ plane: Int, isConstant: Bool) -> Double {
        if isConstant { return (Double(byte) - (plane == 0 ? 0 : 128)) / 255 }
        let root = (Double(byte) - 128) / 127
        return root * root.magnitude
    }

    private static func clamped(_ value: Double) -> UInt8 { UInt8(max(0, min(255, value.rounded()))) }

    /// Brightness and the differences of blue and red to it, from red, green and blue (ITU-R BT.601).
    private static func planes(of colour: SIMD3<Double>) -> SIMD3<Double> {
        let brightness = 0.299 * colour.x + 0.587 * colour.y + 0.114 * colour.z
        return SIMD3(brightness, (colour.z - brightness) / 1.772, (colour.x - brightness) / 1.402)
    }

    private static func samples(of planes: SIMD3<Double>) -> SIMD3<Double> {
        let blue = planes.x + 1.772 * planes.y
        let red = planes.x + 1.402 * planes.z
        return SIMD3(red, (planes.x - 0.299 * red - 0.114 * blue) / 0.587, blue)
    }
}
