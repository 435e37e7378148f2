// Signature Version 4, by which an object store knows who asks: "Authenticating Requests (AWS Signature Version 4)" in
// the Amazon S3 API reference. Each request is signed with all of its headers and the hash of its body.

internal import Crypto
internal import Formats

/// What a request is signed with.
struct S3Signature {
    private static let algorithm = "AWS4-HMAC-SHA256"

    var credentials: S3Credentials
    var region: String
    var service = "s3"
    /// When it is signed.
    var time: Timestamp

    /// The time as headers have it: `20130524T000000Z`.
    var stamp: String { RFC3339.format(time.milliseconds).prefix(19).filter { $0 != "-" && $0 != ":" } + "Z" }
    private var date: String { String(stamp.prefix(8)) }
    private var scope: String { "\(date)/\(region)/\(service)/aws4_request" }

    /// The value of the header `Authorization`.
    ///
    /// - Parameters:
    ///   - path: as it is sent, coded.
    ///   - query: not coded, in any order.
    ///   - headers: all that are signed, the host and the time among them.
    ///   - payloadHash: the SHA-256 of the body in hexadecimal digits.
    func authorization(
        _ method: String, path: String, query: [(name: String, value: String)],
        headers: [(name: String, value: String)], payloadHash: String
    ) -> String {
        let fields = headers.map { ($0.name.lowercased(), Self.folded($0.value)) }.sorted { $0.0 < $1.0 }
        let names = fields.map(\.0).joined(separator: ";")
        let request = [
            method, path, Self.queryText(query), fields.map { "\($0.0):\($0.1)\n" }.joined(), names, payloadHash,
        ].joined(separator: "\n")
        let text = [Self.algorithm, stamp, scope, Self.digits(SHA256.hash(data: Array(request.utf8)))]
            .joined(separator: "\n")
        var key = SymmetricKey(data: Array("AWS4\(credentials.secretKey)".utf8))
        for part in [date, region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
        }
        let signature = Self.digits(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
        return "\(Self.algorithm) Credential=\(credentials.accessKey)/\(scope),SignedHeaders=\(names),"
            + "Signature=\(signature)"
    }

    /// A query as it is sent and signed: coded, and in order.
    static func queryText(_ query: [(name: String, value: String)]) -> String {
        query.map { (URLCoding.encode($0.name), URLCoding.encode($0.value)) }
            .sorted { $0 < $1 }
            .map { "\($0)=\($1)" }.joined(separator: "&")
    }

    /// The SHA-256 of bytes, in digits.
    static func payloadHash(_ bytes: [UInt8]) -> String { digits(SHA256.hash(data: bytes)) }

    private static func digits(_ bytes: some Sequence<UInt8>) -> String { Hexadecimal.text(Array(bytes)) }

    /// A value without blanks at its ends, and with single ones in it.
    private static func folded(_ value: String) -> String {
        value.split(separator: " ").joined(separator: " ")
    }
}
