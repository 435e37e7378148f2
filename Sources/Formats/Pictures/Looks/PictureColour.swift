// One colour for a whole picture: what a page shows before the picture has come.

/// An opaque sRGB colour.
package struct PictureColour: Equatable, Sendable {
    /// Red, from 0 to 255.
    package let red: UInt8
    /// Green, from 0 to 255.
    package let green: UInt8
    /// Blue, from 0 to 255.
    package let blue: UInt8

    /// Makes a colour.
    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The colour as style sheets write it, such as `#1e90ff`.
    package var hex: String {
        "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.reduce("", +)
    }
}

extension Picture {
    /// The colour of a pixel without its alpha.
    func colour(x: Int, y: Int) -> PictureColour {
        let start = 4 * (y * width + x)
        return PictureColour(red: pixels[start], green: pixels[start + 1], blue: pixels[start + 2])
    }

    /// The average colour in linear light, in which transparent pixels count as little as they are seen; black when
    /// nothing is seen.
    package var averageColour: PictureColour {
        let average = scaled(width: 1, height: 1)
        return average.pixels[3] == 0 ? PictureColour(red: 0, green: 0, blue: 0) : average.colour(x: 0, y: 0)
    }
}
