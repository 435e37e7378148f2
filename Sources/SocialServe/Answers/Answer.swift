// An answer on its way from a thread that knows it to the connection that sends it.

internal import SocialCLI
internal import SocialCore

/// What is answered to a request.
struct Answer: Sendable {
    /// A header field.
    struct Field: Sendable {
        let name: StaticString
        let value: String

        init(_ name: StaticString, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What is sent behind the head.
    enum Body: Sendable {
        case bytes([UInt8])
        /// Something too large for memory, or not yet read.
        case stream(BodyStream)

        var count: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .stream(let stream): stream.count
            }
        }
    }

    var status: Status
    var type: String?
    var fields: [Field] = []
    var body: Body = .bytes([])
    /// Whether nothing more is taken from this connection.
    var closes = false

    init(_ status: Status = .ok, type: String? = nil, _ bytes: [UInt8] = [], fields: [Field] = []) {
        self.status = status
        self.type = type
        self.fields = fields
        body = .bytes(bytes)
    }

    static let jsonType = "application/json"

    /// JSON.
    static func json(_ bytes: [UInt8], status: Status = .ok) -> Answer { Answer(status, type: jsonType, bytes) }

    /// What a command line came to.
    init(_ outcome: CommandService.Outcome, status: Status = .ok) {
        guard let code = outcome.code else {
            self = .json(outcome.output, status: status)
            return
        }
        self = .json(outcome.output, status: Status(errorCode: code, exit: outcome.exit))
        switch self.status.code {
        case 401: fields.append(Field("WWW-Authenticate", "Bearer"))
        case 429, 503: fields.append(Field("Retry-After", "1"))
        default: break
        }
    }

    /// What went wrong.
    init(_ error: any Error) { self.init(CommandService.outcome(of: error)) }

    /// A refusal, after which the connection is closed because more of the request may come.
    static func refusal(_ code: ServeError.Code, _ message: String, hint: String? = nil) -> Answer {
        var answer = Answer(ServeError(code, message, hint: hint))
        answer.closes = true
        return answer
    }
}

/// A body that is read piece by piece while it is sent.
///
/// Safety: whoever sends it asks for one piece at a time, each on a thread of the file pool.
final class BodyStream: @unchecked Sendable {
    /// How many bytes there are.
    let count: Int
    private let piece: (Range<Int>) throws -> [UInt8]
    private let unit: Int
    private let start: Int
    private var done = 0

    /// A body.
    ///
    /// - Parameters:
    ///   - range: which bytes of the whole.
    ///   - unit: pieces end at multiples of it.
    ///   - piece: reads some of the whole.
    init(_ range: Range<Int>, unit: Int, piece: @escaping (Range<Int>) throws -> [UInt8]) {
        start = range.lowerBound
        count = range.count
        self.unit = unit
        self.piece = piece
    }

    /// The next piece; nil when there is no more.
    func next() throws -> [UInt8]? {
        guard done < count else { return nil }
        let from = start + done
        let end = min(start + count, (from / unit + 1) * unit)
        let bytes = try piece(from..<end)
        done += bytes.count
        return bytes
    }
}
