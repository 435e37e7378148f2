// What a listener may do without another request: the same, whether its messages come over WebSocket or with a poll.

internal import Formats
internal import SocialCLI
internal import SocialCore

/// The messages of listeners.
struct LiveActions {
    let server: ServerCore
    let actor: Actor
    /// Takes what they come to; on any thread.
    let say: @Sendable (LiveMessage) -> Void

    /// Does what a message says.
    func take(_ message: JSONObject) {
        let id = message["id"] ?? .null
        do {
            switch message["type"]?.string {
            case "ack":
                guard let cursor = try message.text("cursor") else { throw missing("cursor") }
                server.hub.acknowledge(actor.id, cursor: cursor)
            case "ping": say(.result(id, .json(Array("{}".utf8))))
            case "post":
                try message.allow("type", "id", "text", "reply_to", "media", "expires", "key")
                let line = try PostLine(message, by: actor, idempotencyKey: message.text("key"))
                try change(line.words, input: line.input, id)
            case "read": try change(NotificationRoutes.line(message, actor), id)
            default: throw ServeError(.badRequest, "\"\(message["type"]?.string ?? "")\" is no type of message")
            }
        } catch { say(.result(id, Answer(error))) }
    }

    private func missing(_ key: String) -> ServeError { ServeError(.badRequest, "\"\(key)\" is missing") }

    /// Changes something, and says what came of it when that is durable.
    private func change(_ words: Words, input: [UInt8] = [], _ id: JSONValue) throws {
        guard server.site.takesChanges else {
            throw ServeError(.elsewhere, "changes are taken at another address", hint: "see --listen-writes")
        }
        let say = say
        let isTaken = server.crew.writers.submit { writer in
            writer.answer(words, input: input) { say(.result(id, $0)) }
        }
        if !isTaken { throw ServeError(.overloaded, "too many requests wait already", hint: "try again in a moment") }
    }
}
