// A small file that holds a large picture is a bomb, or as good as one.

extension PictureLimits {
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
