// A small S3 server of this process, on a port of its own: it keeps one bucket in memory, checks every signature by its
// own reckoning, and fails as it is told.

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// A server of one bucket.
package final class S3Server: Sendable {
    /// What the server is asked.
    package struct Request: Sendable {
        /// `GET` and others.
        package var method: String
        /// The path as it came.
        package var path: String
        /// The query as it came.
        package var query: String
        /// The headers, with names in lower case.
        package var headers: [String: String]
        /// The body.
        package var body: [UInt8]

        /// The key in the path, not coded; empty for the bucket.
        package var key: String {
            path.split(separator: "/", maxSplits: 1).dropFirst().first.map { $0.removingPercents } ?? ""
        }

        /// A value of the query.
        package func value(_ name: String) -> String? {
            query.split(separator: "&").first { $0 == name || $0.hasPrefix("\(name)=") }
                .map { $0.dropFirst(name.utf8.count + 1).removingPercents }
        }
    }

    /// How a request fails.
    package enum Fault: Sendable {
        /// An answer that is an error.
        case status(Int, code: String, headers: [String: String] = [:])
        /// The connection ends without an answer.
        case cut
        /// The connection ends in the middle of the body.
        case cutBody
        /// A byte of the body is another one.
        case flip
        /// The answer is so late, in milliseconds.
        case late(Int)
        /// Another body, with status 200.
        case body(String)
    }

    struct State {
        var objects: [String: [UInt8]] = [:]
        var uploads: [String: (key: String, parts: [Int: [UInt8]])] = [:]
        var uploadCount = 0
        var requests: [Request] = []
        var fault: (@Sendable (Request, Int) -> Fault?)?
        var isVersioned = false
        var clockOffsetSeconds = 0
        var signatureFaults: [String] = []
    }

    /// The name of the bucket.
    package let bucket = "media"
    /// The key by which requests are signed.
    package let accessKey = "AKIDTEST"
    /// What belongs to it.
    package let secretKey = "a/secret+of=tests"
    let state = Mutex(State())
    private let channel: any Channel

    /// Begins to listen.
    package init() throws {
        let box = ServerBox()
        channel = try ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(S3ServerHandler(box))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        box.server.withLock { $0 = Weak(self) }
    }

    deinit { channel.close(promise: nil) }

    /// Where it listens.
    package var endpoint: String { "http://127.0.0.1:\(channel.localAddress?.port ?? 0)" }

    /// The address of a place in its bucket.
    package func address(prefix: String = "net") -> String {
        "s3://\(bucket)\(prefix.isEmpty ? "" : "/\(prefix)")?endpoint=\(endpoint)"
    }

    /// The variables by which it is used.
    package var environment: [String: String] {
        ["AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secretKey]
    }

    // MARK: What lies in it

    /// What lies in the bucket, by key.
    package var objects: [String: [UInt8]] {
        get { state.withLock { $0.objects } }
        set { state.withLock { $0.objects = newValue } }
    }

    /// The uploads that have begun and not ended.
    package var uploads: Int { state.withLock { $0.uploads.count } }

    /// Begins an upload of parts that nobody ends.
    package func leaveUpload(of key: String) { state.withLock { _ = $0.begin(key) } }

    /// What it was asked, since it was asked for this last.
    package func takeRequests() -> [Request] {
        state.withLock { state in
            defer { state.requests = [] }
            return state.requests
        }
    }

    /// What was wrong with signatures.
    package var signatureFaults: [String] { state.withLock { $0.signatureFaults } }

    // MARK: How it fails

    /// Fails requests: the closure is given each and its number since it was set.
    package func fail(_ fault: (@Sendable (Request, Int) -> Fault?)?) {
        state.withLock { state in
            state.fault = fault
            state.requests = []
        }
    }

    /// Says that the bucket keeps former versions.
    package func keepVersions() { state.withLock { $0.isVersioned = true } }

    /// Puts its clock forward.
    package func advanceClock(bySeconds seconds: Int) { state.withLock { $0.clockOffsetSeconds = seconds } }
}

/// The server as its connections know it, who do not keep it.
final class ServerBox: Sendable {
    let server = Mutex<Weak?>(nil)
}

/// A server that may be gone.
struct Weak: Sendable {
    private weak let server: S3Server?

    init(_ server: S3Server) { self.server = server }

    var value: S3Server? { server }
}

extension S3Server.State {
    mutating func begin(_ key: String) -> String {
        uploadCount += 1
        uploads["upload-\(uploadCount)+/="] = (key, [:])
        return "upload-\(uploadCount)+/="
    }
}

extension Substring {
    /// Without percent coding.
    var removingPercents: String {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(Substring(rest.prefix(2))), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
