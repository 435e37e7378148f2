// What every picture format is decoded to, and what may be wrong with a file.

/// A picture in memory.
///
/// Rows from the top, each pixel red, green, blue, alpha, 8 bits each, sRGB, alpha not premultiplied.
package struct Picture: Equatable, Sendable {
    /// How many pixels a row has.
    package let width: Int
    /// How many rows there are.
    package let height: Int
    /// Four bytes a pixel.
    package var pixels: [UInt8]

    /// Makes a picture; what `pixels` lacks is transparent, and what it has beyond the last row is dropped.
    package init(width: Int, height: Int, pixels: [UInt8] = []) {
        self.width = width
        self.height = height
        self.pixels = pixels
        let count = 4 * width * height
        if pixels.count > count { self.pixels.removeLast(pixels.count - count) }
        if pixels.count < count { self.pixels += [UInt8](repeating: 0, count: count - pixels.count) }
    }
}

/// What is wrong with a picture or film file.
package struct PictureError: Error, Equatable, CustomStringConvertible {
    /// The kinds of damage; the raw values are stable.
    package enum Code: String, Sendable, CaseIterable {
        /// The file is of another format, or uses a part of its format that is not read here.
        case unsupported
        /// The file ends too early.
        case truncated
        /// The file does not follow its format, or a checksum is wrong.
        case damaged
        /// The file exceeds one of `PictureLimits`, which the message names.
        case tooLarge = "too_large"
    }

    /// The kind of damage.
    package let code: Code
    /// What happened, with the part of the file or the limit: lower case, no full stop.
    package let message: String

    /// Makes an error.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message.
    package var description: String { message }
}
