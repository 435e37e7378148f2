// Signatures against those that AWS has published for known keys and times.

import Testing

@testable import SocialCore

@Suite("Signatures of requests to object stores")
struct S3SignatureTests {
    private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    private static let host = "examplebucket.s3.amazonaws.com"
    private static let signature = S3Signature(
        credentials: S3Credentials(
            accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        region: "us-east-1", time: Timestamp(milliseconds: 1_369_353_600_000))

    @Test("an object is read, as in the reference of the S3 API")
    func get() {
        let text = Self.signature.authorization(
            "GET", path: "/test.txt", query: [],
            headers: [
                ("Host", Self.host), ("Range", "bytes=0-9"), ("x-amz-content-sha256", Self.empty),
                ("x-amz-date", "20130524T000000Z"),
            ], payloadHash: Self.empty)
        #expect(
            text == "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                + "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
                + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test("an object is put, as in the reference of the S3 API")
    func put() {
        let body = S3Signature.payloadHash(Array("Welcome to Amazon S3.".utf8))
        #expect(body == "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
        let text = Self.signature.authorization(
            "PUT", path: "/\(URLCoding.encode("test$file.text"))", query: [],
            headers: [
                ("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("Host", Self.host), ("x-amz-content-sha256", body),
                ("x-amz-date", "20130524T000000Z"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ], payloadHash: body)
        #expect(text.hasSuffix("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"))
    }

    @Test("lists and parameters without values are asked for, as in the reference of the S3 API")
    func queries() {
        func signature(_ query: [(name: String, value: String)]) -> String {
            String(
                Self.signature.authorization(
                    "GET", path: "/", query: query,
                    headers: [
                        ("Host", Self.host), ("x-amz-content-sha256", Self.empty), ("x-amz-date", "20130524T000000Z"),
                    ], payloadHash: Self.empty
                ).suffix(64))
        }
        #expect(
            signature([("prefix", "J"), ("max-keys", "2")])
                == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
        #expect(
            signature([("lifecycle", "")]) == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    }

    @Test("a request to any service is signed, as in AWS's suite of tests")
    func vanilla() {
        var signature = S3Signature(
            credentials: S3Credentials(
                accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1", time: Timestamp(milliseconds: 1_440_938_160_000))
        signature.service = "service"
        #expect(signature.stamp == "20150830T123600Z")
        let text = signature.authorization(
            "GET", path: "/", query: [],
            headers: [("Host", "example.amazonaws.com"), ("X-Amz-Date", "20150830T123600Z")], payloadHash: Self.empty)
        #expect(text.hasSuffix("Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"))
    }

    @Test("queries are coded and in the order of their codes")
    func coding() {
        #expect(
            S3Signature.queryText([("b", "/ +"), ("a", "é"), ("a", "A"), ("uploads", "")])
                == "a=%C3%A9&a=A&b=%2F%20%2B&uploads=")
        #expect(URLCoding.encode("a/b c~-_.", keepsSlashes: true) == "a/b%20c~-_.")
    }
}
