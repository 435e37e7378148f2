// A client that listens over WebSocket.

import Formats
import Foundation

/// A WebSocket to a server on this machine.
final class LiveWire {
    /// A frame as it came.
    struct Frame: Equatable {
        var opcode: UInt8
        var bytes: [UInt8]
    }

    let wire: Wire
    /// The answer to the handshake.
    let handshake: Wire.Response

    init(_ served: ServedWorld, _ path: String = "/v1/live", token: String? = nil, fields: [String] = []) throws {
        wire = try served.wire()
        try wire.send(
            "GET", path, token: token,
            fields: [
                "Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            ] + fields)
        handshake = try wire.response()
    }

    /// Sends a frame, masked as clients do.
    func send(opcode: UInt8, _ bytes: [UInt8], isLast: Bool = true, isMasked: Bool = true) throws {
        var frame: [UInt8] = [(isLast ? 0x80 : 0) | opcode]
        let bit: UInt8 = isMasked ? 0x80 : 0
        if bytes.count < 126 {
            frame.append(bit | UInt8(bytes.count))
        } else if bytes.count <= 0xFFFF {
            frame += [bit | 126, UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)]
        } else {
            frame.append(bit | 127)
            frame += (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (56 - 8 * $0)) }
        }
        let mask: [UInt8] = [1, 2, 3, 4]
        if isMasked { frame += mask }
        frame += bytes.enumerated().map { isMasked ? $1 ^ mask[$0 % 4] : $1 }
        try wire.send(frame)
    }

    /// Sends a message.
    func send(_ text: String) throws { try send(opcode: 1, Array(text.utf8)) }

    /// The next frame.
    func frame() throws -> Frame {
        let head = try wire.take(2)
        var count = Int(head[1] & 0x7F)
        if count == 126 { count = try wire.take(2).reduce(0) { $0 << 8 | Int($1) } }
        if count == 127 { count = try wire.take(8).reduce(0) { $0 << 8 | Int($1) } }
        return Frame(opcode: head[0] & 0x0F, bytes: try wire.take(count))
    }

    /// The next message.
    func message() throws -> JSONValue {
        while true {
            let frame = try frame()
            if frame.opcode == 1 { return try JSONReader.parse(frame.bytes) }
            if frame.opcode == 8 { throw Wire.Closed() }
        }
    }

    /// The code with which the server ends it, whatever it says before.
    func end() throws -> Int {
        while true {
            let frame = try frame()
            if frame.opcode == 8 { return frame.bytes.prefix(2).reduce(0) { $0 << 8 | Int($1) } }
        }
    }
}
