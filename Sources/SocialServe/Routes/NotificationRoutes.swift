// What others did that concerns whoever asks.

internal import Formats
internal import NIOHTTP1
internal import SocialCLI
internal import SocialCore

enum NotificationRoutes {
    static func route(_ path: [String]) -> Route? {
        switch path {
        case []: Route(.notifications, (.GET, .read(list)))
        case ["read"]: Route(.notifications, (.POST, .write(markRead)))
        default: nil
        }
    }

    @Sendable private static func list(_ request: Request, _ reader: Reader) throws -> Answer {
        let actor = try reader.required(request)
        if let count = request["count"] {
            guard count == "unread", request.query.count == 1 else {
                throw ServeError(.badParameter, "\"count\" needs \"unread\", and nothing beside it")
            }
            return try self.count(actor, reader).tagged(for: request)
        }
        var words = try Words("notification", "list").query(request, "kind", "after", except: ["limit", "unread"])
            .with("limit", "\(try Words.limit(request))")
        if request["unread"] != nil { words = words.with("unread") }
        return reader.answer(words.operand(actor.handle), for: request, by: actor)
    }

    /// How many are unread.
    private static func count(_ actor: Actor, _ reader: Reader) throws -> Answer {
        let words = Words("notification", "list").with("unread").with("count").operand(actor.handle)
        let outcome = reader.service.run(words.all)
        guard outcome.code == nil, let count = try JSONReader.parse(outcome.output)["count"]?.integer else {
            return Answer(outcome)
        }
        return .json(Array("{\"unread\":\(count)}\n".utf8))
    }

    @Sendable private static func markRead(
        _ request: Request, _ writer: Writer, _ reply: @escaping Writer.Reply
    ) throws {
        let actor = try writer.required(request)
        _ = try Words().query(request)
        writer.answer(try line(request.object(), actor), reply)
    }

    /// The line that marks what a body names.
    static func line(_ body: JSONObject, _ actor: Actor) throws -> Words {
        try body.allow("type", "id", "until", "ids", "all")
        let words = Words("notification", "mark-read")
        if body["all"] == true { return words.with("all").operand(actor.handle) }
        if let cursor = try body.text("until") { return words.with("until", cursor).operand(actor.handle) }
        let ids = try body.texts("ids")
        guard !ids.isEmpty else { throw ServeError(.badRequest, "one of \"until\", \"ids\" and \"all\" is needed") }
        return ids.reduce(words.operand(actor.handle)) { $0.operand($1) }
    }
}
