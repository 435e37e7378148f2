// What goes wrong with films, apart from files and programs.

internal import Formats

/// An error of the video room.
package struct FilmError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        /// It is no film, or one that is damaged or of a kind that is not read; or what is said of one cannot be.
        case badFilm = "bad_film"
        /// Its files do not begin their segments at the same times.
        case notAligned = "not_aligned"
        /// The upload was not cut.
        case notCut = "not_cut"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    /// An error about a film.
    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// What a reader of films found wrong with a file.
    init(_ error: MovieError, in label: String) {
        self.init(.badFilm, "\"\(label)\": \(error)")
    }
}
