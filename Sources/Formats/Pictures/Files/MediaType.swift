// What kind of picture or film a file is, by what stands in it: names lie, and a name is not asked here.

/// A kind of picture or film.
package enum MediaType: String, CaseIterable, Sendable {
    /// JPEG (ITU-T T.81).
    case jpeg
    /// Portable network graphics.
    case png
    /// GIF 87a and 89a.
    case gif
    /// WebP.
    case webp
    /// AV1 pictures.
    case avif
    /// HEVC pictures.
    case heic
    /// MPEG-4 films.
    case mp4
    /// QuickTime films.
    case mov
    /// WebM films.
    case webm
    /// Matroska films.
    case matroska

    /// The kind of a file that begins with these bytes; nil for what is no picture or film that is known here.
    ///
    /// A few kilobytes are enough.
    package init?(_ head: FileBytes) {
        let head = FilePart(head)
        if (try? head.big(0, 3)) == 0xFF_D8FF {
            self = .jpeg
        } else if (try? head.big(1, 7)) == 0x50_4E47_0D0A_1A0A, (try? head.byte(0)) == 0x89 {
            self = .png
        } else if head.has("GIF87a") || head.has("GIF89a") {
            self = .gif
        } else if head.has("RIFF"), head.has("WEBP", at: 8) {
            self = .webp
        } else if head.has("ftyp", at: 4) {
            guard let type = Self.brand(head) else { return nil }
            self = type
        } else if ["moov", "mdat", "wide"].contains(where: { (try? head.code(4)) == $0 }) {
            // QuickTime films from before there was a box that names the kind.
            self = .mov
        } else if (try? head.big(0, 4)) == 0x1A45_DFA3, let type = EBMLWalk.documentType(head) {
            self = type
        } else {
            return nil
        }
    }

    /// The kind of a file that begins with the bytes of an array.
    package init?(_ head: [UInt8]) { self.init(FileBytes(head)) }

    /// The name for people.
    package var name: String {
        switch self {
        case .jpeg, .png, .gif, .avif, .heic, .mp4: rawValue.uppercased()
        case .webp: "WebP"
        case .mov: "QuickTime"
        case .webm: "WebM"
        case .matroska: "Matroska"
        }
    }

    /// The media type (RFC 6838).
    package var mimeType: String {
        switch self {
        case .jpeg, .png, .gif, .webp, .avif, .heic: "image/\(rawValue)"
        case .mp4, .webm: "video/\(rawValue)"
        case .mov: "video/quicktime"
        case .matroska: "video/matroska"
        }
    }

    /// The usual end of a file's name, without the full stop.
    package var fileExtension: String {
        switch self {
        case .jpeg: "jpg"
        case .matroska: "mkv"
        default: rawValue
        }
    }

    /// Whether it is a film, not a picture.
    package var isFilm: Bool {
        switch self {
        case .jpeg, .png, .gif, .webp, .avif, .heic: false
        case .mp4, .mov, .webm, .matroska: true
        }
    }

    /// The kind that the brands of an ISO base media file (ISO/IEC 14496-12) stand for.
    private static func brand(_ head: FilePart) -> MediaType? {
        guard let size = try? head.big(0, 4), let major = try? head.code(8) else { return nil }
        var brands = [major]
        var offset = 16
        while offset + 4 <= min(size, head.count), brands.count < 64, let brand = try? head.code(offset) {
            brands.append(brand)
            offset += 4
        }
        // A general brand may stand first, and a film may also be a picture: the more particular kind decides.
        if major == "qt  " { return .mov }
        let isFilm = brands.contains { filmBrands.contains($0) }
        if brands.contains("avif") || !isFilm && brands.contains("avis") { return .avif }
        if brands.contains(where: { heicBrands.contains($0) }) { return .heic }
        return isFilm ? .mp4 : nil
    }

    private static let heicBrands: [FourCC] = ["heic", "heix", "heim", "heis", "hevc", "hevx"]
    private static let filmBrands: [FourCC] = [
        "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "mp71", "avc1", "dash",
        "cmfc", "cmf2", "M4V ", "M4A ", "M4VH", "M4VP", "MSNV", "f4v ", "3gp4", "3gp5", "3gp6", "3gp7", "3g2a", "mmp4",
    ]
}
