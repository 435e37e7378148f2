// The page, the state of the server, and counts.

internal import NIOHTTP1
internal import SocialCLI
internal import SocialCore

enum SiteRoutes {
    /// What a browser shows.
    static let page = Route(
        nil,
        (
            .GET,
            .plain { request, _ in
                var answer = Answer(type: "text/html; charset=utf-8", SitePage.bytes).tagged(for: request)
                answer.fields += [
                    Answer.Field("Content-Security-Policy", SitePage.policy),
                    Answer.Field("Referrer-Policy", "same-origin"),
                ]
                return answer
            }
        ))

    static func route(_ name: String) -> Route? {
        switch name {
        case "health": Route(nil, (.GET, .plain { _, _ in plain("ok\n") }))
        case "ready": Route(nil, (.GET, .read(ready)))
        case "metrics":
            Route(
                nil,
                (
                    .GET,
                    .plain { _, server in
                        let type = "application/openmetrics-text; version=1.0.0; charset=utf-8"
                        return Answer(type: type, Array(server.metricsText.utf8))
                    }
                ))
        default: nil
        }
    }

    /// Whether the directory can be read.
    @Sendable private static func ready(_ request: Request, _ reader: Reader) throws -> Answer {
        if reader.site.isStopping { throw ServeError(.stopping, "the server stops") }
        _ = try reader.service.network().logHeads.vector()
        return plain("ready\n")
    }

    private static func plain(_ text: String) -> Answer { Answer(type: "text/plain", Array(text.utf8)) }

    /// How often something was accessed.
    static func counts(_ resource: String) -> Route {
        Route(
            nil,
            (
                .GET,
                .read { request, reader in
                    let words = try Words("analytics", "count").query(request, "since", "until", "kind").operand(
                        resource)
                    return reader.answer(words, for: request)
                }
            ))
    }
}
