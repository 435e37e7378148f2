// The status of an answer (RFC 9110, section 15): from the code of an error where HTTP has a word of its own for it,
// else from the exit status that the command would have.

internal import SocialCLI

/// A status code.
struct Status: Equatable, Sendable {
    let code: Int

    init(_ code: Int) { self.code = code }

    static let ok = Status(200)
    static let created = Status(201)
    static let found = Status(302)
    static let notModified = Status(304)
    static let unavailable = Status(503)

    /// The status of an error.
    init(errorCode: String, exit: Int32) {
        switch ServeError.Code(rawValue: errorCode) {
        case .unauthorized: code = 401
        case .forbidden, .foreignOrigin: code = 403
        case .badMethod: code = 405
        case .tooSlow: code = 408
        case .bodyTooLarge: code = 413
        case .unsatisfiableRange: code = 416
        case .elsewhere: code = 421
        case .tooManyRequests: code = 429
        case .headTooLarge: code = 431
        default:
            switch exit {
            case ExitTable.usage, ExitTable.badData: code = 400
            case ExitTable.noInput, ExitTable.notFound: code = 404
            case ExitTable.unavailable, ExitTable.tryAgain: code = 503
            case ExitTable.permission: code = 403
            case ExitTable.cannotCreate: code = 409
            default: code = 500
            }
        }
    }

    /// The status line, ended.
    var line: StaticString {
        switch code {
        case 200: "HTTP/1.1 200 OK\r\n"
        case 201: "HTTP/1.1 201 Created\r\n"
        case 204: "HTTP/1.1 204 No Content\r\n"
        case 206: "HTTP/1.1 206 Partial Content\r\n"
        case 302: "HTTP/1.1 302 Found\r\n"
        case 304: "HTTP/1.1 304 Not Modified\r\n"
        case 400: "HTTP/1.1 400 Bad Request\r\n"
        case 401: "HTTP/1.1 401 Unauthorized\r\n"
        case 403: "HTTP/1.1 403 Forbidden\r\n"
        case 404: "HTTP/1.1 404 Not Found\r\n"
        case 405: "HTTP/1.1 405 Method Not Allowed\r\n"
        case 408: "HTTP/1.1 408 Request Timeout\r\n"
        case 409: "HTTP/1.1 409 Conflict\r\n"
        case 413: "HTTP/1.1 413 Content Too Large\r\n"
        case 416: "HTTP/1.1 416 Range Not Satisfiable\r\n"
        case 421: "HTTP/1.1 421 Misdirected Request\r\n"
        case 426: "HTTP/1.1 426 Upgrade Required\r\n"
        case 429: "HTTP/1.1 429 Too Many Requests\r\n"
        case 431: "HTTP/1.1 431 Request Header Fields Too Large\r\n"
        case 503: "HTTP/1.1 503 Service Unavailable\r\n"
        default: "HTTP/1.1 500 Internal Server Error\r\n"
        }
    }
}
