// What can go wrong between a request and the network; what goes wrong in the network keeps its own name.

internal import SocialCore

/// An error of the server.
struct ServeError: RoomError {
    /// The kinds of failure.
    enum Code: String, CaseIterable, Sendable {
        case cannotListen = "cannot_listen"
        case badRequest = "bad_request"
        case noSuchPath = "no_such_path"
        case badMethod = "bad_method"
        case unknownParameter = "unknown_parameter"
        case badParameter = "bad_parameter"
        case unauthorized
        case forbidden
        case foreignOrigin = "foreign_origin"
        case bodyTooLarge = "body_too_large"
        case headTooLarge = "head_too_large"
        case tooManyRequests = "too_many_requests"
        case overloaded
        case tooSlow = "too_slow"
        case stopping
        case elsewhere
        case unsatisfiableRange = "unsatisfiable_range"
        case itemNotFound = "item_not_found"
    }

    /// Which failure this is.
    let code: Code
    /// What happened.
    let message: String
    /// What to do.
    let hint: String?

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
