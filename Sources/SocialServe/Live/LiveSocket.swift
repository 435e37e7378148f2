// A listener over WebSocket (RFC 6455): sends what is new, takes what the reader does, and notices who is gone or does
// not read.

internal import Formats
internal import NIOCore
internal import NIOWebSocket
internal import SocialCLI
internal import SocialCore
internal import Synchronization

/// The end of the pipeline of a WebSocket.
final class LiveSocket: ChannelInboundHandler, SweptConnection {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = ByteBuffer

    /// Why a socket ends, as its last frame says (RFC 6455, section 7.4.1).
    enum End: UInt16 {
        case normal = 1_000
        case goingAway = 1_001
        case protocolError = 1_002
        case unsupported = 1_003
        case badText = 1_007
        case policy = 1_008
        case tooBig = 1_009
        case tryAgain = 1_013
    }

    private let server: ServerCore
    private let loop: LoopState
    private let cursor: String?
    private var actor: Actor?
    private var sink: SocketSink?
    private var number: Int?
    private var context: ChannelHandlerContext?
    private var lastHeard = NIODeadline.now()
    private var lastPing = NIODeadline.now()
    /// What has come of a message in several frames.
    private var partial: [UInt8]?
    private var unsentBytes = 0
    private var isEnding = false
    private var hasGreeted = false

    /// A socket of an account, or of one who is going to say who it is.
    init(_ server: ServerCore, loop: LoopState, actor: Actor?, after cursor: String?) {
        self.server = server
        self.loop = loop
        self.actor = actor
        self.cursor = cursor
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
        server.site.metrics.listeners.add()
        sink = SocketSink(NIOLoopBound(self, eventLoop: context.eventLoop), context.eventLoop)
        if let actor { subscribe(actor) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    func channelInactive(context: ChannelHandlerContext) {
        server.site.metrics.openConnections.add(-1)
        forget()
        context.fireChannelInactive()
    }

    private func forget() {
        guard context != nil else { return }
        context = nil
        loop.remove(self)
        server.site.metrics.listeners.add(-1)
        if let number { server.hub.unsubscribe(number) }
        number = nil
        sink = nil
    }

    private func subscribe(_ actor: Actor) {
        guard let sink else { return }
        hasGreeted = true
        self.actor = actor
        number = server.hub.subscribe(actor, after: cursor, sink)
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        var frame = unwrapInboundIn(data)
        lastHeard = .now()
        guard frame.maskKey != nil else { return end(.protocolError) }
        if frame.rsv1 || frame.rsv2 || frame.rsv3 { return end(.protocolError) }
        if let key = frame.maskKey { frame.data.webSocketUnmask(key) }
        let bytes = Array(frame.data.readableBytesView)
        switch frame.opcode {
        case .text:
            guard partial == nil else { return end(.protocolError) }
            if frame.fin { take(bytes) } else { partial = bytes }
        case .continuation:
            guard let begun = partial else { return end(.protocolError) }
            guard begun.count + bytes.count <= ServeLimits.messageBytes else { return end(.tooBig) }
            partial = frame.fin ? nil : begun + bytes
            if frame.fin { take(begun + bytes) }
        case .binary: end(.unsupported)
        case .ping: write(WebSocketFrames.pong(bytes))
        case .pong: break
        case .connectionClose: end(LiveSocket.answer(toClose: bytes))
        default: end(.protocolError)
        }
    }

    /// With what a close frame is answered (RFC 6455, section 7.4).
    private static func answer(toClose bytes: [UInt8]) -> End {
        if bytes.isEmpty { return .normal }
        guard bytes.count >= 2 else { return .protocolError }
        switch Int(bytes[0]) << 8 | Int(bytes[1]) {
        case 1_000...1_003, 1_007...1_014, 3_000...4_999:
            return String(validating: bytes.dropFirst(2), as: UTF8.self) == nil ? .badText : .normal
        default: return .protocolError
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case .invalidFrameLength? = error as? NIOWebSocketError { return end(.tooBig) }
        if error is NIOWebSocketError { return end(.protocolError) }
        context.close(promise: nil)
    }

    private func take(_ bytes: [UInt8]) {
        guard String(validating: bytes, as: UTF8.self) != nil else { return end(.badText) }
        guard let value = try? JSONReader.parse(bytes), let members = value.object else {
            return say(.result(.null, Answer(ServeError(.badRequest, "a message is a JSON object"))))
        }
        let message = JSONObject(members)
        guard let actor else { return hello(message) }
        guard let sink else { return }
        LiveActions(server: server, actor: actor) { sink.deliver($0) }.take(message)
    }

    /// Takes the first message of one who has not said who it is.
    private func hello(_ message: JSONObject) {
        guard let context, message["type"] == "hello", let token = message["token"]?.string else {
            return end(.policy)
        }
        let socket = NIOLoopBound(self, eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        let isTaken = server.crew.readers.submit { reader in
            let result = Result { try reader.actor(ofToken: token) }
            eventLoop.execute {
                switch result {
                case .success(let actor): socket.value.subscribe(actor)
                case .failure(let error):
                    socket.value.say(.result(.null, Answer(error)))
                    socket.value.end(.policy)
                }
            }
        }
        if !isTaken { end(.tryAgain) }
    }

    // MARK: Writing

    /// Sends a message, unless too much waits already.
    func say(_ message: LiveMessage) { write(message.frame) }

    private func write(_ frame: ByteBuffer) {
        guard let context, !isEnding else { return }
        guard unsentBytes + frame.readableBytes <= ServeLimits.unsentBytes else { return end(.tryAgain) }
        let count = frame.readableBytes
        unsentBytes += count
        sink?.note(unsentBytes: unsentBytes)
        server.site.metrics.sentBytes.add(count)
        let socket = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(frame)).whenComplete { _ in
            socket.value.unsentBytes -= count
            socket.value.sink?.note(unsentBytes: socket.value.unsentBytes)
        }
    }

    /// Says why it ends, and ends.
    func end(_ reason: End) {
        guard let context, !isEnding else { return }
        isEnding = true
        let channel = context.channel
        channel.writeAndFlush(WebSocketFrames.close(reason.rawValue), promise: nil)
        // Whoever does not read does not get the frame either.
        channel.eventLoop.scheduleTask(in: .milliseconds(reason == .tryAgain ? 0 : 500)) {
            channel.close(promise: nil)
        }
    }

    // MARK: Time

    func sweep(_ now: NIODeadline) {
        if now - lastHeard > .seconds(ServeLimits.silentSeconds) {
            context?.close(promise: nil)
        } else if !hasGreeted, now - lastHeard > .milliseconds(server.site.options.headMilliseconds) {
            end(.policy)
        } else if now - lastPing > .seconds(ServeLimits.pingSeconds) {
            lastPing = now
            write(WebSocketFrames.ping)
        }
    }

    func drain() {
        say(.bye("the server stops"))
        end(.goingAway)
    }

    func abandon() { context?.close(promise: nil) }
}

/// The way from the hub to a socket.
final class SocketSink: LiveSink {
    private let socket: NIOLoopBound<LiveSocket>
    private let eventLoop: any EventLoop
    private let unsent = Atomic<Int>(0)

    init(_ socket: NIOLoopBound<LiveSocket>, _ eventLoop: any EventLoop) {
        self.socket = socket
        self.eventLoop = eventLoop
    }

    func deliver(_ message: LiveMessage) { eventLoop.execute { self.socket.value.say(message) } }

    var isBacklogged: Bool { unsent.load(ordering: .relaxed) > ServeLimits.unsentBytes / 4 }

    func note(unsentBytes: Int) { unsent.store(unsentBytes, ordering: .relaxed) }

    func end(_ reason: String) {
        eventLoop.execute {
            self.socket.value.say(.bye(reason))
            self.socket.value.end(.tryAgain)
        }
    }
}
