// What a picture or film file says about itself, whatever its format.

/// What a file says about its picture or film.
package struct MediaMetadata: Equatable, Sendable {
    /// What a pixel is made of.
    package enum Colour: String, CaseIterable, Sendable {
        /// Shades of grey.
        case grey
        /// Shades of grey with transparency.
        case greyAlpha = "grey_alpha"
        /// Colours of a palette.
        case palette
        /// Colours.
        case colour
        /// Colours with transparency.
        case colourAlpha = "colour_alpha"
        /// Four inks.
        case inks
    }

    /// One track of a film.
    package struct Track: Equatable, Sendable {
        /// What a track holds.
        package enum Kind: String, CaseIterable, Sendable {
            /// Moving pictures.
            case video
            /// Sound.
            case audio
            /// Subtitles.
            case text
            /// Something else.
            case other
        }
        /// What it holds.
        package var kind: Kind
        /// How it is coded, as the file names it, such as `avc1` or `V_VP9`.
        package var codec: String
    }

    /// A place on the earth, in degrees.
    package struct Location: Equatable, Sendable {
        /// North of the equator; south is negative.
        package var latitude: Double
        /// East of Greenwich; west is negative.
        package var longitude: Double
    }

    /// The kind of file.
    package let type: MediaType
    /// The pixels of a row, as stored; 0 for what has no picture.
    package var width = 0
    /// The rows, as stored; 0 for what has no picture.
    package var height = 0
    /// How the stored rows are to be shown: 1 to 8, as Exif counts.
    package var orientation = 1
    /// What a pixel is made of, if the file says so.
    package var colour: Colour?
    /// The bits of one component of a pixel, if the file says so.
    package var bitDepth: Int?
    /// The number of pictures; nil if the file does not say.
    package var frames: Int? = 1
    /// How long it moves, in milliseconds.
    package var durationMilliseconds: Int?
    /// When it was taken, as `2024-05-06T07:08:09`, with the offset to UTC if it is known.
    package var date: String?
    /// The maker and model of the camera.
    package var camera: String?
    /// Where it was taken.
    package var location: Location?
    /// The tracks of a film.
    package var tracks: [Track] = []

    /// The size as it is shown, after the orientation is applied.
    package var shownSize: (width: Int, height: Int) {
        orientation >= 5 ? (width: height, height: width) : (width: width, height: height)
    }

    init(_ type: MediaType) { self.type = type }

    /// Adds a track.
    mutating func add(_ track: Track) throws(PictureError) {
        guard tracks.count < PictureLimits.tracks else {
            throw PictureError(.tooLarge, "the film has more than \(PictureLimits.tracks) tracks")
        }
        tracks.append(track)
    }

    /// Reads what a file says about itself.
    ///
    /// What is damaged beside the picture, as Exif data often is, is passed over.
    ///
    /// - Throws: `unsupported` for what is no picture or film, and what is wrong with one that cannot be read.
    package static func read(_ file: FileBytes) throws(PictureError) -> MediaMetadata {
        guard let type = MediaType(file) else {
            throw PictureError(.unsupported, "the file is no picture or film of a known kind")
        }
        let part = FilePart(file)
        var metadata = MediaMetadata(type)
        switch type {
        case .jpeg: try JPEGMetadata.read(part, into: &metadata)
        case .png: try PNGMetadata.read(part, into: &metadata)
        case .gif: try GIFMetadata.read(part, into: &metadata)
        case .webp: try WebPMetadata.read(part, into: &metadata)
        case .avif, .heic: try HEIFMetadata.read(part, into: &metadata)
        case .mp4, .mov: try FilmMetadata.read(part, into: &metadata)
        case .webm, .matroska: try EBMLWalk.read(part, into: &metadata)
        }
        if !type.isFilm { try PictureLimits.check(width: metadata.width, height: metadata.height) }
        return metadata
    }

    /// Reads what the file in an array says about itself.
    package static func read(_ file: [UInt8]) throws(PictureError) -> MediaMetadata { try read(FileBytes(file)) }

    /// The file without what it tells of its maker, and nothing else: no pixel or sound changes.
    ///
    /// Gone are Exif, XMP, IPTC, comments, thumbnails, maker notes, places, dates and what stands behind the end of a
    /// picture; what is kept is the orientation, and what colours need to look the same.
    ///
    /// - Throws: `unsupported` for what is no picture or film, and what is wrong with one that cannot be read.
    package static func stripped(_ file: FileBytes) throws(PictureError) -> StrippedFile {
        guard let type = MediaType(file) else {
            throw PictureError(.unsupported, "the file is no picture or film of a known kind")
        }
        let part = FilePart(file)
        return switch type {
        case .jpeg: try JPEGMetadata.stripped(part)
        case .png: try PNGMetadata.stripped(part)
        case .gif: try GIFMetadata.stripped(part)
        case .webp: try WebPMetadata.stripped(part)
        case .avif, .heic: try HEIFMetadata.stripped(part)
        case .mp4, .mov: try FilmMetadata.stripped(part)
        case .webm, .matroska: try EBMLWalk.stripped(part)
        }
    }

    /// The file in an array without what it tells of its maker.
    package static func stripped(_ file: [UInt8]) throws(PictureError) -> StrippedFile {
        try stripped(FileBytes(file))
    }
}
