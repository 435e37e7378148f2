// How much of a picture or film file is accepted. They come from strangers: without limits a file of some kilobytes
// would take all memory.

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

    /// Throws if a file is so much smaller than the samples it declares that only a decompression bomb can hold them.
    ///
    /// The limits are those of all inflated data: `FormatLimits.inflateRatio` beyond `FormatLimits.inflateFreeBytes`.
    static func check(inflatedBytes: Int, fileBytes: Int) throws(PictureError) {
        if inflatedBytes > FormatLimits.inflateFreeBytes, inflatedBytes / FormatLimits.inflateRatio > fileBytes {
            throw PictureError(
                .tooLarge, "the picture grows more than \(FormatLimits.inflateRatio) times when it is inflated")
        }
    }
}
