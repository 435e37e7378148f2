// The command line that writes a post which a client has described as JSON.

internal import SocialCore

/// A `post create` with its text.
struct PostLine: Sendable {
    let words: Words
    let input: [UInt8]

    /// The line for a body with text, reply_to, media and expires.
    init(_ body: JSONObject, by actor: Actor, idempotencyKey: String?) throws {
        let parent = try body.text("reply_to")
        if let parent, PostID(decimal: parent) == nil {
            throw ServeError(.badRequest, "\"\(parent)\" is no id of a post")
        }
        var words = Words("post", "create").with("by", actor.handle).with("reply-to", parent)
            .with("expires", try body.text("expires")).with("idempotency-key", idempotencyKey)
        let media = try body.texts("media")
        for id in media {
            // Anything but an id would be taken for a file of the server.
            guard MediaID(decimal: id) != nil else { throw ServeError(.badRequest, "\"\(id)\" is no id of an upload") }
            words = words.with("media", id)
        }
        let text = try body.text("text")
        self.words = text == nil && !media.isEmpty ? words : words.operand("-")
        // One last newline is dropped, as of what another program prints: it is not the client's.
        input = Array("\(text ?? "")\n".utf8)
    }
}
