// What an object store says when it does not do what it was asked, and what that means to whoever has asked.

internal import Formats

/// An answer that is no success.
struct S3Failure {
    let status: Int
    /// The name that the store gives it, such as `SlowDown`; empty when the answer has none.
    let code: String
    private let message: String
    /// The time of the server, as it says it.
    private let serverTime: String?

    init(_ answer: S3Answer) {
        status = answer.status
        let root = try? XMLReader.parse(answer.body)
        let error = root.flatMap { $0.name == "Error" ? $0 : $0.children.first { $0.name == "Error" } }
        code = error?["Code"] ?? ""
        message = error?["Message"] ?? ""
        serverTime = error?["ServerTime"] ?? answer.header("date")
    }

    /// Whether the same request may do better a moment later.
    var mayPass: Bool {
        switch status {
        case 429, 500, 502, 503, 504: true
        case 400: code == "RequestTimeout"
        case 409: code == "OperationAborted"
        // A failure in an answer that had begun as a success.
        case 200: code == "InternalError" || code == "SlowDown" || code.isEmpty
        default: false
        }
    }

    /// Whether other credentials may do better.
    var isExpired: Bool { code == "ExpiredToken" || code == "TokenRefreshRequired" }

    /// In a few words.
    var summary: String { code.isEmpty ? "it answers \(status)" : "it answers \(status) \(Self.shown(code))" }

    /// The error of a request that it is of no use to repeat.
    func error(
        about request: S3Request, _ address: S3Address, _ server: S3Address.Endpoint, _ region: String
    ) -> StorageError {
        let subject = request.key.map(address.place) ?? "s3://\(address.bucket)"
        let said = message.isEmpty ? "" : ": \(Self.shown(message))"
        let text =
            "\"\(server.text)\" refuses \(request.method.rawValue) \"\(subject)\": \(status)"
            + "\(code.isEmpty ? "" : " \(Self.shown(code))")\(said)"
        switch (status, code) {
        case (_, "NoSuchBucket"):
            return StorageError(
                .noSuchBucket, "there is no bucket \"\(address.bucket)\" at \"\(server.text)\"",
                hint: "make it, or see whether its name and the endpoint are right")
        case (_, "RequestTimeTooSkewed"):
            let here = RFC3339.format(TimeSource.system.now.milliseconds)
            let there = serverTime.map { ", and there \(Self.shown($0))" } ?? ""
            return StorageError(
                .objectStoreRefused, "the clock of this machine differs too much: here it is \(here)\(there)",
                hint: "set the clock right")
        case (_, "SignatureDoesNotMatch"):
            return StorageError(
                .objectStoreRefused, text,
                hint: "see whether the secret key belongs to the access key, and whether the region is \"\(region)\"")
        case (_, "InvalidAccessKeyId"):
            return StorageError(.objectStoreRefused, text, hint: "see whether the access key is one of this store")
        case (_, "ExpiredToken"):
            return StorageError(.objectStoreRefused, text, hint: "get new credentials")
        case (301, _), (307, _), (400, "AuthorizationHeaderMalformed"), (400, "IllegalLocationConstraintException"):
            return StorageError(
                .objectStoreFailed, text,
                hint: "the bucket may lie in another region than \"\(region)\": add \"region=NAME\" to the address")
        case (401, _), (403, _):
            return StorageError(
                .objectStoreRefused, text,
                hint: "see which rights the credentials have, and whether the bucket is yours")
        default:
            return StorageError(
                .objectStoreFailed, text, hint: "see whether the endpoint is that of an S3-compatible object store")
        }
    }

    /// What a stranger says, short and without what could do something to a terminal.
    static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { (0x20...0x7E).contains($0.value) }).prefix(200))
    }
}
