// The file that a small picture is kept in.

extension Picture {
    /// The most colours of a picture that is kept without loss, as drawings and screens are.
    private static let fewColours = 256
    /// The quality of the others.
    private static let quality = 85

    /// The picture as a file for pages: PNG if it has few colours or something to look through, else JPEG.
    package func thumbnailFile() throws(PictureError) -> (type: MediaType, bytes: [UInt8]) {
        if !isOpaque || hasFewColours { return (.png, try PNGWriter.encode(self)) }
        return (.jpeg, try JPEG.encode(self, quality: Self.quality))
    }

    /// Whether nothing is seen through any pixel.
    var isOpaque: Bool {
        let pixels = pixels.span
        for place in stride(from: 3, to: pixels.count, by: 4) where pixels[place] != 255 { return false }
        return true
    }

    /// Whether all pixels are shades of grey.
    var isGrey: Bool {
        let pixels = pixels.span
        for place in stride(from: 0, to: pixels.count, by: 4) {
            guard pixels[place] == pixels[place + 1], pixels[place] == pixels[place + 2] else { return false }
        }
        return true
    }

    private var hasFewColours: Bool {
        var colours: Set<SIMD4<UInt8>> = []
        for place in stride(from: 0, to: pixels.count, by: 4) {
            colours.insert(SIMD4(pixels[place], pixels[place + 1], pixels[place + 2], pixels[place + 3]))
            if colours.count > Self.fewColours { return false }
        }
        return true
    }
}
