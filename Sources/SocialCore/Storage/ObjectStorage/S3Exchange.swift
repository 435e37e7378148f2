// A request to an object store, and what comes back.

/// A request.
struct S3Request: Sendable {
    /// What is done.
    enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    var method: Method
    /// What it is about; nil for the bucket.
    var key: String?
    /// Not coded.
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// The SHA-256 of the body, where that is known already.
    var bodyHash: String?
    /// How many bytes of an answer are taken.
    var limitBytes = 1 << 20
    /// What is an answer besides success.
    var alsoAccepted: [Int] = []
}

/// An answer.
struct S3Answer: Sendable {
    var status: Int
    /// The names are in lower case.
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    /// The first value of a header.
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// Why there is no answer.
enum S3Interruption: Error {
    /// The server cannot be reached, went away or took too long; another attempt may do better.
    case unreachable(String)
    /// The server is not one to which anything may be sent: its certificate is not trusted.
    case untrusted(String)
    /// The answer is larger than any that was asked for.
    case tooLarge
}

/// How often and how long something is tried.
package struct S3Patience: Sendable {
    /// The first wait between two attempts, in milliseconds; each further one is up to twice as long.
    package var firstWaitMilliseconds = 100
    /// The longest wait.
    package var longestWaitMilliseconds = 5_000
    /// After how long no further attempt is made.
    package var deadlineMilliseconds = 30_000
    /// How many attempts are made.
    package var attempts = 8
    /// How long a connection may take.
    package var connectMilliseconds = 10_000
    /// How long a server may say nothing.
    package var silenceMilliseconds = 30_000
    /// For how long a request is tried only once after one was given up.
    package var awayMilliseconds = 5_000
    /// Requests at once.
    package var width = 8

    /// The patience of commands.
    package static let standard = S3Patience()
    /// One for tests, which do not wait.
    package static let brief = S3Patience(
        firstWaitMilliseconds: 1, longestWaitMilliseconds: 4, deadlineMilliseconds: 5_000, attempts: 4,
        connectMilliseconds: 1_000, silenceMilliseconds: 300,
        awayMilliseconds: 0, width: 8)
}
