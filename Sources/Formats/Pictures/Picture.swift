// What every picture format is decoded to, what may be wrong with a file, and how much of one is accepted. Pictures
// come from strangers: without limits a file of some kilobytes would take all memory.

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

/// The limits of what is read from picture and film files.
package enum PictureLimits {
    /// The most pixels that a picture may have.
    package static let pixels = 100_000_000

    /// The most pixels of a picture that is in memory as a whole, because its rows do not come from top to bottom.
    package static let interlacedPixels = 40_000_000

    /// The largest width and height, in pixels.
    package static let side = 1 << 20

    /// The most frames of an animation that are counted.
    package static let frames = 100_000

    /// The most tracks of a film.
    package static let tracks = 1_000

    /// The most places in a film that are overwritten.
    package static let changes = 1_000_000

    /// Throws if there are more frames than are counted.
    package static func check(frames count: Int) throws(PictureError) {
        guard count <= frames else {
            throw PictureError(.tooLarge, "the animation has \(count) frames; \(frames) are the limit")
        }
    }

    /// Throws unless a declared size is one that can be decoded.
    package static func check(width: Int, height: Int) throws(PictureError) {
        guard width > 0, height > 0 else { throw PictureError(.damaged, "the picture has no pixels") }
        guard width <= side, height <= side else {
            throw PictureError(.tooLarge, "the picture is \(width)×\(height); no side may exceed \(side) pixels")
        }
        guard width * height <= pixels else {
            throw PictureError(
                .tooLarge, "the picture is \(width)×\(height); it may have \(pixels / 1_000_000) million pixels")
        }
    }
}
