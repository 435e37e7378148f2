// The one door for looking at a picture: whatever its format, it comes upright, in sRGB, and as large as it is wanted.

/// A picture that was decoded, and whether it is all of it.
package struct DecodedPicture: Equatable, Sendable {
    /// The picture.
    package let picture: Picture
    /// Whether the file was read to its end without damage.
    package let isComplete: Bool

    /// Puts both together.
    package init(picture: Picture, isComplete: Bool) {
        self.picture = picture
        self.isComplete = isComplete
    }
}

extension Picture {
    /// Decodes a JPEG or PNG picture or the first frame of a GIF, turned as its metadata says, in sRGB.
    ///
    /// With a frame it is as large as it fits into it, with its proportions, and never enlarged. A frame of 2048 × 2048
    /// needs at most 256 MiB, whatever picture `PictureLimits` admits, beside the file itself. Colour profiles are not
    /// looked at: a picture in another space than sRGB looks a little different.
    ///
    /// - Throws: `unsupported` for other files, and what is wrong with one of which nothing can be shown.
    package static func decode(
        _ file: FileBytes, fitting frame: (width: Int, height: Int)? = nil
    ) throws(PictureError) -> DecodedPicture {
        let type = MediaType(file)
        guard let type, [.jpeg, .png, .gif].contains(type) else {
            throw PictureError(
                .unsupported, "\(type?.name ?? "this kind of file") is not decoded here; JPEG, PNG and GIF are")
        }
        // Metadata that is damaged is no reason not to show the picture.
        let orientation = (try? MediaMetadata.read(file))?.orientation ?? 1
        let decoded = try decode(file, type, stored: frame.map { orientation >= 5 ? ($0.height, $0.width) : $0 })
        return DecodedPicture(
            picture: decoded.picture.oriented(orientation), isComplete: decoded.isComplete)
    }

    /// Decodes the picture in an array.
    package static func decode(
        _ file: [UInt8], fitting frame: (width: Int, height: Int)? = nil
    ) throws(PictureError) -> DecodedPicture {
        try decode(FileBytes(file), fitting: frame)
    }

    /// Decodes the rows as they are stored.
    private static func decode(
        _ file: FileBytes, _ type: MediaType, stored frame: (width: Int, height: Int)?
    ) throws(PictureError) -> DecodedPicture {
        let frame = frame ?? (PictureLimits.side, PictureLimits.side)
        switch type {
        case .jpeg:
            let metadata = try MediaMetadata.read(file)
            let size = (metadata.width, metadata.height)
            let target = fittedSize(of: size, within: frame)
            return try JPEG.decode(file, scale: .least(of: size, for: target), target: target)
        case .png:
            let reader = try PNGReader(file)
            return DecodedPicture(
                picture: try reader.picture(fittedWidth: frame.width, height: frame.height), isComplete: true)
        default:
            let reader = try GIFReader(file)
            return DecodedPicture(
                picture: try reader.picture(fittedWidth: frame.width, height: frame.height), isComplete: true)
        }
    }
}
