// The body of a request on its way in: dropped, kept in memory, or written to a file as it comes.

internal import NIOCore
internal import NIOPosix
internal import SocialCore

/// Takes the body of one request; on the event loop of its connection.
final class BodyIntake {
    /// Where the body goes.
    enum Kind {
        case none(limit: Int)
        case memory(limit: Int)
        case file(limit: Int)

        var limit: Int {
            switch self {
            case .none(let limit), .memory(let limit), .file(let limit): limit
            }
        }
    }

    /// Handles a request that is complete: at once, or by the reply.
    typealias Handler = (Request?, HTTPConnection) -> Answer?

    private let kind: Kind
    private var request: Request?
    private let handle: Handler
    private var bytes: [UInt8] = []
    private var count = 0
    private let begun = NIODeadline.now()
    private var file: SpooledFile?
    /// Pieces that wait for the file.
    private var pieces = CircularBuffer<ByteBuffer>()
    private var isWriting = false
    private var hasEnded = false
    private var isCancelled = false

    init(_ kind: Kind, request: Request, handle: @escaping (Request, HTTPConnection) -> Answer?) {
        self.kind = kind
        self.request = request
        self.handle = { request, connection in request.flatMap { handle($0, connection) } }
    }

    /// An answer that does not depend on the body.
    init(_ kind: Kind, answer: @escaping (HTTPConnection) -> Answer) {
        self.kind = kind
        handle = { _, connection in answer(connection) }
    }

    /// Whether no more is to come before the file is written.
    var isFull: Bool { isWriting }

    /// Begins.
    func begin(_ connection: HTTPConnection) {
        guard case .file = kind, let context = connection.context else { return }
        let folder = connection.server.spoolFolder
        isWriting = true
        let (own, bound) = bind(connection, context)
        connection.server.crew.files.runIfActive(eventLoop: context.eventLoop) { try SpooledFile(in: folder) }
            .whenComplete { result in own.value.begun(result, bound.value) }
    }

    private func bind(
        _ connection: HTTPConnection, _ context: ChannelHandlerContext
    ) -> (NIOLoopBound<BodyIntake>, NIOLoopBound<HTTPConnection>) {
        (NIOLoopBound(self, eventLoop: context.eventLoop), NIOLoopBound(connection, eventLoop: context.eventLoop))
    }

    private func begun(_ result: Result<SpooledFile, any Error>, _ connection: HTTPConnection) {
        isWriting = false
        switch result {
        case .success(let file):
            self.file = file
            goOn(connection)
            connection.resumeReading()
        case .failure(let error): fail(error, connection)
        }
    }

    private func fail(_ error: any Error, _ connection: HTTPConnection) {
        guard !isCancelled else { return }
        isCancelled = true
        var answer = Answer(error)
        answer.closes = true
        connection.respond(answer)
    }

    /// Takes the next bytes.
    func take(_ buffer: ByteBuffer, _ connection: HTTPConnection) {
        guard !isCancelled else { return }
        count += buffer.readableBytes
        guard count <= kind.limit else {
            cancel()
            return connection.respond(.refusal(.bodyTooLarge, "a body here has \(kind.limit) bytes at most"))
        }
        switch kind {
        case .none: break
        case .memory: bytes += buffer.readableBytesView
        case .file:
            pieces.append(buffer)
            goOn(connection)
        }
    }

    /// Notes that all has come.
    func end(_ connection: HTTPConnection) {
        guard !isCancelled else { return }
        hasEnded = true
        goOn(connection)
    }

    /// Writes what has come, and hands the request over when that is all.
    private func goOn(_ connection: HTTPConnection) {
        guard !isWriting, !isCancelled, let context = connection.context else { return }
        if case .file = kind {
            guard let file else { return }
            if let piece = pieces.popFirst() {
                isWriting = true
                let (own, bound) = bind(connection, context)
                connection.server.crew.files.runIfActive(eventLoop: context.eventLoop) { try file.write(piece) }
                    .whenComplete { result in
                        own.value.isWriting = false
                        if case .failure(let error) = result { return own.value.fail(error, bound.value) }
                        own.value.goOn(bound.value)
                        bound.value.resumeReading()
                    }
                return
            }
        }
        guard hasEnded else { return }
        isCancelled = true
        request?.body = bytes
        request?.file = file
        file = nil
        connection.phase = .answering
        if let answer = handle(request, connection) { connection.respond(answer) }
    }

    /// Whether less has come than should have by now.
    func isTooSlow(_ now: NIODeadline, rate: Int, graceMilliseconds: Int64) -> Bool {
        let elapsed = (now - begun).nanoseconds / 1_000_000
        guard elapsed > graceMilliseconds, !hasEnded else { return false }
        return count < Int(clamping: (elapsed - graceMilliseconds) / 1_000) * rate
    }

    /// Drops everything.
    func cancel() {
        isCancelled = true
        file = nil
        pieces.removeAll()
        bytes = []
    }
}
