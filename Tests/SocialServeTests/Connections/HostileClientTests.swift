// Clients that try to be somebody else's: hidden requests, hosts and origins of others, names that are lines or paths.

import Formats
import Foundation
import SocialCLI
import SocialCore
import TestKit
import Testing

@Suite("Hostile clients")
struct HostileClientTests {
    @Test("what stands behind a request of doubtful length is never taken for another one")
    func smuggling() throws {
        let served = try ServedWorld()
        let hidden = "GET /v1/users/ana HTTP/1.1\r\nHost: test\r\n\r\n"
        let doubtful = [
            "Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 4",
            "Content-Length: 0\r\nContent-Length: \(hidden.utf8.count)", "Content-Length: +0", "Content-Length: 0x0",
            "Content-Length: 0, \(hidden.utf8.count)", "Content-Length : 0", "Content-Length:\u{B}0",
            "Transfer-Encoding: chunked, identity", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked\r\n x",
            "Transfer-Encoding : chunked", "Transfer-Encoding:\u{B}chunked", "Content-Length: -1", "Content-Length: ",
            "Transfer-Encoding: identity", "X: y\r\n Content-Length: 0",
        ]
        for field in doubtful {
            let wire = try served.wire(waitSeconds: 2)
            try wire.send("POST /v1/session HTTP/1.1\r\nHost: test\r\n\(field)\r\n\r\n0\r\n\r\n\(hidden)")
            var answers: [Wire.Response] = []
            while let answer = try? wire.response() { answers.append(answer) }
            #expect(!answers.contains { $0.text.contains("\"handle\"") }, "\(field): \(answers.map(\.status))")
            #expect(answers.allSatisfy { $0.status >= 400 }, "\(field): \(answers.map(\.status))")
        }
        #expect(try served.get("/health").status == 200)
    }

    @Test("the host that a client names is in no answer, and what depends on who asks is kept by nobody else")
    func hosts() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let put = served.world.run([
            "upload", "put", Repository.path("fixtures/pictures/cat.png"), "--by", "ana", "--json",
        ])
        let id = try #require(try JSONReader.parse(put.output).array?.first?["id"]?.string)
        let fields = ["X-Forwarded-Host: evil.example", "Forwarded: host=evil.example", "X-Original-URL: /v1/me"]
        for path in ["/", "/v1/feed", "/v1/users/ana", "/media/\(id)", "/nothing", "/v1/me", "/metrics"] {
            let wire = try served.wire()
            let more = fields.map { "\($0)\r\n" }.joined()
            try wire.send(
                "GET \(path) HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer \(token)\r\n\(more)\r\n")
            let answer = try wire.response()
            let all = answer.fields.map { "\($0.name): \($0.value)\n" }.joined() + answer.text
            #expect(!all.contains("evil.example") && !all.contains(token), "\(path)")
            #expect(answer["x-content-type-options"] == "nosniff", "\(path)")
            let caching = answer["cache-control"] ?? "none"
            if ["/v1/feed", "/v1/me"].contains(path) {
                #expect(caching == "private, no-cache", "\(path): \(caching)")
                #expect(answer["vary"]?.contains("Authorization, Cookie") == true, "\(path)")
            }
            if answer.status >= 400 { #expect(!caching.contains("public"), "\(path): \(caching)") }
            #expect(answer["access-control-allow-origin"] == nil, "\(path)")
        }
    }

    @Test("a page of another server can neither listen nor write, with a cookie or without", arguments: [true, false])
    func origins(_ hasCookie: Bool) throws {
        let served = try ServedWorld()
        let cookie = hasCookie ? ["Cookie: social_token=\(try served.token("ana"))"] : []
        for origin in ["http://evil", "null", "http://test.evil", "http://test:81", "https://evil/test", "test", ""] {
            let fields = cookie + ["Origin: \(origin)"]
            #expect(try LiveWire(served, fields: fields).handshake.status == 403, "\(origin)")
            for (method, path) in [
                ("POST", "/v1/posts"), ("POST", "/v1/poll"), ("POST", "/v1/session"), ("DELETE", "/v1/session"),
                ("POST", "/v1/uploads?name=a.png"),
            ] {
                let answer = try served.ask(method, path, fields: fields, body: "{}")
                #expect(answer.status == 403 && answer.code == "foreign_origin", "\(origin) \(path): \(answer.text)")
            }
        }
    }

    @Test("a name can be neither a line of a head nor a path, and a drawing runs nothing")
    func names() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"
        for name in ["a%22%0D%0ASet-Cookie:%20x=y%0D%0A.svg", "%E2%80%AEgvs.exe.svg", "a%5C..%5Cb.svg", "%3Cb%3E.html"]
        {
            let put = try served.ask("POST", "/v1/uploads?name=\(name)&any", token: token, body: drawing)
            let object = try #require(put.json.array?.first?["object"]?.string, "\(name): \(put.text)")
            let answer = try served.get("/objects/\(object)")
            #expect(answer["set-cookie"] == nil && answer["x-content-type-options"] == "nosniff")
            #expect(answer["content-security-policy"] == "sandbox; default-src 'none'")
            let disposition = try #require(answer["content-disposition"], "\(name)")
            #expect(disposition.wholeMatch(of: /attachment; filename="[ -~&&[^"\\\/]]*"/) != nil, "\(disposition)")
        }
        for name in ["..", ".", "%2E%2E%2F..%2Fb.png", "a%2Fb.png", "a%00.png", String(repeating: "a", count: 300)] {
            let put = try served.ask("POST", "/v1/uploads?name=\(name)&any", token: token, body: drawing)
            #expect(put.status == 400, "\(name): \(put.text)")
        }
    }

    @Test("no path of the server leads to a file that is not meant")
    func paths() throws {
        let served = try ServedWorld()
        let up = ["..", "%2e%2e", "%2E%2e%2f..", "....//..", "..%5c..", "%c0%ae%c0%ae", "..;", ".%00."]
        for folder in ["", "objects/", "thumbnails/", "video/1/", "media/", "v1/users/", "v1/uploads/"] {
            for step in up {
                for file in ["social.json", "etc/passwd", "shards/0000/truth.sqlite"] {
                    let answer = try served.get("/\(folder)\(step)/\(step)/\(file)")
                    #expect([400, 404].contains(answer.status), "\(folder)\(step): \(answer.status)")
                    #expect(!answer.text.contains("root:") && !answer.text.contains("\"slots\""))
                }
            }
        }
        for path in ["//etc/passwd", "/objects//etc/passwd", "/social.json", "/.social/social.json", "/shards/0000"] {
            #expect([400, 404].contains(try served.get(path).status), "\(path)")
        }
    }

    @Test("a token is in no error, no count and no line that the server prints")
    func tokens() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let wrong = String(token.dropLast(4)) + "AAAA"
        for fields in [
            ["Authorization: Bearer \(wrong)"], ["Authorization: Basic \(token)"], ["Cookie: social_token=\(wrong)"],
        ] {
            let answer = try served.get("/v1/feed", fields: fields)
            #expect(answer.status == 401 && !answer.text.contains(token.prefix(12)), "\(answer.text)")
        }
        #expect(
            try !served.ask("POST", "/v1/session", body: "{\"token\":\"\(wrong)\"}").text.contains(wrong.prefix(12)))
        #expect(try served.get("/v1/feed?token=\(token)").status >= 400, "an address is in logs and histories")
        #expect(try !served.get("/metrics").text.contains(token.prefix(12)))
        served.stop()
        let data = served.world.path(".social")
        let found = try Shell.run("grep -rlaF -e \"$TOKEN\" '\(data)' || true", in: data, environment: ["TOKEN": token])
        #expect(found.output.isEmpty, "\(found.output)")
    }
}
