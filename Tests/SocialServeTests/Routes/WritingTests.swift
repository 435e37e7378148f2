// What is changed over HTTP is durable when it is answered, and is what the commands would have done.

import Formats
import Foundation
import SocialCLI
import SocialCore
import TestKit
import Testing

@testable import SocialServe

@Suite("Writing over HTTP")
struct WritingTests {
    @Test("posts are written, changed, liked, passed on and deleted by whoever has a token")
    func posts() throws {
        let served = try ServedWorld()
        let (ana, bob) = (try served.token("ana"), try served.token("bob"))
        let text = "-- not an option\nand a last line\n"
        var json = JSONWriter()
        json.value(["text": .string(text)])
        let body = String(decoding: json.bytes, as: UTF8.self)
        let made = try served.ask("POST", "/v1/posts", token: ana, body: body)
        #expect(made.status == 201, "\(made.text)")
        #expect(made.json["text"]?.string == text)
        #expect(made.json["author"] == "ana")
        let id = try #require(made.json["id"]?.string)
        #expect(served.newest() == id)
        // What the server says is what any other process finds.
        #expect(served.command("post", "show", id).contains("and a last line"))
        #expect(try served.ask("PUT", "/v1/posts/\(id)/like", token: bob).json["likes"] == 1)
        #expect(try served.ask("DELETE", "/v1/posts/\(id)/like", token: bob).json["likes"] == 0)
        let repost = try served.ask("POST", "/v1/posts/\(id)/repost", token: bob)
        #expect(repost.status == 201 && repost.json["repost_of"]?.string == id)
        let answer = try served.ask("POST", "/v1/posts", token: bob, body: "{\"text\":\"yes\",\"reply_to\":\"\(id)\"}")
        #expect(answer.json["reply_to"]?.string == id)
        #expect(try served.ask("PATCH", "/v1/posts/\(id)", token: bob, body: "{\"text\":\"mine\"}").status == 403)
        #expect(
            try served.ask("PATCH", "/v1/posts/\(id)", token: ana, body: "{\"text\":\"new\"}").json["text"] == "new")
        #expect(try served.ask("DELETE", "/v1/posts/\(id)", token: bob).status == 403)
        #expect(try served.ask("DELETE", "/v1/posts/\(id)", token: ana).status == 200)
        #expect(try served.get("/v1/posts/\(id)").status == 404)
    }

    @Test("a change without a token, or with bad words, changes nothing")
    func refusals() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let before = served.command("post", "list")
        let cases: [(body: String, token: String?, status: Int)] = [
            ("{\"text\":\"x\"}", nil, 401), ("{\"text\":\"x\"}", "abc", 401), ("{", token, 400), ("[]", token, 400),
            ("{\"text\":1}", token, 400), ("{\"words\":\"x\"}", token, 400), ("{}", token, 400),
            ("{\"text\":\"x\",\"reply_to\":\"--help\"}", token, 400),
            ("{\"text\":\"x\",\"media\":[\"/etc/passwd\"]}", token, 400),
            ("{\"text\":\"x\",\"expires\":\"soon\"}", token, 400), ("{\"text\":\"x\",\"reply_to\":\"1\"}", token, 404),
        ]
        for one in cases {
            let answer = try served.ask("POST", "/v1/posts", token: one.token, body: one.body)
            #expect(answer.status == one.status, "\(one.body): \(answer.text)")
        }
        #expect(served.command("post", "list") == before)
    }

    @Test("the same idempotency key makes one post, and another use of it is refused")
    func keys() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        func post(_ text: String) throws -> Wire.Response {
            let wire = try served.wire()
            let body = Array("{\"text\":\"\(text)\"}".utf8)
            try wire.send("POST", "/v1/posts", token: token, fields: ["Idempotency-Key: k1"], body: body)
            return try wire.response()
        }
        let first = try post("once")
        #expect(first.json["changed"] == true)
        #expect(try post("once").json["id"] == first.json["id"])
        #expect(try post("once").json["changed"] == false)
        #expect(try post("other").status == 409)
    }

    @Test("follows, mutes and profiles change for whoever asks, and for nobody else")
    func people() throws {
        let served = try ServedWorld()
        served.world.run("user create cleo")
        let token = try served.token("cleo")
        #expect(try served.ask("PUT", "/v1/users/ana/follow", token: token).json["changed"] == true)
        #expect(served.world.run("follow check cleo ana").status == 0)
        #expect(try served.ask("PUT", "/v1/users/ana/mute", token: token).status == 200)
        #expect(try served.ask("DELETE", "/v1/users/ana/mute", token: token).json["changed"] == true)
        #expect(try served.ask("PUT", "/v1/users/bob/block", token: token).status == 200)
        #expect(try served.ask("DELETE", "/v1/users/ana/follow", token: token).json["changed"] == true)
        let body = "{\"name\":\"Cleo\",\"bio\":\"--clear\"}"
        #expect(try served.ask("PATCH", "/v1/users/cleo", token: token, body: body).json["bio"] == "--clear")
        #expect(try served.ask("PATCH", "/v1/users/cleo", token: token, body: "{\"bio\":null}").json["bio"] == .null)
        #expect(try served.ask("PATCH", "/v1/users/ana", token: token, body: body).status == 403)
        #expect(try served.get("/v1/me", token: token).json["name"] == "Cleo")
    }

    @Test("many writers share commits, and each is answered with what is stored")
    func groups() async throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let port = served.server.address.port
        try await withThrowingTaskGroup(of: Int.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let wire = try Wire(port: port)
                    var made = 0
                    for number in 0..<25 {
                        let body = Array("{\"text\":\"\(writer) \(number)\"}".utf8)
                        try wire.send("POST", "/v1/posts", token: token, body: body)
                        if try wire.response().status == 201 { made += 1 }
                    }
                    return made
                }
            }
            for try await made in group { #expect(made == 25) }
        }
        let listed = try JSONReader.parse(Array(served.command("post", "list", "--by", "ana").utf8))
        #expect(listed.array?.count == 101)
        #expect(served.world.run("verify").status == 0)
    }

    @Test("a browser's cookie acts for pages of this server only")
    func cookies() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let session = try served.ask("POST", "/v1/session", body: "{\"token\":\"\(token)\"}")
        #expect(session.json["handle"] == "ana")
        let cookie = try #require(session["set-cookie"])
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        #expect(try served.ask("POST", "/v1/session", body: "{\"token\":\"x\"}").status == 401)
        let field = "Cookie: other=1; social_token=\(token)"
        #expect(try served.get("/v1/me", fields: [field]).json["handle"] == "ana")
        func post(_ fields: [String]) throws -> Int {
            try served.ask("POST", "/v1/posts", fields: [field] + fields, body: "{\"text\":\"x\"}").status
        }
        let json = "Content-Type: application/json"
        #expect(try post([json]) == 201)
        #expect(try post([json, "Origin: http://test"]) == 201)
        #expect(try post([json, "Origin: http://evil"]) == 403)
        #expect(try post([json, "Origin: null"]) == 403)
        #expect(try post(["Content-Type: text/plain"]) == 400)
        // A token in the head is sent on purpose, whoever's page it is.
        let body = "{\"text\":\"x\"}"
        #expect(
            try served.ask("POST", "/v1/posts", token: token, fields: ["Origin: http://evil"], body: body).status == 201
        )
        #expect(try served.ask("DELETE", "/v1/session")["set-cookie"]?.contains("Max-Age=0") == true)
    }

    @Test("a token that was revoked is refused a moment later")
    func revocation() throws {
        let served = try ServedWorld()
        let token = try served.token("ana", name: "phone")
        #expect(try served.get("/v1/me", token: token).status == 200)
        served.world.run("user token ana --revoke --name phone")
        #expect(try eventually { try served.get("/v1/me", token: token).status == 401 })
    }

    @Test("changes are taken at their own address, where there is one")
    func writeListener() throws {
        let served = try ServedWorld { $0.writeAddress = ServeAddress(host: "127.0.0.1", port: 0) }
        let token = try served.token("ana")
        #expect(try served.ask("POST", "/v1/posts", token: token, body: "{\"text\":\"x\"}").code == "elsewhere")
        let wire = try Wire(port: try #require(served.server.writeAddress).port)
        try wire.send("POST", "/v1/posts", token: token, body: Array("{\"text\":\"x\"}".utf8))
        #expect(try wire.response().status == 201)
    }

    @Test("what does not run here is handed on to a server that runs it, and back, whatever its size")
    func forwarding() throws {
        let other = try ServedWorld()
        let front = try Server(
            {
                var options = ServeOptions(directory: other.world.path(".social"), context: Context())
                options.address = ServeAddress(host: "127.0.0.1", port: 0)
                options.services = [.posts]
                return options
            }())
        defer { front.stop() }
        let token = try other.token("ana")
        func ask(_ method: String, _ path: String, _ body: [UInt8]? = nil) throws -> Wire.Response {
            let wire = try Wire(port: front.address.port)
            try wire.send(method, path, token: token, body: body)
            return try wire.response()
        }
        #expect(try eventually { try ask("GET", "/v1/me").status == 200 })
        #expect(try ask("GET", "/v1/users/ana").text == other.command("user", "show", "ana"))
        let bytes = try FileSystem().contents(of: Repository.path("fixtures/pictures/cat.png"))
        let made = try ask("POST", "/v1/uploads?name=cat.png", bytes)
        #expect(made.status == 201, "\(made.text)")
        let place = "/objects/\(made.json.array?.first?["object"]?.string ?? "")"
        #expect(try ask("GET", place).body == other.get(place).body)
        #expect(try ask("GET", "/metrics").text.contains("forwarded_total"))
        other.stop()
        #expect(try eventually { try ask("GET", "/v1/me").code == "elsewhere" })
    }

    @Test("a service that does not run here, nor elsewhere, is told so")
    func services() throws {
        let served = try ServedWorld { $0.services = [.posts, .users] }
        #expect(try served.get("/v1/posts").status == 200)
        #expect(try served.get("/v1/search/tags").status == 421)
        #expect(try served.get("/health").status == 200)
    }
}
