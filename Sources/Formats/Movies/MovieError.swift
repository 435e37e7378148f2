// The one error of reading and packaging films: what is wrong, in which box, and where in the file.

/// What is wrong with a film.
package struct MovieError: Error, CustomStringConvertible {
    /// The kinds of failure; the raw values are stable.
    package enum Code: String, Sendable, CaseIterable {
        /// The file does not follow its format.
        case damaged
        /// The file ends too early.
        case truncated
        /// The film uses a part of its format, or a codec, that is not handled here.
        case unsupported
        /// The film exceeds one of `MovieLimits`, which the message names.
        case tooLarge = "too_large"
        /// The source of the bytes failed; `cause` says why.
        case source
    }

    /// The kind of failure.
    package let code: Code
    /// What happened: lower case, no full stop.
    package let message: String
    /// The boxes around the place, such as `moov/trak[1]/mdia`; empty if it is not about a box.
    package let path: String
    /// The place of that box in the file, in bytes from its beginning.
    package let byteOffset: Int?
    /// The error of the source, when `code` is `source`.
    package let cause: (any Error)?

    /// Makes an error.
    package init(
        _ code: Code, _ message: String, path: String = "", byteOffset: Int? = nil, cause: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.path = path
        self.byteOffset = byteOffset
        self.cause = cause
    }

    /// `PATH at byte OFFSET: MESSAGE`, so that `FILE:` may stand before it.
    package var description: String {
        let place = [path, byteOffset.map { "at byte \($0)" } ?? ""].filter { !$0.isEmpty }
        return place.isEmpty ? message : place.joined(separator: " ") + ": " + message
    }
}
