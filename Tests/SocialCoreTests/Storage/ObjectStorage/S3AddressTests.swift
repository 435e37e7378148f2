// The addresses of object stores: what is read, what is refused, and that no secret gets in or out.

import TestKit
import Testing

@testable import SocialCore

@Suite("Addresses of object stores")
struct S3AddressTests {
    @Test(
        "an address says where requests go, and is written as it was read",
        arguments: [
            ("s3://media", "us-east-1", "https://media.s3.us-east-1.amazonaws.com", "/ab/c"),
            ("s3://media/a/b?region=eu-west-3", "eu-west-3", "https://media.s3.eu-west-3.amazonaws.com", "/a/b/ab/c"),
            ("s3://me.dia", "r", "https://s3.r.amazonaws.com", "/me.dia/ab/c"),
            ("s3://media?style=path", "r", "https://s3.r.amazonaws.com", "/media/ab/c"),
            ("s3://media?endpoint=https://s3.example:9000", "r", "https://s3.example:9000", "/media/ab/c"),
            ("s3://media/x?endpoint=http://[::1]:9000&style=path", "r", "http://[::1]:9000", "/media/x/ab/c"),
            ("s3://media?endpoint=https://s3.example&style=host", "r", "https://media.s3.example", "/ab/c"),
        ])
    func reading(text: String, region: String, server: String, path: String) throws {
        let address = try S3Address(text)
        #expect(address.text == text)
        #expect(try S3Address(address.text) == address)
        #expect(address.server(region: address.region ?? region).text == server)
        #expect(address.path(of: "\(address.keyPrefix)ab/c") == path)
    }

    @Test("what need not be written is left out, and coded endpoints are read")
    func canonical() throws {
        #expect(try S3Address("s3://media/").text == "s3://media")
        #expect(
            try S3Address("s3://media/a/?endpoint=https%3A%2F%2FS3.example%3a443/").text
                == "s3://media/a?endpoint=https://s3.example")
        let hash = ObjectHash(of: [1, 2, 3])
        #expect(try S3Address("s3://media").key(of: hash) == hash.path)
        #expect(try S3Address("s3://media/a/b").key(of: hash) == "a/b/\(hash.path)")
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", "media", "https://media", "s3://", "s3:///x", "s3://ab", "s3://Media", "s3://-media", "s3://a..b",
            "s3://media//x", "s3://media/x//y", "s3://media/../x", "s3://media/a b", "s3://media/é", "s3://media?",
            "s3://media?x=1", "s3://media?region", "s3://media?region=", "s3://media?region=EU",
            "s3://media?region=a&region=b", "s3://media?style=odd", "s3://media?endpoint=example",
            "s3://media?endpoint=ftp://example", "s3://media?endpoint=https://", "s3://media?endpoint=https://a:b",
            "s3://media?endpoint=https://a:70000", "s3://media?endpoint=https://a:+80",
            "s3://media?endpoint=https://a/b", "s3://media?endpoint=https://[x]", "s3://media?endpoint=%zz",
            "s3://media?endpoint=https://a%0d%0ab",
        ])
    func refusals(text: String) {
        let error = storageError { _ = try S3Address(text) }
        #expect(error?.code == .badObjectStore && error?.hint != nil)
    }

    @Test(
        "secrets are refused and not repeated",
        arguments: [
            "s3://AKIA:hunter2@media/x", "s3://media?endpoint=https://AKIA:hunter2@s3.example",
            "s3://media?secret_access_key=hunter2", "s3://media?Access-Key=AKIA&x=hunter2",
            "s3://media?token=hunter2", "s3://media?X-Amz-Credential=hunter2", "s3://media?password=hunter2",
        ])
    func secrets(text: String) {
        let error = storageError { _ = try S3Address(text) }
        #expect(error?.code == .badObjectStore && error?.message.contains("credentials") == true)
        #expect(error.map { "\($0.message) \($0.hint ?? "")".contains("hunter2") } == false)
    }
}

@Suite("Credentials for object stores")
struct S3CredentialsTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func find(_ variables: [String: String]) throws -> S3Credentials {
        try S3Credentials.find { variables[$0] }
    }

    @Test("the environment comes before the files, and a file is read as others read it")
    func order() throws {
        try FileSystem().makeDirectory("\(folder.path)/.aws")
        let text = """
            # ours
            [default]
            aws_access_key_id = FILE
            aws_secret_access_key=  with=sign
              [ work ]
            AWS_Access_Key_ID=WORK
            aws_secret_access_key = s
            aws_session_token = t
            ; the end
            [empty]
            aws_access_key_id =
            """
        try TemporaryDirectory.write(Array(text.utf8), to: "\(folder.path)/.aws/credentials")
        let home = ["HOME": folder.path]
        #expect(try find(home) == S3Credentials(accessKey: "FILE", secretKey: "with=sign", sessionToken: nil))
        #expect(
            try find(home.merging(["AWS_PROFILE": "work"]) { $1 })
                == S3Credentials(accessKey: "WORK", secretKey: "s", sessionToken: "t"))
        let both = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "e", "AWS_SESSION_TOKEN": ""]
        #expect(
            try find(home.merging(both) { $1 })
                == S3Credentials(accessKey: "ENV", secretKey: "e", sessionToken: nil))
        let named = ["AWS_SHARED_CREDENTIALS_FILE": "\(folder.path)/.aws/credentials"]
        #expect(try find(named).accessKey == "FILE")
        for bad in [
            [:], ["HOME": "/nowhere"], home.merging(["AWS_PROFILE": "empty"]) { $1 },
            home.merging(["AWS_PROFILE": "other"]) { $1 }, ["AWS_ACCESS_KEY_ID": "x"], ["AWS_SECRET_ACCESS_KEY": "x"],
            ["AWS_ACCESS_KEY_ID": "x\r\ny", "AWS_SECRET_ACCESS_KEY": "x"],
        ] { #expect(storageError { _ = try find(bad) }?.code == .noCredentials) }
    }

    @Test("credentials say nothing secret of themselves, and errors about them neither")
    func silence() throws {
        let credentials = S3Credentials(accessKey: "AKIA", secretKey: "hunter2", sessionToken: "hunter3")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped] { #expect(!text.contains("hunter")) }
        let error = storageError {
            _ = try find(["AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "hunter 2"])
        }
        #expect(error?.code == .noCredentials && error?.message.contains("hunter") == false)
    }
}
