// `GET /v1/live`: how a connection becomes a WebSocket (RFC 6455, section 4.2).

internal import Crypto
internal import Formats
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket
internal import SocialCore

/// The handshake of a WebSocket.
enum Upgrade {
    private static let salt = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// What a client's key is answered with.
    static func acceptance(of key: String) -> String {
        Base64.encode(Array(Insecure.SHA1.hash(data: Array((key + salt).utf8))))
    }

    /// What is wrong with a request to upgrade; nil when nothing is.
    static func problem(_ request: Request) -> Answer? {
        func has(_ name: String, _ word: String) -> Bool {
            request.head.headers[canonicalForm: name].contains { $0.lowercased() == word }
        }
        guard has("upgrade", "websocket"), has("connection", "upgrade") else {
            var answer = Answer(ServeError(.badRequest, "this is a WebSocket", hint: "POST /v1/poll works without one"))
            answer.status = Status(426)
            answer.fields += [Answer.Field("Upgrade", "websocket"), Answer.Field("Connection", "Upgrade")]
            return answer
        }
        guard request.header("sec-websocket-version") == "13", let key = request.header("sec-websocket-key"),
            key.utf8.count == 24
        else {
            var answer = Answer(ServeError(.badRequest, "the handshake is not that of RFC 6455"))
            answer.fields.append(Answer.Field("Sec-WebSocket-Version", "13"))
            return answer
        }
        return nil
    }
}

extension HTTPConnection {
    /// Finds out who asks, and becomes a WebSocket.
    func becomeLive(_ request: Request) -> Answer? {
        if let problem = Upgrade.problem(request) { return problem }
        guard let context else { return nil }
        guard request.token != nil else {
            upgrade(request, nil)
            return nil
        }
        let (eventLoop, reply) = (context.eventLoop, reply())
        let connection = NIOLoopBound(self, eventLoop: eventLoop)
        let isTaken = server.crew.readers.submit { reader in
            do {
                let actor = try reader.required(request)
                eventLoop.execute { connection.value.upgrade(request, actor) }
            } catch { reply(Answer(error)) }
        }
        return isTaken ? nil : Answer(ServeError(.overloaded, "too many requests wait already"))
    }

    private func upgrade(_ request: Request, _ actor: Actor?) {
        guard let context, context.channel.isActive, case .answering = phase else { return }
        let key = request.header("sec-websocket-key") ?? ""
        let head =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: \(Upgrade.acceptance(of: key))\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
        phase = .upgraded
        loop.remove(self)
        let socket = LiveSocket(server, loop: loop, actor: actor, after: request["after"])
        let pipeline = context.pipeline.syncOperations
        let decoder = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: ServeLimits.messageBytes))
        do {
            let decoding = try pipeline.context(handlerType: ByteToMessageHandler<HTTPRequestDecoder>.self)
            let watching = try pipeline.context(handlerType: ByteWatch.self)
            try pipeline.addHandlers([decoder, socket])
            // What has come behind the handshake goes to the new decoder.
            pipeline.removeHandler(context: context, promise: nil)
            pipeline.removeHandler(context: decoding, promise: nil)
            pipeline.removeHandler(context: watching, promise: nil)
        } catch { context.close(promise: nil) }
    }
}
