// The page that a browser shows: `index.html` beside this file, which the package manager puts into the program as it
// is, and what a browser may do with it.

internal import Crypto
internal import Formats
internal import SocialCore

/// The page of the server.
enum SitePage {
    /// The page, in UTF-8.
    static let bytes = PackageResources.index_html

    /// What the page may load and run: its own style and script, known by their hashes, and whatever this server has.
    ///
    /// Whatever else gets into it, by whatever mistake, does nothing (Content Security Policy, level 3).
    static let policy = [
        "default-src 'none'", "style-src \(hash(of: "style"))", "script-src \(hash(of: "script"))",
        "img-src 'self' data:",
        "media-src 'self' blob:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
        "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// The hash of all that stands between the tags of the only element of a name.
    private static func hash(of element: String) -> String {
        let start = Array("<\(element)>".utf8)
        let end = Array("</\(element)>".utf8)
        guard let first = bytes.firstRange(of: start), let last = bytes[first.upperBound...].firstRange(of: end) else {
            return "'none'"
        }
        let digest = SHA256.hash(data: bytes[first.upperBound..<last.lowerBound])
        return "'sha256-\(Base64.encode(Array(digest)))'"
    }
}
