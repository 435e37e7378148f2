// Tags by which a client can ask whether what it has is what it would get (RFC 9110, section 8.8.3), and compression
// for those who want it.

internal import Formats
internal import NIOHTTP1
internal import SocialCore

/// Tags of answers.
enum EntityTag {
    /// The tag of some bytes: weak, because they may be sent compressed.
    static func text(of bytes: [UInt8]) -> String {
        let low = bytes.withUnsafeBufferPointer { ViewerKey($0).rawValue }
        return "W/\"\(String(low, radix: 36))-\(String(bytes.count, radix: 36))\""
    }

    /// Whether a client has this already (`If-None-Match`, compared weakly).
    static func matches(_ tag: String, _ field: String?) -> Bool {
        guard let field else { return false }
        if field == "*" { return true }
        func opaque(_ tag: some StringProtocol) -> String {
            tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : String(tag)
        }
        let wanted = opaque(tag)
        return field.split(separator: ",").contains { part in
            var part = part.drop { $0 == " " }
            while part.last == " " { part.removeLast() }
            return opaque(part) == wanted
        }
    }
}

extension Answer {
    /// From how many bytes on it is worth to compress them.
    private static let worthBytes = 1_400

    /// The answer with its tag, or that the client has it already; compressed for who wants it.
    ///
    /// - Parameter tag: nil: that of the bytes.
    func tagged(_ tag: String? = nil, for request: Request) -> Answer {
        guard status == .ok, case .bytes(let bytes) = body else { return self }
        var answer = self
        let tag = tag ?? EntityTag.text(of: bytes)
        answer.fields += [
            Field("ETag", tag), Field("Cache-Control", "private, no-cache"),
            Field("Vary", "Accept-Encoding, Authorization, Cookie"),
        ]
        if EntityTag.matches(tag, request.header("if-none-match")) {
            answer.status = .notModified
            answer.type = nil
            answer.body = .bytes([])
        } else if bytes.count >= Answer.worthBytes, Answer.takesGzip(request), let packed = Gzip.compressed(bytes) {
            answer.body = .bytes(packed)
            answer.fields.append(Field("Content-Encoding", "gzip"))
        }
        return answer
    }

    /// Whether a client takes gzip (RFC 9110, section 12.5.3).
    static func takesGzip(_ request: Request) -> Bool {
        request.head.headers["accept-encoding"].contains { field in
            field.split(separator: ",").contains { part in
                let words = part.lowercased().split(separator: ";").map { $0.filter { $0 != " " } }
                guard words.first == "gzip" || words.first == "*" else { return false }
                return !words.dropFirst().contains { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0) }
            }
        }
    }
}
