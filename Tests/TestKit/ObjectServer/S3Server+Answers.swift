// What the test server does: the verbs of objects, lists and parts, and who may use them.

internal import Crypto
internal import Foundation

extension S3Server {
    func answer(_ request: Request, _ state: inout State) -> S3ServerAnswer {
        if let code = refusal(request, state.clockOffsetSeconds) {
            state.signatureFaults.append("\(code) \(request.method) \(request.path)?\(request.query)")
            return S3ServerAnswer(403, error: code)
        }
        guard request.path == "/\(bucket)" || request.path.hasPrefix("/\(bucket)/") else {
            return S3ServerAnswer(404, error: "NoSuchBucket")
        }
        if request.key.isEmpty { return list(request, state) }
        if request.value("uploadId") != nil || request.value("uploads") != nil { return part(request, &state) }
        return object(request, &state)
    }

    // MARK: Objects

    private func object(_ request: Request, _ state: inout State) -> S3ServerAnswer {
        switch request.method {
        case "PUT":
            let sum = Data(SHA256.hash(data: request.body)).base64EncodedString()
            if let said = request.headers["x-amz-checksum-sha256"], said != sum {
                return S3ServerAnswer(400, error: "BadDigest")
            }
            state.objects[request.key] = request.body
            return S3ServerAnswer(200, headers: state.isVersioned ? ["x-amz-version-id": "v1"] : [:])
        case "DELETE":
            state.objects[request.key] = nil
            return S3ServerAnswer(204)
        default: break
        }
        guard let bytes = state.objects[request.key] else { return S3ServerAnswer(404, error: "NoSuchKey") }
        if request.method == "HEAD" { return S3ServerAnswer(200, sizeBytes: bytes.count) }
        guard let range = request.headers["range"] else { return S3ServerAnswer(200, bytes) }
        let ends = range.dropFirst("bytes=".count).split(separator: "-").compactMap { Int($0) }
        guard ends.count == 2, ends[0] < bytes.count else { return S3ServerAnswer(416, error: "InvalidRange") }
        let last = min(ends[1], bytes.count - 1)
        return S3ServerAnswer(
            206, Array(bytes[ends[0]...last]), headers: ["Content-Range": "bytes \(ends[0])-\(last)/\(bytes.count)"])
    }

    // MARK: Lists

    private func list(_ request: Request, _ state: State) -> S3ServerAnswer {
        let prefix = request.value("prefix") ?? ""
        if request.value("uploads") != nil {
            let uploads = state.uploads.filter { $1.key.hasPrefix(prefix) }.map {
                "<Upload><Key>\($1.key)</Key><UploadId>\($0)</UploadId></Upload>"
            }
            return document("ListMultipartUploadsResult", uploads.sorted().joined())
        }
        let limit = request.value("max-keys").flatMap { Int($0) } ?? 1_000
        // Small pages, so that lists have several.
        let pageCount = min(limit, 3)
        let all = state.objects.keys.filter { $0.hasPrefix(prefix) }
            .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        let token = request.value("continuation-token")
        let rest = token == nil ? all : Array(all.drop { "after \($0)" != token }.dropFirst())
        let page = rest.prefix(pageCount)
        var text = page.map { key in
            let name = key.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            return "<Contents><Key>\(name)</Key><Size>\(state.objects[key]?.count ?? 0)</Size></Contents>"
        }.joined()
        text += "<IsTruncated>\(rest.count > page.count)</IsTruncated>"
        if rest.count > page.count, let last = page.last {
            let name = "after \(last)".replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            text += "<NextContinuationToken>\(name)</NextContinuationToken>"
        }
        return document("ListBucketResult", text)
    }

    private func document(_ name: String, _ text: String) -> S3ServerAnswer {
        let space = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""
        return S3ServerAnswer(200, Array("<?xml version=\"1.0\"?>\n<\(name) \(space)>\(text)</\(name)>".utf8))
    }

    // MARK: Parts

    private func part(_ request: Request, _ state: inout State) -> S3ServerAnswer {
        guard let id = request.value("uploadId") else {
            return document("InitiateMultipartUploadResult", "<UploadId>\(state.begin(request.key))</UploadId>")
        }
        guard let upload = state.uploads[id], upload.key == request.key else {
            return S3ServerAnswer(404, error: "NoSuchUpload")
        }
        func tag(_ bytes: [UInt8]) -> String { "\"\(SHA256.hash(data: bytes).description.suffix(16))\"" }
        switch request.method {
        case "PUT":
            guard let number = request.value("partNumber").flatMap({ Int($0) }), (1...10_000).contains(number) else {
                return S3ServerAnswer(400, error: "InvalidArgument")
            }
            state.uploads[id]?.parts[number] = request.body
            return S3ServerAnswer(200, headers: ["ETag": tag(request.body)])
        case "DELETE":
            state.uploads[id] = nil
            return S3ServerAnswer(204)
        default:
            let text = String(decoding: request.body, as: UTF8.self)
            var bytes: [UInt8] = []
            let named = text.matches(of: /<Part><PartNumber>(\d+)<\/PartNumber><ETag>(.*?)<\/ETag><\/Part>/)
            for (index, match) in named.enumerated() {
                guard let number = Int(match.output.1), number == index + 1, let part = upload.parts[number],
                    tag(part) == match.output.2
                else { return S3ServerAnswer(400, error: "InvalidPart") }
                guard part.count >= 5 << 20 || index == named.count - 1 else {
                    return S3ServerAnswer(400, error: "EntityTooSmall")
                }
                bytes += part
            }
            guard !named.isEmpty else { return S3ServerAnswer(400, error: "MalformedXML") }
            state.objects[request.key] = bytes
            state.uploads[id] = nil
            return document("CompleteMultipartUploadResult", "<Key>\(request.key)</Key>")
        }
    }

    // MARK: Signatures

    /// Why a request is refused; nil when it is signed as it must be.
    private func refusal(_ request: Request, _ clockOffsetSeconds: Int) -> String? {
        let parts = (request.headers["authorization"] ?? "").split(separator: ",")
        guard parts.count == 3,
            let who = parts[0].wholeMatch(of: /AWS4-HMAC-SHA256 Credential=(.+)\/(\d{8})\/(.+)\/s3\/aws4_request/),
            let names = parts[1].wholeMatch(of: /SignedHeaders=(.+)/)?.output.1,
            let signature = parts[2].wholeMatch(of: /Signature=(\w{64})/)?.output.1
        else { return "AccessDenied" }
        let (_, access, day, region) = who.output
        guard access == accessKey else { return "InvalidAccessKeyId" }
        guard let stamp = request.headers["x-amz-date"], stamp.hasPrefix(day),
            let payload = request.headers["x-amz-content-sha256"]
        else { return "AccessDenied" }
        let format = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
        guard let time = try? Date(stamp, strategy: format) else { return "AccessDenied" }
        if abs(time.timeIntervalSinceNow - Double(clockOffsetSeconds)) > 900 { return "RequestTimeTooSkewed" }
        let signed = names.split(separator: ";").map(String.init)
        // Whatever of ours is not signed could be changed on the way.
        let ours = request.headers.keys.filter { $0.hasPrefix("x-amz-") || $0 == "host" || $0 == "range" }
        guard Set(ours).isSubset(of: signed), signed == signed.sorted() else { return "AccessDenied" }
        guard hex(SHA256.hash(data: request.body)) == payload else { return "XAmzContentSHA256Mismatch" }
        let query = request.query.split(separator: "&").map(String.init).sorted().joined(separator: "&")
        var canonical = "\(request.method)\n\(request.path)\n\(query)\n"
        for name in signed { canonical += "\(name):\(request.headers[name] ?? "")\n" }
        canonical += "\n\(names)\n\(payload)"
        let scope = "\(day)/\(region)/s3/aws4_request"
        let toSign = "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n\(hex(SHA256.hash(data: Data(canonical.utf8))))"
        func code(_ key: Data, _ text: String) -> Data {
            Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key)))
        }
        let dated = code(Data("AWS4\(secretKey)".utf8), String(day))
        let key = code(code(code(dated, String(region)), "s3"), "aws4_request")
        return hex(code(key, toSign)) == signature ? nil : "SignatureDoesNotMatch"
    }

    private func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
