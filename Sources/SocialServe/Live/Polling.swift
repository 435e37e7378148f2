// `POST /v1/poll`: the requests of those who poll.

internal import Formats
internal import SocialCLI
internal import SocialCore

/// Takes the requests of long polling.
struct Polling {
    let server: ServerCore

    /// Takes a request, whose account a thread that reads has found.
    func take(_ request: Request, _ actor: Actor, _ reply: @escaping Writer.Reply) {
        do {
            let body = try request.object()
            try body.allow("rid", "sid", "wait", "hold", "after", "send", "type")
            guard let rid = body["rid"]?.integer, rid >= 0, rid < .max / 2 else {
                throw ServeError(.badRequest, "\"rid\" is the number of the request")
            }
            guard let sid = try body.text("sid") else { return try begin(body, rid, actor, reply) }
            guard let session = server.polls.session(sid), session.actor.id == actor.id else { throw Polling.notFound }
            do { try goOn(session, body, rid, reply) } catch let error as ServeError where error.code == .itemNotFound {
                server.polls.remove(session)
                throw error
            }
        } catch let error as ServeError where error.code == .itemNotFound {
            // BOSH has a message of its own for it.
            let text = "{\"type\":\"terminate\",\"condition\":\"item-not-found\"}\n"
            reply(.json(Array(text.utf8), status: Status(404)))
        } catch { reply(Answer(error)) }
    }

    private static let notFound = ServeError(.itemNotFound, "there is no such session")

    private func begin(_ body: JSONObject, _ rid: Int64, _ actor: Actor, _ reply: @escaping Writer.Reply) throws {
        let wait = Int(clamping: body["wait"]?.integer ?? Int64(ServeLimits.pollSeconds))
        guard (1...ServeLimits.pollSeconds).contains(wait) else {
            throw ServeError(.badRequest, "\"wait\" is from 1 to \(ServeLimits.pollSeconds) seconds")
        }
        try server.polls.begin(
            actor, rid: rid, waitSeconds: wait, after: try body.text("after"),
            random: server.site.options.context.random, reply)
    }

    private func goOn(
        _ session: PollSession, _ body: JSONObject, _ rid: Int64, _ reply: @escaping Writer.Reply
    ) throws {
        let messages = body["send"]?.array ?? []
        guard try session.hold(rid: rid, reply) else { return }
        let actions = LiveActions(server: server, actor: session.actor) { session.deliver($0) }
        for message in messages { actions.take(JSONObject(message.object ?? [])) }
        if body["type"] == "terminate" {
            session.terminate()
            server.polls.remove(session)
        }
    }
}
