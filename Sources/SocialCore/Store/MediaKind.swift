// What people call uploads: the three kinds that there are, and short names of media types.

internal import Formats

/// A kind of upload.
package enum MediaKind: String, CaseIterable, Sendable {
    /// A picture.
    case image
    /// Something that moves.
    case film
    /// Anything else.
    case file

    /// The kind of a media type (RFC 6838).
    package init(_ type: String) {
        self = type.hasPrefix("image/") ? .image : type.hasPrefix("video/") ? .film : .file
    }

    /// What uploads of a media type are called: their kind, and the second half of the type.
    static func names(of type: String) -> [String] {
        let half = type.drop { $0 != "/" }.dropFirst().prefix { $0 != ";" }.lowercased()
        return [MediaKind(type).rawValue] + (half.isEmpty || MediaKind(rawValue: half) != nil ? [] : [half])
    }

    /// One of those names, whatever people call it: `jpg` is `jpeg`, and `mov` is `quicktime`.
    static func name(_ word: String) -> String {
        let word = word.lowercased()
        let type = MediaType.allCases.first { $0.rawValue == word || $0.fileExtension == word }
        return type.flatMap { names(of: $0.mimeType).last } ?? word
    }
}
