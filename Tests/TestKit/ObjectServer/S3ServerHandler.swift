// One connection of the test server: a request comes in whole, is answered, and the next one may come.

internal import Crypto
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Takes requests and answers.
final class S3ServerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let box: ServerBox
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ box: ServerBox) { self.box = box }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let part): body += part.readableBytesView
        case .end:
            guard let head, let server = box.server.withLock({ $0?.value }) else { return context.close(promise: nil) }
            answer(head, server, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ server: S3Server, _ context: ChannelHandlerContext) {
        let parts = head.uri.split(separator: "?", maxSplits: 1)
        var headers: [String: String] = [:]
        for (name, value) in head.headers { headers[name.lowercased()] = value }
        let request = S3Server.Request(
            method: head.method.rawValue, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : "",
            headers: headers, body: body)
        let (fault, answer) = server.state.withLock { state in
            state.requests.append(request)
            let fault = state.fault?(request, state.requests.count - 1)
            if case .status(let status, let code, let headers) = fault {
                return (fault, S3ServerAnswer(status, error: code, headers: headers))
            }
            if case .body(let text) = fault { return (fault, S3ServerAnswer(200, Array(text.utf8))) }
            return (fault, server.answer(request, &state))
        }
        var sent = answer
        switch fault {
        case .cut: return context.close(promise: nil)
        case .flip where !sent.body.isEmpty: sent.body[sent.body.count / 2] ^= 0x10
        case .late(let milliseconds):
            let loop = NIOLoopBound((self, context, answer), eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: .milliseconds(Int64(milliseconds))) {
                let (handler, context, answer) = loop.value
                if context.channel.isActive { handler.send(answer, head, context, isCut: false) }
            }
            return
        default: break
        }
        if case .cutBody = fault { return send(sent, head, context, isCut: true) }
        send(sent, head, context, isCut: false)
    }

    private func send(
        _ answer: S3ServerAnswer, _ request: HTTPRequestHead, _ context: ChannelHandlerContext, isCut: Bool
    ) {
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status))
        for (name, value) in answer.headers { head.headers.add(name: name, value: value) }
        let size = answer.sizeBytes ?? answer.body.count
        if answer.status != 204 { head.headers.replaceOrAdd(name: "Content-Length", value: "\(size)") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD, !answer.body.isEmpty {
            let part = isCut ? Array(answer.body.prefix(answer.body.count / 2)) : answer.body
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: part)))), promise: nil)
        }
        if isCut {
            context.flush()
            return context.close(promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}

/// What the server answers.
struct S3ServerAnswer {
    var status: Int
    var headers: [String: String] = [:]
    var body: [UInt8] = []
    /// The size of a body that is not sent.
    var sizeBytes: Int?

    init(_ status: Int, _ body: [UInt8] = [], headers: [String: String] = [:], sizeBytes: Int? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.sizeBytes = sizeBytes
    }

    init(_ status: Int, error code: String, headers: [String: String] = [:]) {
        let text =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>\(code)</Code><Message>said so</Message>"
            + "<ServerTime>2026-01-02T03:04:05Z</ServerTime></Error>"
        self.init(status, Array(text.utf8), headers: headers)
    }
}
