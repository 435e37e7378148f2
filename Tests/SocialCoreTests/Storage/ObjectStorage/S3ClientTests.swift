// What a client asks a server and makes of its answers, the bad ones above all.

import Synchronization
import TestKit
import Testing

@testable import SocialCore

@Suite("Clients of object stores")
struct S3ClientTests {
    private let server: S3Server
    private let client: S3Client
    private let chance = Chance("object store")

    init() throws {
        let server = try S3Server()
        self.server = server
        let variables = server.environment
        client = try S3Client(S3Address(server.address()), .brief) { variables[$0] }
    }

    private func put(_ key: String, _ bytes: [UInt8]) throws {
        try client.put(key, bytes, hash: ObjectHash(of: bytes))
    }

    @Test("objects are put, looked at, read in parts, listed and removed, and all requests are signed")
    func objects() throws {
        let bytes = chance.bytes(70_000)
        for key in ["net/a", "net/b c+d", "net/é", "other"] { try put(key, bytes) }
        #expect(Set(server.objects.keys) == ["net/a", "net/b c+d", "net/é", "other"])
        #expect(try client.head("net/b c+d") == S3ObjectHead(sizeBytes: 70_000, sha256: nil))
        #expect(try client.head("net/x") == nil)
        #expect(try client.get("net/a", 0..<70_000) == bytes)
        #expect(try client.get("net/a", 5..<9) == Array(bytes[5..<9]))
        #expect(try client.get("net/a", 70_000..<70_001) == [])
        #expect(try client.get("net/x", 0..<1) == nil)
        try put("net/empty", [])
        #expect(try client.get("net/empty", 0..<0) == [])
        try client.delete("net/a")
        try client.delete("net/a")
        #expect(server.objects["net/a"] == nil)
        #expect(server.signatureFaults == [])
    }

    @Test("a list comes page by page, in order")
    func lists() throws {
        let keys = (0..<10).map { "net/\($0)&<\($0)" }
        server.objects = Dictionary(uniqueKeysWithValues: keys.map { ($0, [1, 2]) } + [("x", [])])
        var found: [String] = []
        var next: String?
        var pages = 0
        repeat {
            let page = try client.list("net/", after: next)
            found += page.keys.map(\.key)
            #expect(page.keys.allSatisfy { $0.sizeBytes == 2 })
            next = page.next
            pages += 1
        } while next != nil
        #expect(found == keys && pages == 4)
    }

    @Test("large objects go up in parts, and one that fails leaves none")
    func parts() throws {
        let bytes = chance.bytes((18 << 20) + 5)
        try client.putParts("net/film", sizeBytes: bytes.count) { Array(bytes[$0]) }
        #expect(server.objects["net/film"] == bytes && server.uploads == 0)
        #expect(server.takeRequests().count == 5)
        struct Failure: Error {}
        #expect(throws: Failure.self) {
            try client.putParts("net/other", sizeBytes: bytes.count) { range in
                if range.lowerBound > 0 { throw Failure() }
                return Array(bytes[range])
            }
        }
        #expect(server.uploads == 0 && server.objects["net/other"] == nil)
        // A success that turns out to be none, and then is one.
        server.fail { request, _ in
            request.method == "POST" && request.value("uploadId") != nil && !request.body.isEmpty
                ? .body("<Error><Code>InternalError</Code></Error>") : nil
        }
        #expect(throws: StorageError.self) {
            try client.putParts("net/third", sizeBytes: 17 << 20) { Array(bytes[$0]) }
        }
        #expect(server.uploads == 0)
        #expect(server.signatureFaults == [])
    }

    @Test("uploads that were broken off are found and aborted")
    func leftovers() throws {
        server.leaveUpload(of: "net/a b")
        server.leaveUpload(of: "x")
        let uploads = try client.uploads("net/")
        #expect(uploads.map(\.key) == ["net/a b"])
        for upload in uploads { try client.abort(upload) }
        #expect(try client.uploads("net/") == [] && server.uploads == 1)
    }

    @Test(
        "what may pass is tried again, and not for ever",
        arguments: [
            S3Server.Fault.status(500, code: "InternalError"), .status(503, code: "SlowDown"), .status(502, code: "x"),
            .status(504, code: "y"), .status(429, code: "TooManyRequests"), .status(400, code: "RequestTimeout"), .cut,
            .late(1_000),
        ])
    func retries(fault: S3Server.Fault) throws {
        let bytes = chance.bytes(1_000)
        server.fail { _, number in number < 2 ? fault : nil }
        try put("net/a", bytes)
        #expect(server.takeRequests().count == 3 && server.objects["net/a"] == bytes)
        server.fail { _, _ in fault }
        let error = storageError { _ = try client.get("net/a", 0..<1_000) }
        #expect(error?.code == .objectStoreUnreachable)
        #expect(error?.message.contains("4 attempts") == true, "\(error?.message ?? "")")
        #expect(server.takeRequests().count == 4)
    }

    @Test("a store that is away is not waited for by everybody, and is there again when it answers")
    func away() throws {
        var patience = S3Patience.brief
        patience.awayMilliseconds = 60_000
        let variables = server.environment
        let client = try S3Client(client.address, patience) { variables[$0] }
        server.fail { _, number in number < 5 ? .cut : nil }
        for attempts in [4, 1] {
            #expect(storageError { _ = try client.head("net/a") }?.message.contains("(\(attempts) attempt") == true)
        }
        #expect(try client.head("net/a") == nil)
        #expect(server.takeRequests().count == 6)
    }

    @Test("a body that breaks off is fetched again")
    func cutBodies() throws {
        let bytes = chance.bytes(100_000)
        server.objects["net/a"] = bytes
        server.fail { _, number in number == 0 ? .cutBody : nil }
        #expect(try client.get("net/a", 0..<100_000) == bytes)
        #expect(server.takeRequests().count == 2)
    }

    @Test("a server that nobody runs is unreachable")
    func nobody() throws {
        let server = try S3Server()
        let (address, variables) = (server.address(), server.environment)
        let client = try S3Client(S3Address("s3://media?endpoint=http://127.0.0.1:1"), .brief) { variables[$0] }
        #expect(storageError { _ = try client.head("x") }?.code == .objectStoreUnreachable)
        // Somebody who speaks no TLS.
        let secure = try S3Client(
            S3Address(address.replacing("http:", with: "https:")), .brief
        ) { variables[$0] }
        let error = storageError { _ = try secure.head("x") }
        #expect([.objectStoreUnreachable, .objectStoreFailed].contains(error?.code))
    }

    @Test(
        "what is not better the next time is said at once, with what to look at",
        arguments: [
            (403, "AccessDenied", StorageError.Code.objectStoreRefused, "rights"),
            (403, "SignatureDoesNotMatch", .objectStoreRefused, "secret key"),
            (403, "InvalidAccessKeyId", .objectStoreRefused, "access key"),
            (403, "RequestTimeTooSkewed", .objectStoreRefused, "clock"),
            (403, "ExpiredToken", .objectStoreRefused, "new credentials"),
            (400, "InvalidRequest", .objectStoreFailed, "endpoint"),
            (400, "AuthorizationHeaderMalformed", .objectStoreFailed, "region"),
            (301, "PermanentRedirect", .objectStoreFailed, "region"),
            (404, "NoSuchBucket", .noSuchBucket, "bucket"), (501, "NotImplemented", .objectStoreFailed, "endpoint"),
        ])
    func refusals(status: Int, name: String, code: StorageError.Code, word: String) {
        server.fail { _, _ in .status(status, code: name) }
        let error = storageError { _ = try client.get("net/a", 0..<10) }
        #expect(error?.code == code)
        #expect(error.map { "\($0.message) \($0.hint ?? "")" }?.contains(word) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains(server.secretKey) == false)
        #expect(server.takeRequests().count == 1)
    }

    @Test("a server whose clock differs says so, and another key is refused")
    func skew() throws {
        server.advanceClock(bySeconds: 3_600)
        let error = storageError { _ = try client.list("", after: nil) }
        #expect(error?.code == .objectStoreRefused && error?.message.contains("clock") == true)
        server.advanceClock(bySeconds: 0)
        var variables = server.environment
        variables["AWS_SECRET_ACCESS_KEY"] = "other"
        let stranger = try S3Client(client.address, .brief) { [variables] in variables[$0] }
        #expect(storageError { try stranger.delete("net/a") }?.code == .objectStoreRefused)
        #expect(
            server.signatureFaults.map { $0.prefix { $0 != " " } } == ["RequestTimeTooSkewed", "SignatureDoesNotMatch"])
    }

    @Test("credentials that have ended are looked up again")
    func renewal() throws {
        let server = server
        let box = VariableBox(["AWS_ACCESS_KEY_ID": "OLD", "AWS_SECRET_ACCESS_KEY": "x", "AWS_SESSION_TOKEN": "t"])
        let client = try S3Client(client.address, .brief) { box.variables.withLock(\.self)[$0] }
        server.fail { request, _ in
            request.headers["x-amz-security-token"] == "t" ? .status(400, code: "ExpiredToken") : nil
        }
        #expect(storageError { _ = try client.head("net/a") }?.code != nil)
        box.variables.withLock { $0 = server.environment }
        #expect(try client.head("net/a") == nil)
    }

    @Test("answers that no object store gives are errors, and large ones are not taken in")
    func nonsense() {
        for text in [
            "", "<html>", "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
            "<ListBucketResult><Contents><Key>net/a</Key></Contents></ListBucketResult>",
            "<ListBucketResult><Contents><Key>elsewhere</Key><Size>1</Size></Contents></ListBucketResult>",
            "<!DOCTYPE x [<!ENTITY a \"b\">]><ListBucketResult>&a;</ListBucketResult>",
        ] {
            server.fail { _, _ in .body(text) }
            #expect(storageError { _ = try client.list("net/", after: nil) }?.code == .objectStoreFailed)
        }
        server.fail { _, _ in .body(String(repeating: "x", count: 2 << 20)) }
        #expect(storageError { _ = try client.get("net/a", 0..<10) }?.code == .objectStoreFailed)
    }
}

/// Variables that change.
private final class VariableBox: Sendable {
    let variables: Mutex<[String: String]>

    init(_ variables: [String: String]) { self.variables = Mutex(variables) }
}
