// Who acts: the cookie of a browser, and the account behind a token.

internal import Formats
internal import NIOHTTP1
internal import SocialCLI
internal import SocialCore

enum SessionRoutes {
    static func route(_ name: String) -> Route? {
        switch name {
        case "session": Route(nil, (.POST, .read(begin)), (.DELETE, .plain { _, _ in end }))
        case "me": Route(.users, (.GET, .read(me)))
        case "live": Route(.timeline, (.GET, .live))
        case "poll": Route(.timeline, (.POST, .poll))
        default: nil
        }
    }

    @Sendable private static func me(_ request: Request, _ reader: Reader) throws -> Answer {
        let actor = try reader.required(request)
        return reader.answer(try Words("user", "show").query(request).operand(actor.handle), for: request)
    }

    @Sendable private static func begin(_ request: Request, _ reader: Reader) throws -> Answer {
        let body = try request.object()
        try body.allow("token")
        guard let token = try body.text("token") else { throw ServeError(.badRequest, "\"token\" is missing") }
        let actor = try reader.actor(ofToken: token)
        var json = JSONWriter()
        json.value(["handle": .string(actor.handle)])
        json.endLine()
        var answer = Answer.json(json.bytes)
        answer.fields.append(
            Answer.Field(
                "Set-Cookie", "\(Request.cookie)=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000"))
        return answer
    }

    private static var end: Answer {
        var answer = Answer.json(Array("{}\n".utf8))
        answer.fields.append(
            Answer.Field("Set-Cookie", "\(Request.cookie)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"))
        return answer
    }
}
