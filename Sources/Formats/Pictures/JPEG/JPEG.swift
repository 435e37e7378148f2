// JPEG (ITU-T T.81, JFIF, Adobe's APP14): sequential and progressive pictures with Huffman codes and 8-bit samples, of
// one, three or four components with any sampling factors. Samples agree with libjpeg's accurate transform and smooth
// upsampling. Arithmetic coding, lossless and hierarchical files are refused as unsupported.
//
// Damage before the first scan is an error. Behind it there is something to look at: what was read is given, the rest
// stays grey (or coarse, in a progressive file), and `isComplete` is false.

/// The reader of JPEG files.
package enum JPEG {
    /// A picture, and whether it is all of it.
    package struct Decoded: Equatable, Sendable {
        /// The picture as stored: the orientation in its metadata is not applied.
        package let picture: Picture
        /// Whether the file was read to its end mark without damage.
        package let isComplete: Bool
    }

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

        /// The smallest scale that leaves both sides at least as long as a wanted one, for thumbnails.
        package static func least(width: Int, height: Int, side: Int) -> Scale {
            [.eighth, .quarter, .half].first { min(width, height) * $0.rawValue >= 8 * side } ?? .full
        }
    }

    /// Decodes a whole file.
    ///
    /// Memory: at most three bytes a pixel beside the result, and six more for a progressive file.
    package static func decode(_ bytes: [UInt8], scale: Scale = .full) throws(PictureError) -> Decoded {
        var decoder = JPEGDecoder(bytes, scale: scale)
        let isComplete = try decoder.read()
        guard let frame = decoder.frame else { throw PictureError(.truncated, "the JPEG file ends before its picture") }
        let picture = JPEGRendering(frame, colour: decoder.colour(of: frame), scale: scale.rawValue).picture()
        return Decoded(picture: picture, isComplete: isComplete)
    }
}
