// What listeners are told: one JSON object each, the same whether it goes over WebSocket or is fetched by a long poll.

internal import Formats
internal import NIOCore

/// A message to a listener, encoded once for all who get it.
struct LiveMessage: Sendable {
    /// The JSON text.
    let text: [UInt8]
    /// The same as a WebSocket frame.
    let frame: ByteBuffer
    /// Of the first message: where the listener begins.
    let beginning: String?

    init(_ text: [UInt8], beginning: String? = nil) {
        self.text = text
        self.beginning = beginning
        frame = WebSocketFrames.text(text)
    }

    init(_ value: JSONValue, beginning: String? = nil) {
        var json = JSONWriter()
        json.value(value)
        self.init(json.bytes, beginning: beginning)
    }

    /// Who listens, and from where on.
    static func welcome(_ handle: String, cursor: String) -> LiveMessage {
        LiveMessage(["type": "welcome", "handle": .string(handle), "cursor": .string(cursor)], beginning: cursor)
    }

    /// The end.
    static func bye(_ reason: String) -> LiveMessage { LiveMessage(["type": "bye", "reason": .string(reason)]) }

    /// A new post or notification.
    static func news(_ type: String, cursor: String, item: [UInt8]) -> LiveMessage {
        var json = JSONWriter(capacity: item.count + 256)
        json.beginObject()
        json.key("type")
        json.string(type)
        json.key("cursor")
        json.string(cursor)
        json.key("item")
        json.raw(item)
        json.endObject()
        return LiveMessage(json.bytes)
    }

    /// What a listener's own message came to.
    static func result(_ id: JSONValue, _ answer: Answer) -> LiveMessage {
        var bytes: [UInt8] = []
        if case .bytes(let body) = answer.body { bytes = body.filter { $0 != UInt8(ascii: "\n") } }
        if bytes.isEmpty { bytes = Array("{}".utf8) }
        var json = JSONWriter(capacity: bytes.count + 64)
        json.beginObject()
        json.key("type")
        json.string("result")
        json.key("id")
        json.value(id)
        if (200..<300).contains(answer.status.code) {
            json.key("ok")
            json.bool(true)
            json.key("value")
            json.raw(bytes)
        } else {
            // The document is {"error":{…}}: what is in it becomes a member here.
            json.key("error")
            json.raw(Array(bytes.dropFirst("{\"error\":".utf8.count).dropLast()))
        }
        json.endObject()
        return LiveMessage(json.bytes)
    }
}

/// Frames from the server, which are not masked (RFC 6455, section 5).
enum WebSocketFrames {
    /// A text, whole.
    static func text(_ bytes: [UInt8]) -> ByteBuffer { frame(0x81, bytes) }
    /// A sign of life.
    static let ping = frame(0x89, [])

    /// The answer to a sign of life.
    static func pong(_ bytes: [UInt8]) -> ByteBuffer { frame(0x8A, bytes) }

    /// The end, with its reason.
    static func close(_ code: UInt16) -> ByteBuffer { frame(0x88, [UInt8(code >> 8), UInt8(code & 0xFF)]) }

    private static func frame(_ first: UInt8, _ bytes: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(bytes.count + 10)
        buffer.writeInteger(first)
        switch bytes.count {
        case 0..<126: buffer.writeInteger(UInt8(bytes.count))
        case 126...0xFFFF:
            buffer.writeInteger(UInt8(126))
            buffer.writeInteger(UInt16(bytes.count))
        default:
            buffer.writeInteger(UInt8(127))
            buffer.writeInteger(UInt64(bytes.count))
        }
        buffer.writeBytes(bytes)
        return buffer
    }
}
