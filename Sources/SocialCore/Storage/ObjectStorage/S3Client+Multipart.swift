// Large objects go up in parts, several at once, and come into being when the store has all of them. Parts of an upload
// that was broken off lie in the store, unseen and at somebody's cost, until it is aborted.

internal import Formats

/// An upload in parts that has begun.
struct S3Upload: Equatable, Sendable {
    var key: String
    var id: String
}

extension S3Client {
    /// What is larger goes up in parts.
    static let singleBytes = 16 << 20
    /// The bytes of a part, but for the last; no object has more than 10,000 of them.
    static let partBytes = 8 << 20
    /// Parts at once.
    static let partWidth = 4

    /// Puts an object under a key, part by part.
    ///
    /// - Parameter part: gives the bytes of a range, on any thread.
    func putParts(
        _ key: String, sizeBytes: Int, _ part: @escaping @Sendable (Range<Int>) throws -> [UInt8]
    ) throws {
        let root = try document(
            S3Request(
                method: .post, key: key, query: [("uploads", "")],
                headers: [("Content-Type", "application/octet-stream")]), "InitiateMultipartUploadResult")
        guard let id = root["UploadId"], !id.isEmpty else { throw strange("begins an upload without a name") }
        let upload = S3Upload(key: key, id: id)
        do {
            let starts = Array(stride(from: 0, to: sizeBytes, by: Self.partBytes))
            let tags = try Parallel.gather(starts.count, atOnce: Self.partWidth) { number in
                let bytes = try part(starts[number]..<min(starts[number] + Self.partBytes, sizeBytes))
                return try self.put(number + 1, of: upload, bytes)
            }
            try complete(upload, tags)
        } catch {
            // What cannot be aborted now is aborted with other leftovers.
            try? abort(upload)
            throw error
        }
    }

    private func put(_ number: Int, of upload: S3Upload, _ bytes: [UInt8]) throws(StorageError) -> String {
        let answer = try send(
            S3Request(
                method: .put, key: upload.key, query: [("partNumber", "\(number)"), ("uploadId", upload.id)],
                body: bytes))
        guard let tag = answer.header("etag"), !tag.isEmpty else { throw strange("gives a part no tag") }
        return tag
    }

    private func complete(_ upload: S3Upload, _ tags: [String]) throws(StorageError) {
        let parts = tags.enumerated().map { number, tag in
            XMLTree("Part", "", [XMLTree("PartNumber", "\(number + 1)"), XMLTree("ETag", tag)])
        }
        let request = S3Request(
            method: .post, key: upload.key, query: [("uploadId", upload.id)],
            headers: [("Content-Type", "application/xml")],
            body: XMLTree("CompleteMultipartUpload", "", parts).encoded, alsoAccepted: [404])
        for attempt in 1...patience.attempts {
            let answer = try send(request)
            // A store that takes long begins its answer before it knows how that will end.
            let root = try? XMLReader.parse(answer.body)
            if answer.status != 404, root?.name.hasPrefix("CompleteMultipartUpload") == true { return }
            // An attempt whose answer was lost has ended the upload; whoever has put looks at the object next.
            if answer.status == 404 { return }
            let failure = S3Failure(answer)
            guard failure.mayPass, attempt < patience.attempts else {
                throw strange("does not put parts together: \(failure.summary)")
            }
        }
    }

    /// Forgets an upload and its parts.
    func abort(_ upload: S3Upload) throws(StorageError) {
        _ = try send(
            S3Request(method: .delete, key: upload.key, query: [("uploadId", upload.id)], alsoAccepted: [404]))
    }

    /// The uploads that have begun under keys that begin with a text, at most a page of them.
    func uploads(_ prefix: String) throws(StorageError) -> [S3Upload] {
        let request = S3Request(method: .get, query: [("max-uploads", "1000"), ("prefix", prefix), ("uploads", "")])
        return try document(request, "ListMultipartUploadsResult").all("Upload").compactMap { entry in
            guard let key = entry["Key"], key.hasPrefix(prefix), let id = entry["UploadId"] else { return nil }
            return S3Upload(key: key, id: id)
        }
    }
}
