// JPEG (ITU-T T.81, JFIF, Adobe's APP14): sequential and progressive pictures with Huffman codes and 8-bit samples, of
// one, three or four components with any sampling factors. Samples agree with libjpeg's accurate transform and smooth
// upsampling. Arithmetic coding, lossless and hierarchical files are refused as unsupported.
//
// Damage before the first scan is an error. Behind it there is something to look at: what was read is given, the rest
// stays grey (or coarse, in a progressive file), and `isComplete` is false.

/// The reader and the writer of JPEG files.
package enum JPEG {
    /// How large a picture is wanted; the raw value is the side of what becomes of a block of 8 × 8 pixels.
    package enum Scale: Int, Sendable, CaseIterable {
        /// As stored.
        case full = 8
        /// Half the width and height, rounded up.
        case half = 4
        /// A quarter of the width and height, rounded up.
        case quarter = 2
        /// An eighth of the width and height, rounded up: one pixel a block, without any transform.
        case eighth = 1

        /// The smallest scale that leaves a picture at least as large as it is wanted.
        package static func least(
            of size: (width: Int, height: Int), for target: (width: Int, height: Int)
        ) -> Scale {
            [.eighth, .quarter, .half].first {
                size.width * $0.rawValue >= 8 * target.width && size.height * $0.rawValue >= 8 * target.height
            } ?? .full
        }
    }

    /// Decodes a whole file, at a reduced scale or at exactly the size of `target`, which is never larger.
    ///
    /// Memory: at most four bytes a pixel of the reduced picture beside the result, and in a progressive file eight
    /// bytes for each of its blocks and two for each pixel of the reduced picture and component.
    package static func decode(
        _ file: FileBytes, scale: Scale = .full, target: (width: Int, height: Int)? = nil
    ) throws(PictureError) -> DecodedPicture {
        var decoder = try JPEGDecoder(file, scale: scale)
        let isComplete = try decoder.read()
        guard let frame = decoder.frame else { throw PictureError(.truncated, "the JPEG file ends before its picture") }
        let rendering = JPEGRendering(frame, colour: decoder.colour(of: frame), scale: scale.rawValue)
        var scaler = PictureScaler(
            of: (frame.width, frame.height), step: 8 / scale.rawValue,
            to: target ?? (rendering.width, rendering.height))
        rendering.eachRow { scaler.add($0) }
        return DecodedPicture(picture: scaler.picture(), isComplete: isComplete)
    }
    /// The picture as a baseline file with a quality from 1 to 100; grey ones have one component, and what is
    /// transparent shows white.
    ///
    /// - Throws: `too_large` if a side is longer than JPEG can say.
    package static func encode(_ picture: Picture, quality: Int) throws(PictureError) -> [UInt8] {
        var writer = try JPEGWriter(picture, quality: quality)
        return writer.file()
    }
}
