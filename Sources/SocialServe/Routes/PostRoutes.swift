// Posts: read, written, answered, liked and passed on.

internal import NIOHTTP1
internal import SocialCLI
internal import SocialCore

enum PostRoutes {
    static func route(_ path: [String]) -> Route? {
        guard let id = path.first else { return Route(.posts, (.GET, .read(list)), (.POST, .write(create))) }
        guard PostID(decimal: id) != nil else { return nil }
        switch path.dropFirst() {
        case []:
            return Route(
                .posts, (.GET, .read { try show(id, $0, $1) }), (.PATCH, .write { try edit(id, $0, $1, $2) }),
                (.DELETE, .write { try change("delete", id, $0, $1, $2) }))
        case ["thread"]: return Route(.posts, (.GET, .read { try thread(id, $0, $1) }))
        case ["like"]:
            return Route(
                .posts, (.PUT, .write { try change("like", id, $0, $1, $2) }),
                (.DELETE, .write { try change("unlike", id, $0, $1, $2) }))
        case ["repost"]: return Route(.posts, (.POST, .write { try repost(id, $0, $1, $2) }))
        default: return nil
        }
    }

    // MARK: Reading

    @Sendable private static func list(_ request: Request, _ reader: Reader) throws -> Answer {
        let actor = try reader.actor(request)
        let words = try Words("post", "list").list(request, "by", "tag", "since", "until", "sort")
        return reader.answer(words, for: request, by: actor, isShown: true)
    }

    private static func show(_ id: String, _ request: Request, _ reader: Reader) throws -> Answer {
        let actor = try reader.actor(request)
        let words = try Words("post", "show").query(request).with("by", actor?.handle).operand(id)
        let answer = reader.answer(words, for: request, by: actor)
        if reader.site.options.counts, let id = PostID(decimal: id), answer.status == .ok {
            // What a repost passes on is what is read.
            let subject = try reader.service.network().posts.item(id).subject.id
            let now = reader.site.options.context.clock.now
            let access = CountedAccess(.post(subject), .view, viewer: Viewer(request, actor).key, at: now)
            reader.site.accesses.add([access])
            if let actor { reader.site.accesses.add(AccessCollector.Sight(viewer: actor.id, post: subject)) }
        }
        return answer
    }

    private static func thread(_ id: String, _ request: Request, _ reader: Reader) throws -> Answer {
        let actor = try reader.actor(request)
        let words = try Words("post", "thread").query(request, except: ["limit"])
            .with("limit", "\(try Words.limit(request))").with("by", actor?.handle).operand(id)
        return reader.answer(words, for: request, by: actor, isShown: true)
    }

    // MARK: Writing

    @Sendable private static func create(
        _ request: Request, _ writer: Writer, _ reply: @escaping Writer.Reply
    ) throws {
        let actor = try writer.required(request)
        let body = try request.object()
        try body.allow("text", "reply_to", "media", "expires")
        _ = try Words().query(request)
        let line = try PostLine(body, by: actor, idempotencyKey: request.header("idempotency-key"))
        writer.answer(line.words, input: line.input, status: .created, reply)
    }

    private static func edit(
        _ id: String, _ request: Request, _ writer: Writer, _ reply: @escaping Writer.Reply
    ) throws {
        let actor = try writer.required(request)
        let body = try request.object()
        try body.allow("text")
        guard let text = try body.text("text") else { throw ServeError(.badRequest, "\"text\" is missing") }
        let words = try Words("post", "edit").query(request).with("by", actor.handle).operand(id, "-")
        writer.answer(words, input: Array("\(text)\n".utf8), reply)
    }

    private static func change(
        _ verb: String, _ id: String, _ request: Request, _ writer: Writer, _ reply: @escaping Writer.Reply
    ) throws {
        let actor = try writer.required(request)
        writer.answer(try Words("post", verb).query(request).with("by", actor.handle).operand(id), reply)
    }

    private static func repost(
        _ id: String, _ request: Request, _ writer: Writer, _ reply: @escaping Writer.Reply
    ) throws {
        let actor = try writer.required(request)
        let words = try Words("post", "repost").query(request).with("by", actor.handle)
            .with("idempotency-key", request.header("idempotency-key")).operand(id)
        writer.answer(words, status: .created, reply)
    }
}
