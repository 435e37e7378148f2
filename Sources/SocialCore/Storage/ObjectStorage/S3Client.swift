// What asks an object store: signs each request, tries again what may be better the next time, and says of everything
// else what is wrong. It is made when the first object is needed, so that commands without objects do not pay for it.

internal import Dispatch
internal import Formats
internal import Glibc
internal import Synchronization

/// A client of one bucket.
final class S3Client: Sendable {
    let address: S3Address
    let patience: S3Patience
    private let region: String
    private let server: S3Address.Endpoint
    private let connection: S3Connection
    private let environment: EnvironmentLookup
    private let credentials: Mutex<S3Credentials>
    /// Until when the store is held to be away, so that many who ask do not all wait for it; in nanoseconds.
    private let awayUntil = Mutex<UInt64>(0)

    /// A client; nothing is asked yet.
    ///
    /// - Throws: `noCredentials`, `badObjectStore`.
    init(_ address: S3Address, _ patience: S3Patience, _ environment: @escaping EnvironmentLookup) throws(StorageError)
    {
        func value(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
        self.address = address
        var patience = patience
        if let attempts = value("AWS_MAX_ATTEMPTS").flatMap({ Int($0) }), attempts > 0 { patience.attempts = attempts }
        self.patience = patience
        self.environment = environment
        region = address.region ?? value("AWS_REGION") ?? value("AWS_DEFAULT_REGION") ?? "us-east-1"
        server = address.server(region: region)
        credentials = Mutex(try S3Credentials.find(environment))
        connection = try S3Connection(patience, certificates: value("AWS_CA_BUNDLE"))
    }

    // MARK: Asking

    /// Sends a request, again where that may help, and gives the answer, which is a success or accepted.
    ///
    /// - Throws: `objectStoreUnreachable` when no attempt came through, `objectStoreRefused`, `noSuchBucket`,
    ///   `objectStoreFailed`.
    func send(_ request: S3Request) throws(StorageError) -> S3Answer {
        let start = DispatchTime.now().uptimeNanoseconds
        let attempts = awayUntil.withLock { $0 > start } ? 1 : patience.attempts
        var attempt = 0
        var isRenewed = false
        while true {
            attempt += 1
            let outcome = Result { () throws(S3Interruption) in try once(request) }
            let reason: String
            var askedWait = 0
            switch outcome {
            case .success(let answer):
                if (200..<300).contains(answer.status) || isAccepted(answer, request) {
                    if attempts == 1 { awayUntil.withLock { $0 = 0 } }
                    return answer
                }
                var failure = S3Failure(answer)
                if request.method == .head, !failure.mayPass, let said = explanation(of: request) { failure = said }
                // Credentials that end are written anew by whoever gives them out.
                if failure.isExpired, !isRenewed, try renewed() {
                    isRenewed = true
                    continue
                }
                guard failure.mayPass else { throw failure.error(about: request, address, server, region) }
                reason = failure.summary
                askedWait = answer.header("retry-after").flatMap { Int($0) }.map { min(max($0, 0), 3_600) * 1_000 } ?? 0
            case .failure(.unreachable(let text)): reason = text
            case .failure(.untrusted(let text)):
                throw StorageError(
                    .objectStoreFailed, "\"\(server.text)\" does not prove who it is: \(S3Failure.shown(text))",
                    hint: "name a file with the certificate of its authority in AWS_CA_BUNDLE")
            case .failure(.tooLarge):
                throw StorageError(
                    .objectStoreFailed, "\"\(server.text)\" answers with more than was asked for",
                    hint: "see whether the endpoint is that of an object store")
            }
            let passed = Int((DispatchTime.now().uptimeNanoseconds - start) / 1_000_000)
            let wait = max(wait(before: attempt + 1), askedWait)
            guard attempt < attempts, passed + wait < patience.deadlineMilliseconds else {
                awayUntil.withLock { $0 = start + UInt64(passed + patience.awayMilliseconds) * 1_000_000 }
                throw StorageError(
                    .objectStoreUnreachable,
                    "the object store \"\(server.text)\" cannot be reached (\(attempt) "
                        + "attempt\(attempt == 1 ? "" : "s")): \(S3Failure.shown(reason))",
                    hint: "try again when it is there")
            }
            usleep(UInt32(wait) * 1_000)
        }
    }

    /// What is wrong with a request whose answer cannot say so, because it has no body; nil when that is not found out.
    private func explanation(of request: S3Request) -> S3Failure? {
        var asked = request
        asked.method = .get
        asked.headers = [("Range", "bytes=0-0")]
        guard let answer = try? once(asked), answer.status >= 300 else { return nil }
        return S3Failure(answer)
    }

    /// How long is waited before an attempt, in milliseconds: longer each time, and never as long as others wait.
    private func wait(before attempt: Int) -> Int {
        let longest = min(patience.longestWaitMilliseconds, patience.firstWaitMilliseconds << min(attempt - 2, 16))
        return Int.random(in: max(1, longest / 2)...max(1, longest))
    }

    private func isAccepted(_ answer: S3Answer, _ request: S3Request) -> Bool {
        guard request.alsoAccepted.contains(answer.status) else { return false }
        // That a bucket is gone says nothing about an object.
        return answer.status != 404 || S3Failure(answer).code != "NoSuchBucket"
    }

    /// Whether there are other credentials now.
    private func renewed() throws(StorageError) -> Bool {
        let found = try S3Credentials.find(environment)
        return credentials.withLock { present in
            defer { present = found }
            return present != found
        }
    }

    private func once(_ request: S3Request) throws(S3Interruption) -> S3Answer {
        let signature = S3Signature(
            credentials: credentials.withLock { $0 }, region: region, time: TimeSource.system.now)
        let bodyHash = request.bodyHash ?? S3Signature.payloadHash(request.body)
        var headers = request.headers
        headers.append(("Host", server.authority))
        headers.append(("x-amz-content-sha256", bodyHash))
        headers.append(("x-amz-date", signature.stamp))
        if let token = signature.credentials.sessionToken { headers.append(("x-amz-security-token", token)) }
        let path = address.path(of: request.key)
        let authorization = signature.authorization(
            request.method.rawValue, path: path, query: request.query, headers: headers, payloadHash: bodyHash)
        headers.append(("Authorization", authorization))
        let query = S3Signature.queryText(request.query)
        return try connection.send(
            request.method.rawValue, "\(server.text)\(path)\(query.isEmpty ? "" : "?\(query)")", headers: headers,
            body: request.body, limitBytes: request.limitBytes)
    }
}
