// One connection that speaks HTTP/1.1 (RFC 9112): requests one after another, each answered before the next is begun,
// however many a client sends ahead. What comes too slowly, or is too much, is answered and closed.

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import SocialCLI
internal import SocialCore

/// The end of a connection's pipeline.
final class HTTPConnection: ChannelDuplexHandler, RemovableChannelHandler, SweptConnection {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    /// Where the connection is.
    enum Phase {
        /// Between two requests; since when.
        case idle
        /// The body of a request is coming.
        case body(BodyIntake)
        /// An answer is awaited, or being sent.
        case answering
        /// Nothing more is read or answered; since when.
        case closing(NIODeadline)
        /// Another protocol has taken over.
        case upgraded
    }

    /// How long the rest of a refused request is read, so that its sender sees the answer.
    static let lingering = TimeAmount.seconds(2)

    let server: ServerCore
    let loop: LoopState
    let isForWrites: Bool
    let address: String
    var phase = Phase.idle
    var context: ChannelHandlerContext?
    /// What came ahead of its turn.
    private var ahead = CircularBuffer<HTTPServerRequestPart>()
    private var isReadHeld = false
    /// Since when it is in its phase; while a head is coming, since its first byte.
    var since = NIODeadline.now()
    /// Whether some of a head has come.
    private var hasBegunHead = false
    private var number = 0
    private var begun: UInt64 = 0
    private var isHead = false
    private var keepsAlive = true
    private var isDraining = false
    private var stream: BodyStream?
    private var isRelaying = false

    init(_ server: ServerCore, loop: LoopState, isForWrites: Bool, address: String) {
        self.server = server
        self.loop = loop
        self.isForWrites = isForWrites
        self.address = address
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // The channel of a connection that became another protocol goes on.
        loop.remove(self)
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.remove(self)
        server.site.metrics.openConnections.add(-1)
        if case .body(let intake) = phase { intake.cancel() }
        phase = .closing(.now())
        stream = nil
        ahead.removeAll()
        context.fireChannelInactive()
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch phase {
        case .answering: ahead.append(part)
        case .closing, .upgraded: break
        default: take(part, context)
        }
    }

    func read(context: ChannelHandlerContext) {
        if holdsReads { isReadHeld = true } else { context.read() }
    }

    /// Whether no more is wanted from the client at present.
    private var holdsReads: Bool {
        switch phase {
        case .answering: !ahead.isEmpty
        case .body(let intake): intake.isFull
        default: false
        }
    }

    /// Notes that bytes have come, of which the decoder says nothing until a head is whole.
    func noteBytes() {
        guard case .idle = phase, !hasBegunHead else { return }
        hasBegunHead = true
        since = .now()
    }

    /// Goes on reading, if that was put off and need not be any longer.
    func resumeReading() {
        guard isReadHeld, !holdsReads else { return }
        isReadHeld = false
        context?.read()
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch part {
        case .head(let head): begin(head, context)
        case .body(let buffer):
            server.site.metrics.receivedBytes.add(buffer.readableBytes)
            guard case .body(let intake) = phase else { return }
            intake.take(buffer, self)
        case .end:
            guard case .body(let intake) = phase else { return }
            intake.end(self)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        number += 1
        begun = MonotonicClock.nanoseconds
        isHead = head.method == .HEAD
        // Behind a request to upgrade nothing is decoded any more.
        keepsAlive =
            head.isKeepAlive && !isDraining && !head.headers.contains(name: "upgrade") && head.method != .CONNECT
        hasBegunHead = false
        since = .now()
        server.site.metrics.requests.add()
        guard head.uri.utf8.count <= ServeLimits.headBytes else {
            return respond(.refusal(.headTooLarge, "the path is too long"))
        }
        guard head.version.major == 1, head.version.minor >= 0, let request = Request(head, address: address) else {
            return respond(.refusal(.badRequest, "\"\(head.uri.prefix(80))\" is no path"))
        }
        // Two lengths, or a length and pieces, are how requests are smuggled past a proxy (RFC 9112, section 6.3).
        let lengths = head.headers["content-length"]
        if lengths.count > 1 || (!lengths.isEmpty && head.headers.contains(name: "transfer-encoding")) {
            return respond(.refusal(.badRequest, "the length of the body is told more than once"))
        }
        if head.version.minor == 1, head.headers["host"].count != 1 {
            return respond(.refusal(.badRequest, "a request names its host once"))
        }
        let declared = lengths.first.flatMap { Int($0) } ?? 0
        switch server.plan(request, isForWrites: isForWrites) {
        case .answer(var answer):
            // A small body is read, so that the connection can go on.
            if declared <= ServeLimits.messageBytes, !head.headers.contains(name: "transfer-encoding") {
                return take(BodyIntake(.none(limit: ServeLimits.messageBytes)) { _ in answer }, context)
            }
            answer.closes = true
            respond(answer)
        case .request(let limit, let isSpooled, let handle):
            guard declared <= limit else {
                return respond(.refusal(.bodyTooLarge, "a body here has \(limit) bytes at most"))
            }
            if head.headers["expect"].first?.lowercased() == "100-continue" {
                context.writeAndFlush(
                    wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
            }
            let kind: BodyIntake.Kind = isSpooled ? .file(limit: limit) : .memory(limit: limit)
            take(BodyIntake(kind, request: request, handle: handle), context)
        }
    }

    private func take(_ intake: BodyIntake, _ context: ChannelHandlerContext) {
        phase = .body(intake)
        intake.begin(self)
    }

    // MARK: Answering

    /// A way for another thread to answer the request at hand.
    func reply() -> Writer.Reply {
        guard let context else { return { _ in } }
        let (eventLoop, number) = (context.eventLoop, number)
        let connection = NIOLoopBound(self, eventLoop: eventLoop)
        return { answer in
            eventLoop.execute {
                guard connection.value.number == number else { return }
                connection.value.respond(answer)
            }
        }
    }

    /// Sends an answer.
    func respond(_ answer: Answer) {
        guard let context, context.channel.isActive else { return }
        if case .closing = phase { return }
        if case .upgraded = phase { return }
        let isCut: Bool
        if case .answering = phase { isCut = false } else { isCut = answer.closes }
        phase = .answering
        if answer.closes || isDraining { keepsAlive = false }
        since = .now()
        server.site.metrics.answered(answer.status, afterNanoseconds: MonotonicClock.nanoseconds &- begun)
        var buffer = context.channel.allocator.buffer(capacity: 512 + (isHead ? 0 : min(answer.body.count, 256 << 10)))
        AnswerHead(closes: !keepsAlive, date: loop.date).write(answer, to: &buffer)
        switch answer.body {
        case .bytes(let bytes):
            if !isHead { buffer.writeBytes(bytes) }
            send(buffer, context, isLast: true, isCut: isCut)
        case .stream(let stream):
            self.stream = isHead ? nil : stream
            send(buffer, context, isLast: isHead, isCut: isCut)
            if !isHead { sendNext(isCut: isCut) }
        }
    }

    private func send(_ buffer: ByteBuffer, _ context: ChannelHandlerContext, isLast: Bool, isCut: Bool) {
        server.site.metrics.sentBytes.add(buffer.readableBytes)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        if isLast { finish(context, isCut: isCut) }
    }

    /// Sends the next piece of a body when the one before is on its way.
    private func sendNext(isCut: Bool) {
        guard let context, let stream else { return }
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        let number = number
        server.crew.files.runIfActive(eventLoop: context.eventLoop) { try stream.next() }.whenComplete { result in
            let connection = connection.value
            guard connection.number == number, let context = connection.context, context.channel.isActive else {
                return
            }
            switch result {
            case .failure:
                // The head is out: only the end of the connection tells that something is missing.
                context.close(promise: nil)
            case .success(nil):
                connection.stream = nil
                connection.finish(context, isCut: isCut)
            case .success(let bytes?):
                connection.server.site.metrics.sentBytes.add(bytes.count)
                let next = NIOLoopBound(connection, eventLoop: context.eventLoop)
                context.writeAndFlush(connection.wrapOutboundOut(ByteBuffer(bytes: bytes))).whenSuccess {
                    next.value.since = .now()
                    next.value.sendNext(isCut: isCut)
                }
            }
        }
    }

    /// Goes on with the next request, or ends the connection.
    private func finish(_ context: ChannelHandlerContext, isCut: Bool) {
        since = .now()
        guard keepsAlive else {
            phase = .closing(.now())
            ahead.removeAll()
            if isCut {
                // What still comes is read and dropped, or the system would drop the answer (RFC 9112, section 9.6).
                context.close(mode: .output, promise: nil)
                if isReadHeld { context.read() }
            } else {
                context.close(promise: nil)
            }
            return
        }
        phase = .idle
        hasBegunHead = !ahead.isEmpty
        while let part = ahead.first {
            if case .answering = phase { break }
            if case .closing = phase { break }
            ahead.removeFirst()
            take(part, context)
        }
        resumeReading()
    }

    /// Sends on what another server answers; nil when nobody waits for it any more.
    func relay(_ buffer: ByteBuffer) -> EventLoopFuture<Void>? {
        guard let context, context.channel.isActive, case .answering = phase else { return nil }
        if !isRelaying { server.site.metrics.forwarded.add() }
        isRelaying = true
        since = .now()
        server.site.metrics.sentBytes.add(buffer.readableBytes)
        return context.writeAndFlush(wrapOutboundOut(buffer))
    }

    /// Ends a connection on which another server has answered: only that tells where its answer ends.
    func endRelay() {
        guard let context, isRelaying else { return }
        phase = .closing(.now())
        context.close(promise: nil)
    }

    // MARK: Trouble

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.close(promise: nil) }
        server.site.metrics.unreadable.add()
        switch phase {
        case .idle:
            number += 1
            begun = MonotonicClock.nanoseconds
            keepsAlive = false
            if case .headerOverflow? = error as? HTTPParserError {
                respond(.refusal(.headTooLarge, "the head of a request has \(ServeLimits.headBytes) bytes at most"))
            } else {
                respond(.refusal(.badRequest, "this is no HTTP request"))
            }
        case .body(let intake):
            intake.cancel()
            keepsAlive = false
            respond(.refusal(.badRequest, "the body is not what its head says"))
        // The answer to what came before is sent; then the connection ends.
        case .answering: keepsAlive = false
        case .closing, .upgraded: context.close(promise: nil)
        }
    }

    func sweep(_ now: NIODeadline) {
        guard let context else { return }
        let options = server.site.options
        switch phase {
        case .idle:
            let limit = hasBegunHead || number == 0 ? options.headMilliseconds : options.idleMilliseconds
            guard now - since > .milliseconds(limit) else { return }
            if hasBegunHead {
                begun = MonotonicClock.nanoseconds
                number += 1
                respond(.refusal(.tooSlow, "the head of a request took too long"))
            } else {
                context.close(promise: nil)
            }
        case .body(let intake):
            if intake.isTooSlow(now, rate: options.uploadRate, graceMilliseconds: options.headMilliseconds) {
                intake.cancel()
                respond(.refusal(.tooSlow, "the body of the request came too slowly"))
            }
        case .answering:
            if stream != nil || isRelaying, now - since > .milliseconds(options.idleMilliseconds) {
                context.close(promise: nil)
            }
        case .closing(let since):
            if now - since > HTTPConnection.lingering { context.close(promise: nil) }
        case .upgraded: break
        }
    }

    func drain() {
        isDraining = true
        keepsAlive = false
        if case .idle = phase { context?.close(promise: nil) }
    }

    func abandon() { context?.close(promise: nil) }
}

/// Tells a connection that bytes have come, before they are decoded.
final class ByteWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let connection: HTTPConnection

    init(_ connection: HTTPConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connection.noteBytes()
        context.fireChannelRead(data)
    }
}
