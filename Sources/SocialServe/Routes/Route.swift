// Which path means what. Each noun has its routes in a file of its own.

internal import NIOHTTP1
internal import SocialCLI
internal import SocialCore

/// What is done at a path, by method.
struct Route: Sendable {
    /// Reads something.
    typealias Reading = @Sendable (Request, Reader) throws -> Answer
    /// Changes something, and answers when that is durable.
    typealias Writing = @Sendable (Request, Writer, @escaping Writer.Reply) throws -> Void

    /// What is done.
    enum Endpoint: Sendable {
        case read(Reading)
        /// Reads something that may first have to be made.
        case make(Reading)
        case write(Writing)
        /// A change whose body is a file.
        case upload(Writing)
        /// Something that needs no network.
        case plain(@Sendable (Request, ServerCore) -> Answer)
        case live
        case poll

        /// Whether it changes something.
        var isChange: Bool {
            switch self {
            case .write, .upload: true
            case .read, .make, .plain, .live, .poll: false
            }
        }
    }

    /// The service to which it belongs; nil for what every server does.
    let service: ServeService?
    let endpoints: [(method: HTTPMethod, endpoint: Endpoint)]

    init(_ service: ServeService?, _ endpoints: (HTTPMethod, Endpoint)...) {
        self.service = service
        self.endpoints = endpoints.map { (method: $0.0, endpoint: $0.1) }
    }

    /// What a method does; HEAD is GET without the body.
    func endpoint(_ method: HTTPMethod) -> Endpoint? {
        let method = method == .HEAD ? .GET : method
        return endpoints.first { $0.method == method }?.endpoint
    }

    /// The methods, as `Allow` lists them.
    var allowed: String {
        endpoints.map(\.method).flatMap { $0 == .GET ? ["GET", "HEAD"] : [$0.rawValue] }.joined(separator: ", ")
    }

    /// The route of a path; nil when there is none.
    static func at(_ path: [String]) -> Route? {
        switch path.first {
        case nil: SiteRoutes.page
        case "v1": at(version1: Array(path.dropFirst()))
        case "media", "objects", "thumbnails", "video": MediaRoutes.route(path)
        default: path.count == 1 ? SiteRoutes.route(path[0]) : nil
        }
    }

    private static func at(version1 path: [String]) -> Route? {
        let rest = Array(path.dropFirst())
        switch path.first {
        case "session", "me", "live", "poll": return rest.isEmpty ? SessionRoutes.route(path[0]) : nil
        case "feed": return rest.isEmpty ? FeedRoutes.route : nil
        case "posts": return PostRoutes.route(rest)
        case "users": return UserRoutes.route(rest)
        case "search": return rest.count == 1 ? SearchRoutes.route(rest[0]) : nil
        case "uploads": return UploadRoutes.route(rest)
        case "films": return rest.isEmpty ? MediaRoutes.films : nil
        case "counts": return rest.isEmpty ? nil : SiteRoutes.counts(rest.joined(separator: "/"))
        case "notifications": return NotificationRoutes.route(rest)
        default: return nil
        }
    }
}
