// Objects in a bucket: looked at, read, put and removed, one request each.

internal import Formats

/// What a store says about an object without giving it.
struct S3ObjectHead: Equatable, Sendable {
    var sizeBytes: Int
    /// The SHA-256 that the store keeps beside the object; nil when it keeps none.
    var sha256: [UInt8]?
}

extension S3Client {
    /// What there is under a key; nil for nothing.
    func head(_ key: String) throws(StorageError) -> S3ObjectHead? {
        let answer = try send(
            S3Request(
                method: .head, key: key, headers: [("x-amz-checksum-mode", "ENABLED")], alsoAccepted: [404]))
        if answer.status == 404 { return nil }
        guard let size = answer.header("content-length").flatMap({ Int($0) }), size >= 0 else {
            throw strange("does not say how large \"\(address.place(of: key))\" is")
        }
        // The sum of an object of several parts is one of their sums, which says nothing here.
        let sum = answer.header("x-amz-checksum-sha256").flatMap { $0.contains("-") ? nil : Base64.decode($0) }
        return S3ObjectHead(sizeBytes: size, sha256: sum)
    }

    /// A part of what there is under a key, unproved; nil for nothing.
    ///
    /// - Throws: `objectStoreFailed` when the answer is not as long as it should be.
    func get(_ key: String, _ range: Range<Int>) throws(StorageError) -> [UInt8]? {
        var request = S3Request(method: .get, key: key, alsoAccepted: [404, 416])
        request.limitBytes = max(range.count, 1 << 16)
        // Nobody can ask for no bytes.
        if !range.isEmpty { request.headers = [("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")] }
        let answer = try send(request)
        switch answer.status {
        case 404: return nil
        case 206:
            let extent = answer.header("content-range").map { $0.prefix { $0 != "/" } }
            guard extent == "bytes \(range.lowerBound)-\(range.upperBound - 1)", answer.body.count == range.count else {
                return []
            }
            return answer.body
        // What is not as long as it should be is not the object; whoever has asked finds that out by its sum.
        case 416: return []
        default: return range.lowerBound == 0 ? answer.body : []
        }
    }

    /// Puts bytes under a key.
    ///
    /// - Parameter hash: their SHA-256, which the store checks.
    /// - Returns: whether the store keeps what was there before as a former version.
    @discardableResult
    func put(_ key: String, _ bytes: [UInt8], hash: ObjectHash) throws(StorageError) -> Bool {
        let answer = try send(
            S3Request(
                method: .put, key: key,
                headers: [
                    ("Content-Type", "application/octet-stream"), ("x-amz-checksum-sha256", Base64.encode(hash.bytes)),
                ], body: bytes, bodyHash: hash.description))
        return answer.header("x-amz-version-id").map { $0 != "null" } ?? false
    }

    /// Removes what there is under a key, if there is anything.
    func delete(_ key: String) throws(StorageError) {
        _ = try send(S3Request(method: .delete, key: key, alsoAccepted: [404]))
    }

    // MARK: Lists

    /// A page of the keys that begin with a text, in the order of their bytes, and what to ask the next one by.
    func list(
        _ prefix: String, after token: String?, limit: Int = 1_000
    ) throws(StorageError) -> (keys: [(key: String, sizeBytes: Int)], next: String?) {
        var query = [("list-type", "2"), ("max-keys", "\(limit)"), ("prefix", prefix)]
        if let token { query.append(("continuation-token", token)) }
        let root = try document(S3Request(method: .get, query: query), "ListBucketResult")
        var keys: [(key: String, sizeBytes: Int)] = []
        for entry in root.all("Contents") {
            guard let key = entry["Key"], let size = entry["Size"].flatMap({ Int($0) }), key.hasPrefix(prefix) else {
                throw strange("names an object without key or size")
            }
            keys.append((key, size))
        }
        let next = root["IsTruncated"] == "true" ? root["NextContinuationToken"] : nil
        if root["IsTruncated"] == "true", next == nil || next == token { throw strange("does not end its list") }
        return (keys, next)
    }

    /// The document in an answer.
    func document(_ request: S3Request, _ name: String) throws(StorageError) -> XMLTree {
        var request = request
        request.limitBytes = FormatLimits.xmlBytes
        let answer = try send(request)
        guard let root = try? XMLReader.parse(answer.body), root.name == name else {
            throw strange("answers \(request.method.rawValue) without \"\(name)\"")
        }
        return root
    }

    /// The error of an answer that no object store gives.
    func strange(_ what: String) -> StorageError {
        StorageError(
            .objectStoreFailed, "the object store of \"\(address.text)\" \(what)",
            hint: "see whether the endpoint is that of an S3-compatible object store")
    }
}
