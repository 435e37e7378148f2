// The server between its connections and its threads: decides of each request what is to be done with it, before its
// body has come.

internal import NIOCore
internal import NIOHTTP1
internal import SocialCLI
internal import SocialCore

/// What connections need of the server.
final class ServerCore: Sendable {
    let site: Site
    let crew: Crew
    let hub: Hub
    let polls: PollSessions
    let directory: ServiceDirectory
    /// Where bodies lie that are too large for memory.
    let spoolFolder: String

    init(_ site: Site) throws {
        self.site = site
        crew = try Crew(site)
        hub = try Hub(site)
        polls = PollSessions(hub, site)
        directory = ServiceDirectory(site)
        spoolFolder = "\(site.options.directory)/spool"
    }

    /// What is done with a request.
    enum Plan {
        /// It is answered whatever its body says.
        case answer(Answer)
        /// Its body is read, up to a limit; then it is handled, and answered at once or later.
        case request(limit: Int, isSpooled: Bool, handle: (Request, HTTPConnection) -> Answer?)
    }

    /// Decides what is done with a request.
    func plan(_ request: Request, isForWrites: Bool) -> Plan {
        if site.isStopping, request.path != ["health"] {
            var answer = Answer(ServeError(.stopping, "the server stops"))
            answer.closes = true
            return .answer(answer)
        }
        guard let route = Route.at(request.path) else {
            return .answer(Answer(ServeError(.noSuchPath, "there is nothing at \"\(request.head.uri.prefix(200))\"")))
        }
        guard let endpoint = route.endpoint(request.method) else {
            let message = "\"\(request.method.rawValue)\" means nothing here"
            var answer = Answer(ServeError(.badMethod, message, hint: "there are \(route.allowed)"))
            answer.fields.append(Answer.Field("Allow", route.allowed))
            return .answer(answer)
        }
        if let limiter = site.limiter, let seconds = limiter.wait(request.token?.text ?? request.address) {
            site.metrics.limited.add()
            var answer = Answer(ServeError(.tooManyRequests, "more than \(site.options.rate ?? 0) requests a second"))
            answer.fields = [Answer.Field("Retry-After", "\(seconds)")]
            return .answer(answer)
        }
        if let service = route.service, !site.runs(service), let forwarding = forwarding(request, service, endpoint) {
            return forwarding
        }
        do throws(ServeError) { try admit(request, route, endpoint, isForWrites: isForWrites) } catch {
            return .answer(Answer(error))
        }
        return plan(endpoint)
    }

    /// Hands a request on to a server that runs a service; nil when none is known, or it was handed on before.
    private func forwarding(_ request: Request, _ service: ServeService, _ endpoint: Route.Endpoint) -> Plan? {
        if case .live = endpoint { return nil }
        let hasCome = request.head.headers[canonicalForm: "via"].contains { $0.hasSuffix(" \(Forwarder.mark)") }
        guard !hasCome, let address = directory.address(of: service, for: request) else { return nil }
        var limit = ServeLimits.jsonBytes
        var isUpload = false
        if case .upload = endpoint { (limit, isUpload) = (site.options.bodyBytes, true) }
        return .request(limit: limit, isSpooled: isUpload) { request, connection in
            Forwarder.forward(request, to: address, connection)
            return nil
        }
    }

    private func plan(_ endpoint: Route.Endpoint) -> Plan {
        let (crew, limit) = (crew, ServeLimits.jsonBytes)
        switch endpoint {
        case .plain(let work):
            return .request(limit: limit, isSpooled: false) { [self] request, _ in work(request, self) }
        case .read(let work):
            return .request(limit: limit, isSpooled: false) { request, connection in
                crew.read(request, work, connection.reply())
                return nil
            }
        case .make(let work):
            return .request(limit: limit, isSpooled: false) { request, connection in
                crew.read(request, isMade: true, work, connection.reply())
                return nil
            }
        case .write(let work):
            return .request(limit: limit, isSpooled: false) { request, connection in
                crew.write(request, work, connection.reply())
                return nil
            }
        case .upload(let work):
            return .request(limit: site.options.bodyBytes, isSpooled: true) { request, connection in
                crew.write(request, isUpload: true, work, connection.reply())
                return nil
            }
        case .live:
            return .request(limit: limit, isSpooled: false) { request, connection in connection.becomeLive(request) }
        case .poll:
            return .request(limit: limit, isSpooled: false) { [self] request, connection in
                let reply = connection.reply()
                let isTaken = crew.readers.submit { reader in
                    do { Polling(server: self).take(request, try reader.required(request), reply) } catch {
                        reply(Answer(error))
                    }
                }
                return isTaken ? nil : Answer(ServeError(.overloaded, "too many requests wait already"))
            }
        }
    }

    /// Whether a request may be made here.
    private func admit(
        _ request: Request, _ route: Route, _ endpoint: Route.Endpoint, isForWrites: Bool
    ) throws(ServeError) {
        if let service = route.service, !site.runs(service) {
            throw ServeError(.elsewhere, "the service \"\(service.rawValue)\" does not run here")
        }
        if case .live = endpoint { return try requireOwnOrigin(request) }
        guard endpoint.isChange || request.method == .POST || request.method == .DELETE else { return }
        if endpoint.isChange, site.options.writeAddress != nil, !isForWrites {
            throw ServeError(.elsewhere, "changes are taken at another address", hint: "see --listen-writes")
        }
        try requireOwnOrigin(request)
        if request.token?.isCookie == true, case .write = endpoint, let type = request.header("content-type"),
            !type.lowercased().hasPrefix(Answer.jsonType)
        {
            throw ServeError(.badRequest, "a body here is \(Answer.jsonType)")
        }
    }

    /// A browser sends the cookie whoever's page asks; so it must be a page of this server that does.
    private func requireOwnOrigin(_ request: Request) throws(ServeError) {
        guard request.token?.isCookie ?? true, let origin = request.header("origin") else { return }
        let host = request.header("host") ?? ""
        guard origin == "http://\(host)" || origin == "https://\(host)" else {
            throw ServeError(.foreignOrigin, "\"\(origin.prefix(200))\" is not this server")
        }
    }

    /// The state of the server, for whoever watches it.
    var metricsText: String {
        MetricsText(
            site.metrics,
            waiting: [
                ("readers", crew.readers.waiting), ("writers", crew.writers.waiting), ("uploads", crew.uploads.waiting),
                ("makers", crew.makers.waiting),
            ]
        ).text
    }
}
