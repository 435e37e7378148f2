// How the samples of a picture stand for light. Averages are right in linear light only: a chequered board of black and
// white looks as bright as the grey 188, not 128.

internal import Glibc

/// A transfer function, from samples of 8 bits to light.
package struct PictureTransfer: Equatable, Sendable {
    /// The exponent, for a plain power function; nil for sRGB.
    private let exponent: Double?

    private init(exponent: Double?) { self.exponent = exponent }

    /// IEC 61966-2-1.
    package static let sRGB = PictureTransfer(exponent: nil)

    /// A power function, named as PNG's gAMA does: 45455 stands for light = sample ^ (1 / 0.45455).
    ///
    /// Values near that one mean sRGB, and values that no device has had are not believed.
    package init(encodingGamma: UInt32) {
        let isNearSRGB = (45_000...46_000).contains(encodingGamma)
        exponent = isNearSRGB || !(10_000...500_000).contains(encodingGamma) ? nil : 100_000 / Double(encodingGamma)
    }

    /// The light from 0 to 1 of each sample.
    var light: [Double] {
        (0..<256).map { sample in
            let value = Double(sample) / 255
            guard let exponent else { return Self.light(value) }
            return pow(value, exponent)
        }
    }

    /// The sRGB sample of an amount of light, rounded.
    static func sample(_ light: Double) -> UInt8 {
        // How many of the borders between two samples lie at or below it: eight halvings.
        var (low, high) = (0, 255)
        while low < high {
            let middle = (low + high) / 2
            if borders[middle] <= light { low = middle + 1 } else { high = middle }
        }
        return UInt8(low)
    }

    private static let borders: [Double] = (0..<255).map { light((Double($0) + 0.5) / 255) }

    private static func light(_ value: Double) -> Double {
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
}
