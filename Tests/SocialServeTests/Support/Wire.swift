// A client that is no more than a socket: what it sends is what the tests say, byte by byte.

import Formats
import Foundation

/// A connection to a server on this machine.
final class Wire {
    /// What a server answered.
    struct Response {
        var status: Int
        var fields: [(name: String, value: String)]
        var body: [UInt8]

        /// The body as text.
        var text: String { String(decoding: body, as: UTF8.self) }
        /// The body as JSON.
        var json: JSONValue { (try? JSONReader.parse(body)) ?? .null }
        /// The code of an error.
        var code: String? { json["error"]?["code"]?.string }

        subscript(name: String) -> String? { fields.first { $0.name.lowercased() == name.lowercased() }?.value }
    }

    /// The server has closed the connection.
    struct Closed: Error {}

    private let socket: Int32
    private var received: [UInt8] = []

    init(port: Int, waitSeconds: Int = 10) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: waitSeconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Closed() }
    }

    deinit { close(socket) }

    /// Sends bytes as they are.
    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Closed() }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends a text as it is.
    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Sends a request.
    func send(
        _ method: String, _ path: String, token: String? = nil, fields: [String] = [], body: [UInt8]? = nil
    ) throws {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: test\r\n"
        if let token { head += "Authorization: Bearer \(token)\r\n" }
        for field in fields { head += "\(field)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        try send(Array("\(head)\r\n".utf8) + (body ?? []))
    }

    /// Waits for more bytes.
    private func more() throws {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        let count = chunk.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { throw Closed() }
        received += chunk[..<count]
    }

    /// The next bytes.
    func take(_ count: Int) throws -> [UInt8] {
        while received.count < count { try more() }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    /// The next response.
    func response(isHead: Bool = false) throws -> Response {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = received.firstRange(of: end) {
                let lines = String(decoding: received[..<range.lowerBound], as: UTF8.self).components(
                    separatedBy: "\r\n")
                received.removeSubrange(..<range.upperBound)
                let status = Int(lines[0].split(separator: " ")[1]) ?? 0
                let fields = lines.dropFirst().map { line in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    return (name: String(parts[0]), value: String(parts[1].drop { $0 == " " }))
                }
                if status == 100 { continue }
                var response = Response(status: status, fields: fields, body: [])
                if !isHead, let count = response["content-length"].flatMap(Int.init) { response.body = try take(count) }
                return response
            }
            try more()
        }
    }

    /// Whether the server closes the connection now.
    func isClosed() -> Bool {
        do {
            while true { try more() }
        } catch { return errno != EAGAIN }
    }
}
