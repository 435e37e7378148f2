// A request for what does not run here, handed on to a server that runs it: that one's answer goes back as it comes,
// byte by byte, and ends the connection.

internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import SocialCLI
internal import SocialCore

/// Hands requests on.
enum Forwarder {
    /// Says that a request was handed on once, so that it does not go round in circles.
    static let mark = "social"
    private static let connectTime = TimeAmount.seconds(2)
    /// What counts for one connection only (RFC 9110, section 7.6.1), or is said anew.
    private static let ownFields = [
        "connection", "keep-alive", "transfer-encoding", "content-length", "upgrade", "expect", "te", "trailer",
    ]

    /// Hands a request on.
    static func forward(_ request: Request, to address: ServeAddress, _ connection: HTTPConnection) {
        guard let context = connection.context else { return }
        let (eventLoop, reply) = (context.eventLoop, connection.reply())
        let back = NIOLoopBound(connection, eventLoop: eventLoop)
        let head = head(of: request)
        ClientBootstrap(group: eventLoop).connectTimeout(connectTime)
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Relay(back.value))
                }
            }
            .connect(host: address.host, port: address.port).whenComplete { result in
                switch result {
                case .success(let channel):
                    channel.write(head, promise: nil)
                    send(request, to: channel, connection: back)
                case .failure: reply(Answer(ServeError(.elsewhere, "the server at \(address) does not answer")))
                }
            }
    }

    private static func head(of request: Request) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeString("\(request.method.rawValue) \(request.head.uri) HTTP/1.1\r\n")
        for field in request.head.headers where !ownFields.contains(field.name.lowercased()) {
            buffer.writeString("\(field.name): \(field.value)\r\n")
        }
        let count = request.file?.count ?? request.body.count
        if count > 0 || ![.GET, .HEAD].contains(request.method) { buffer.writeString("Content-Length: \(count)\r\n") }
        buffer.writeString("Via: 1.1 \(mark)\r\nX-Forwarded-For: \(request.address)\r\nConnection: close\r\n\r\n")
        buffer.writeBytes(request.body)
        return buffer
    }

    /// Sends the body, if it lies in a file, and asks for the answer.
    private static func send(_ request: Request, to channel: any Channel, connection: NIOLoopBound<HTTPConnection>) {
        channel.flush()
        guard let file = request.file else { return channel.read() }
        sendPiece(of: file, from: 0, to: channel, connection.value.server.crew.files)
    }

    private static func sendPiece(
        of file: SpooledFile, from start: Int, to channel: any Channel, _ files: NIOThreadPool
    ) {
        files.runIfActive(eventLoop: channel.eventLoop) { try file.read(from: start) }.whenComplete { result in
            guard case .success(let bytes) = result else { return channel.close(promise: nil) }
            if bytes.isEmpty { return channel.read() }
            channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenSuccess {
                sendPiece(of: file, from: start + bytes.count, to: channel, files)
            }
        }
    }
}

/// Gives what another server answers to whoever asked here.
private final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: HTTPConnection
    private var hasBegun = false

    init(_ connection: HTTPConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasBegun = true
        let channel = context.channel
        guard let written = connection.relay(unwrapInboundIn(data)) else { return channel.close(promise: nil) }
        written.whenComplete { result in
            switch result {
            case .success: channel.read()
            case .failure: channel.close(promise: nil)
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if hasBegun {
            connection.endRelay()
        } else {
            connection.respond(Answer(ServeError(.elsewhere, "the server that was asked gave no answer")))
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
