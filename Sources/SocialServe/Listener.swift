// A listening socket and the connections that come in by it.

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import SocialCLI
internal import SocialCore

/// Takes connections at an address.
final class Listener {
    private static let backlog: Int32 = 4_096
    private let channel: any Channel

    /// Begins to listen.
    ///
    /// - Parameter loops: the state of each event loop.
    /// - Throws: `cannotListen`.
    init(
        _ address: ServeAddress, isForWrites: Bool, _ server: ServerCore, _ group: MultiThreadedEventLoopGroup,
        _ loops: [NIOLoopBound<LoopState>]
    ) throws {
        let taken = Metrics.Counter()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Listener.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try Listener.begin(channel, server, loops, isForWrites: isForWrites, taken)
                }
            }
        do { channel = try bootstrap.bind(host: address.host, port: address.port).wait() } catch {
            throw ServeError(
                .cannotListen, "cannot listen on \(address): \(error)", hint: "choose another with --listen HOST:PORT")
        }
    }

    /// Where it listens, with the port that it was given.
    var address: ServeAddress? {
        guard let local = channel.localAddress, let host = local.ipAddress, let port = local.port else { return nil }
        return ServeAddress(host: host, port: port)
    }

    /// Takes no further connections.
    func close() { try? channel.close().wait() }

    private static func begin(
        _ channel: any Channel, _ server: ServerCore, _ loops: [NIOLoopBound<LoopState>], isForWrites: Bool,
        _ taken: Metrics.Counter
    ) throws {
        let (metrics, options) = (server.site.metrics, server.site.options)
        metrics.connections.add()
        guard let loop = loops.first(where: { $0.eventLoop === channel.eventLoop }), taken.value < options.connections
        else {
            metrics.refusedConnections.add()
            var answer = Answer(
                ServeError(.overloaded, "there are too many connections", hint: "try again in a moment"))
            answer.closes = true
            var buffer = channel.allocator.buffer(capacity: 512)
            AnswerHead(closes: true, date: "").write(answer, to: &buffer)
            if case .bytes(let bytes) = answer.body { buffer.writeBytes(bytes) }
            channel.writeAndFlush(buffer).whenComplete { _ in channel.close(promise: nil) }
            return
        }
        taken.add()
        metrics.openConnections.add()
        channel.closeFuture.whenComplete { _ in taken.add(-1) }
        let connection = HTTPConnection(
            server, loop: loop.value, isForWrites: isForWrites, address: channel.remoteAddress?.ipAddress ?? "")
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = ServeLimits.headBytes
        limits.maxHeaderListSize = ServeLimits.headBytes
        limits.maxHeaderFieldCount = ServeLimits.headFields
        let decoder = HTTPRequestDecoder(
            leftOverBytesStrategy: .forwardBytes, informationalResponseStrategy: .drop, limitConfiguration: limits)
        try channel.pipeline.syncOperations.addHandlers([
            ByteWatch(connection), ByteToMessageHandler(decoder), connection,
        ])
    }
}
