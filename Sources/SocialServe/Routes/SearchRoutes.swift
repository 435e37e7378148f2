// What has been said, by whom, and about what.

internal import NIOHTTP1
internal import SocialCLI

enum SearchRoutes {
    static func route(_ what: String) -> Route? {
        switch what {
        case "posts":
            Route(
                .search,
                (
                    .GET,
                    .read { request, reader in
                        let actor = try reader.actor(request)
                        let words = try Words("search", "posts").list(request, "rank", except: ["q"])
                        return try answer(words.with("for", actor?.handle), request, reader, actor)
                    }
                ))
        case "media":
            Route(
                .search,
                (
                    .GET,
                    .read { request, reader in
                        let words = try Words("search", "media").list(request, "rank", "type", except: ["q"])
                        return try answer(words, request, reader, reader.actor(request))
                    }
                ))
        case "users":
            Route(
                .search,
                (
                    .GET,
                    .read { request, reader in
                        let actor = try reader.actor(request)
                        let words = try limited(Words("search", "users"), request).with("for", actor?.handle)
                        return try answer(words, request, reader, actor)
                    }
                ))
        case "tags":
            Route(
                .search,
                (
                    .GET,
                    .read { request, reader in
                        var words = try limited(Words("search", "tags"), request, "window")
                        if let start = request["q"], !start.isEmpty { words = words.operand(start) }
                        if request["trending"] != nil { words = words.with("trending") }
                        return reader.answer(words, for: request, by: try reader.actor(request), isShown: true)
                    }
                ))
        default: nil
        }
    }

    private static func answer(
        _ words: Words, _ request: Request, _ reader: Reader, _ actor: Actor?
    ) throws -> Answer {
        guard let query = request["q"] else { throw ServeError(.badParameter, "\"q\" is missing: what to look for") }
        return reader.answer(words.operand(query), for: request, by: actor, isShown: true)
    }

    private static func limited(_ words: Words, _ request: Request, _ names: String...) throws -> Words {
        var words = try words.query(request, except: ["q", "limit", "trending"] + names)
        for name in names { words = words.with(name, request[name]) }
        return words.with("limit", "\(try Words.limit(request))")
    }
}
