// Uploads: what is known of them, and new ones.

internal import NIOHTTP1
internal import SocialCLI
internal import SocialCore

enum UploadRoutes {
    static func route(_ path: [String]) -> Route? {
        guard let id = path.first else { return Route(.upload, (.POST, .upload(put))) }
        guard path.count == 1, MediaID(decimal: id) != nil else { return nil }
        return Route(
            .upload,
            (
                .GET,
                .read { request, reader in
                    let actor = try reader.actor(request)
                    let words = try Words("upload", "show").query(request).operand(id)
                    return reader.answer(words, for: request, by: actor, isShown: true)
                }
            ),
            (
                .DELETE,
                .write { request, writer, reply in
                    let actor = try writer.required(request)
                    writer.answer(
                        try Words("upload", "delete").query(request).with("by", actor.handle).operand(id), reply)
                }
            ))
    }

    /// Stores a file that has come in whole.
    @Sendable private static func put(
        _ request: Request, _ writer: Writer, _ reply: @escaping Writer.Reply
    ) throws {
        let actor = try writer.required(request)
        guard let file = request.file else { throw ServeError(.badRequest, "the body is the file") }
        let name = request["name"] ?? "upload"
        var words = try Words("upload", "put").query(request, "caption", "alt", "tags", except: ["name", "any"])
            .with("by", actor.handle).with("name", name)
            .with("idempotency-key", request.header("idempotency-key"))
        if request["any"] != nil { words = words.with("any") }
        let path = file.path
        writer.answer(words.operand(path), status: .created) { answer in
            // The file lives until here, and where it lay is nobody's business.
            _ = file.count
            var answer = answer
            if case .bytes(let bytes) = answer.body, answer.status != .created {
                answer.body = .bytes(Array(String(decoding: bytes, as: UTF8.self).replacing(path, with: name).utf8))
            }
            reply(answer)
        }
    }
}
