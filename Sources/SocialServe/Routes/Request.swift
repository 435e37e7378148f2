// A request as the routes see it: complete, and free of the connection on which it came.

internal import Formats
internal import NIOCore
internal import NIOHTTP1
internal import SocialCLI
internal import SocialCore

/// A request.
struct Request: Sendable {
    /// The method and the header fields.
    let head: HTTPRequestHead
    /// The parts of the path, decoded.
    let path: [String]
    /// What stands behind the `?`, decoded, in its order.
    let query: [(name: String, value: String)]
    /// Whose address it comes from.
    let address: String
    /// The body, if it was small.
    var body: [UInt8] = []
    /// The file in which a large body lies.
    var file: SpooledFile?
    /// Who else gets the same answer, because they asked for the same meanwhile.
    var alike: [ViewerKey] = []

    /// A request; nil when its path is no path.
    init?(_ head: HTTPRequestHead, address: String) {
        self.head = head
        self.address = address
        let target = head.uri.utf8
        guard target.first == UInt8(ascii: "/") else { return nil }
        let end = target.firstIndex(of: UInt8(ascii: "#")) ?? target.endIndex
        let mark = target[..<end].firstIndex(of: UInt8(ascii: "?")) ?? end
        var path: [String] = []
        for part in target[..<mark].dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let text = Request.decoded(part, isForm: false) else { return nil }
            path.append(text)
        }
        // `/` is no part at all.
        self.path = path == [""] ? [] : path
        var query: [(String, String)] = []
        if mark < end {
            for pair in target[target.index(after: mark)..<end].split(separator: UInt8(ascii: "&")) {
                let parts = pair.split(
                    separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                guard let name = Request.decoded(parts[0], isForm: true),
                    let value = parts.count == 2 ? Request.decoded(parts[1], isForm: true) : ""
                else { return nil }
                query.append((name, value))
            }
        }
        self.query = query
    }

    /// The method.
    var method: HTTPMethod { head.method }

    /// The value of a header field.
    func header(_ name: String) -> String? { head.headers.first(name: name) }

    /// The last value of a name in the query.
    subscript(name: String) -> String? { query.last { $0.name == name }?.value }

    /// Names the request among those that ask for the same, by whoever asks.
    var key: String { "\(token?.text ?? "") \(head.uri)" }

    /// The token of who acts: from `Authorization`, else from the cookie.
    var token: (text: String, isCookie: Bool)? {
        if let field = header("authorization") {
            let parts = field.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return ("", false) }
            return (String(parts[1].drop { $0 == " " }), false)
        }
        for field in head.headers["cookie"] {
            for pair in field.split(separator: ";") {
                let pair = pair.drop { $0 == " " }
                if pair.hasPrefix("\(Request.cookie)=") {
                    return (String(pair.dropFirst(Request.cookie.utf8.count + 1)), true)
                }
            }
        }
        return nil
    }

    /// The name of the cookie that holds a token.
    static let cookie = "social_token"

    /// A text without its percent-encoding; nil when it is no UTF-8 or has control characters.
    private static func decoded(_ text: Substring.UTF8View, isForm: Bool) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where isForm: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        guard bytes.allSatisfy({ $0 != 0 }) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    // MARK: Bodies

    /// The body as a JSON object.
    func object() throws -> JSONObject {
        if body.isEmpty { return JSONObject([]) }
        let value: JSONValue
        do { value = try JSONReader.parse(body) } catch {
            throw ServeError(.badRequest, "the body is no JSON: \(error)")
        }
        guard let members = value.object else { throw ServeError(.badRequest, "the body is no JSON object") }
        return JSONObject(members)
    }
}

/// The members of a body, of which each must be asked for.
struct JSONObject {
    private let members: [JSONValue.Member]

    init(_ members: [JSONValue.Member]) { self.members = members }

    /// The value of a key; nil when it is not there.
    subscript(key: String) -> JSONValue? { members.first { $0.key == key }?.value }

    /// A text; nil when it is not there or null.
    func text(_ key: String) throws -> String? {
        switch self[key] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        default: throw ServeError(.badRequest, "\"\(key)\" is no text")
        }
    }

    /// Texts, or numbers that stand for ids; none when it is not there.
    func texts(_ key: String) throws -> [String] {
        guard let value = self[key], value != .null else { return [] }
        let texts = value.array?.map { $0.string ?? $0.integer.map { String($0) } }
        guard let texts, !texts.contains(nil) else { throw ServeError(.badRequest, "\"\(key)\" is no list of texts") }
        return texts.compactMap { $0 }
    }

    /// Makes sure that nothing is said that nobody listens to.
    func allow(_ keys: String...) throws {
        for member in members where !keys.contains(member.key) {
            throw ServeError(
                .badRequest, "there is no \"\(member.key)\" here",
                hint: keys.isEmpty ? nil : "it can have \(keys.joined(separator: ", "))")
        }
    }
}
