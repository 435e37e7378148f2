// Accounts, and whom they follow and do not want to see.

internal import Formats
internal import NIOHTTP1
internal import SocialCLI
internal import SocialCore

enum UserRoutes {
    static func route(_ path: [String]) -> Route? {
        guard let handle = path.first else { return Route(.users, (.GET, .read(list))) }
        switch path.dropFirst() {
        case []:
            return Route(
                .users, (.GET, .read { try show(handle, $0, $1) }), (.PATCH, .write { try update(handle, $0, $1, $2) }))
        case ["posts"]: return Route(.posts, (.GET, .read { try posts(handle, $0, $1) }))
        case ["uploads"]: return Route(.upload, (.GET, .read { try uploads(handle, $0, $1) }))
        case ["followers"], ["following"]:
            let side = path[1]
            return Route(.graph, (.GET, .read { try follows(side, handle, $0, $1) }))
        case ["follow"]: return relation("add", "remove", handle)
        case ["block"]: return relation("block", "unblock", handle)
        case ["mute"]: return relation("mute", "unmute", handle)
        default: return nil
        }
    }

    // MARK: Reading

    @Sendable private static func list(_ request: Request, _ reader: Reader) throws -> Answer {
        reader.answer(try Words("user", "list").list(request, "prefix"), for: request)
    }

    private static func show(_ handle: String, _ request: Request, _ reader: Reader) throws -> Answer {
        let actor = try reader.actor(request)
        let words = try Words("user", "show").query(request).with("by", actor?.handle).operand(handle)
        return reader.answer(words, for: request, by: actor, isShown: true)
    }

    private static func posts(_ handle: String, _ request: Request, _ reader: Reader) throws -> Answer {
        let actor = try reader.actor(request)
        let words = try Words("post", "list").list(request, "tag", "since", "until", "sort").with("by", handle)
        return reader.answer(words, for: request, by: actor, isShown: true)
    }

    private static func uploads(_ handle: String, _ request: Request, _ reader: Reader) throws -> Answer {
        reader.answer(try Words("upload", "list").list(request, "kind", "tag").with("by", handle), for: request)
    }

    private static func follows(
        _ side: String, _ handle: String, _ request: Request, _ reader: Reader
    ) throws -> Answer {
        reader.answer(try Words("follow", "list").list(request).with(side).operand(handle), for: request)
    }

    // MARK: Writing

    private static func relation(_ begin: String, _ end: String, _ handle: String) -> Route {
        func change(_ verb: String) -> Route.Writing {
            { request, writer, reply in
                let actor = try writer.required(request)
                writer.answer(try Words("follow", verb).query(request).operand(actor.handle, handle), reply)
            }
        }
        return Route(.graph, (.PUT, .write(change(begin))), (.DELETE, .write(change(end))))
    }

    private static func update(
        _ handle: String, _ request: Request, _ writer: Writer, _ reply: @escaping Writer.Reply
    ) throws {
        let actor = try writer.required(request)
        let own = try Handle(actor.handle)
        guard (try? Handle(handle))?.key == own.key else {
            throw ServeError(.forbidden, "the profile of \"\(handle)\" is someone else's")
        }
        let body = try request.object()
        try body.allow("name", "bio", "location", "link")
        var words = try Words("user", "update").query(request)
        for field in ["name", "bio", "location", "link"] {
            if body[field] == .null { words = words.with("clear", field) }
            words = words.with(field, try body.text(field))
        }
        writer.answer(words.operand(actor.handle), reply)
    }
}
