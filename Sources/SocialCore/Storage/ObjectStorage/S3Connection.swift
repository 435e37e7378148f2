// The connections to an object store: the one place that knows async-http-client. A request goes out and its whole
// answer comes back to the thread that has asked; nothing here is large, since objects travel in parts.

internal import AsyncHTTPClient
internal import Dispatch
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Connections that are kept open between requests.
final class S3Connection: Sendable {
    private let client: HTTPClient

    /// Nothing is connected before there is a request.
    ///
    /// - Parameter certificates: a file of certificates that are trusted besides those of the system.
    init(_ patience: S3Patience, certificates: String?) throws(StorageError) {
        var configuration = HTTPClient.Configuration()
        if let certificates {
            do { _ = try NIOSSLCertificate.fromPEMFile(certificates) } catch {
                throw StorageError(
                    .badObjectStore, "AWS_CA_BUNDLE names \"\(certificates)\", which holds no certificates",
                    hint: "name a file of certificates in PEM form")
            }
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.file(certificates)]
            configuration.tlsConfiguration = tls
        }
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .milliseconds(Int64(patience.connectMilliseconds))
        configuration.timeout.read = .milliseconds(Int64(patience.silenceMilliseconds))
        configuration.timeout.write = .milliseconds(Int64(patience.silenceMilliseconds))
        configuration.connectionPool.idleTimeout = .seconds(20)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = patience.width
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), configuration: configuration)
    }

    deinit { client.shutdown(queue: .global()) { _ in } }

    /// Sends a request and waits for the answer.
    ///
    /// Not to be called by an event loop.
    func send(
        _ method: String, _ url: String, headers: [(name: String, value: String)], body: [UInt8], limitBytes: Int
    ) throws(S3Interruption) -> S3Answer {
        do {
            let request = try HTTPClient.Request(
                url: url, method: HTTPMethod(rawValue: method), headers: HTTPHeaders(headers.map { ($0, $1) }),
                body: body.isEmpty ? nil : .byteBuffer(ByteBuffer(bytes: body)))
            let answer = try client.execute(
                request: request, delegate: ResponseAccumulator(request: request, maxBodySize: limitBytes)
            ).wait()
            return S3Answer(
                status: Int(answer.status.code), headers: answer.headers.map { ($0.name.lowercased(), $0.value) },
                body: answer.body.map { Array($0.readableBytesView) } ?? [])
        } catch is ResponseAccumulator.ResponseTooBigError {
            throw .tooLarge
        } catch let error as HTTPClientError {
            throw .unreachable(error.shortDescription)
        } catch is NIOSSLExtraError {
            throw .untrusted("its certificate is that of another host")
        } catch let error as NIOSSLError {
            guard case .handshakeFailed = error else { throw .unreachable("the secure connection broke") }
            let isCertificate = "\(error)".contains("CERTIFICATE_VERIFY_FAILED")
            throw .untrusted(isCertificate ? "its certificate is not trusted" : "it does not answer with TLS")
        } catch {
            throw .unreachable(Self.reason(error))
        }
    }

    /// Why there is no connection, in a few words.
    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let failure = error.connectionErrors.first { return reason(failure.error) }
            return "there is no host \"\(error.host)\""
        // Safety: strerror returns a NUL-terminated string that stays valid until the next call on this thread.
        case let error as IOError: return String(cString: strerror(error.errnoCode)).lowercased()
        default: return "\(error)"
        }
    }
}
