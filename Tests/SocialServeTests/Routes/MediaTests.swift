// Files: up, and down again whole, in part, smaller, or as a film.

import Formats
import Foundation
import SocialCLI
import SocialCore
import TestKit
import Testing

@testable import SocialServe

@Suite("Files over HTTP")
struct MediaTests {
    private static let picture = Repository.path("fixtures/pictures/cat.png")
    private static let film = Repository.path("fixtures/films/h264-aac.mp4")

    @Test("a picture goes up, is found by its id, and comes down whole and in part")
    func picture() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let bytes = try FileSystem().contents(of: Self.picture)
        let wire = try served.wire()
        try wire.send("POST", "/v1/uploads?name=cat.png&alt=a%20cat", token: token, body: bytes)
        let answer = try wire.response()
        #expect(answer.status == 201, "\(answer.text)")
        let upload = try #require(answer.json.array?.first)
        #expect(upload["name"] == "cat.png" && upload["alt"] == "a cat")
        let id = try #require(upload["id"]?.string)
        let stored = served.world.run(["upload", "get", id]).output
        let found = try served.get("/media/\(id)")
        #expect(found.status == 302)
        let place = try #require(found["location"])
        let whole = try served.get(place)
        #expect(whole.body == stored)
        #expect(whole["content-type"] == "image/png")
        #expect(whole["cache-control"]?.contains("immutable") == true)
        #expect(whole["content-security-policy"]?.contains("sandbox") == true)
        let part = try served.get(place, fields: ["Range: bytes=10-19"])
        #expect(part.status == 206 && part.body == Array(stored[10...19]))
        #expect(part["content-range"] == "bytes 10-19/\(stored.count)")
        #expect(try served.get(place, fields: ["Range: bytes=-5"]).body == Array(stored.suffix(5)))
        #expect(try served.get(place, fields: ["Range: bytes=\(stored.count)-"]).status == 416)
        let tag = try #require(whole["etag"])
        #expect(try served.get(place, fields: ["Range: bytes=0-4", "If-Range: \(tag)"]).status == 206)
        #expect(try served.get(place, fields: ["Range: bytes=0-4", "If-Range: \"old\""]).status == 200)
        #expect(try served.get(place, fields: ["If-None-Match: \(tag)"]).status == 304)
        let head = try served.ask("HEAD", place)
        #expect(head["content-length"] == "\(stored.count)" && head.body.isEmpty)
        let small = try served.get("/media/\(id)?size=small")["location"] ?? ""
        #expect(try served.get(small).body == served.world.run(["upload", "get", id, "--size", "small"]).output)
        #expect(try served.get("/v1/uploads/\(id)").json["id"]?.string == id)
        #expect(try served.ask("DELETE", "/v1/uploads/\(id)", token: try served.token("bob")).status == 403)
        #expect(try served.ask("DELETE", "/v1/uploads/\(id)", token: token).status == 200)
        #expect(try served.get("/media/\(id)").status == 404)
    }

    @Test("a body in pieces is stored as one, and nothing is left of it beside")
    func pieces() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let bytes = try FileSystem().contents(of: Self.picture)
        let wire = try served.wire()
        try wire.send(
            "POST /v1/uploads?name=a.png HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer \(token)\r\n"
                + "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n")
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1_000)
            try wire.send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8))
            rest = rest.dropFirst(1_000)
        }
        try wire.send("0\r\n\r\n")
        #expect(try wire.response().status == 201)
        #expect(try eventually { try FileSystem().names(in: served.world.path(".social/spool")).isEmpty })
    }

    @Test("what is no picture is refused without a word about where it lay, and taken if that is wanted")
    func others() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let refused = try served.ask("POST", "/v1/uploads?name=a.html", token: token, body: "<script>alert(1)</script>")
        #expect(refused.status == 400 && refused.code == "not_media")
        #expect(refused.text.contains("a.html") && !refused.text.contains("spool"))
        let taken = try served.ask(
            "POST", "/v1/uploads?name=a.html&any", token: token, body: "<script>alert(1)</script>")
        let object = try #require(taken.json.array?.first?["object"]?.string)
        let down = try served.get("/objects/\(object)")
        #expect(down["content-type"] == "application/octet-stream")
        #expect(down["content-disposition"] == "attachment; filename=\"a.html\"")
        #expect(down["x-content-type-options"] == "nosniff")
        #expect(try served.get("/objects/\(String(repeating: "0", count: 64))").status == 404)
        #expect(try served.get("/objects/../../etc/passwd").status == 404)
    }

    @Test("an upload that is too large is refused before it has come, or as soon as it is")
    func tooLarge() throws {
        let served = try ServedWorld { $0.bodyBytes = 1_000 }
        let token = try served.token("ana")
        let wire = try served.wire()
        try wire.send("POST", "/v1/uploads", token: token, fields: ["Content-Length: 1001"])
        #expect(try wire.response().status == 413)
        #expect(wire.isClosed())
        let other = try served.wire()
        try other.send("POST", "/v1/uploads", token: token, fields: ["Transfer-Encoding: chunked"])
        try other.send("400\r\n" + String(repeating: "x", count: 1_024) + "\r\n")
        #expect(try other.response().status == 413)
    }

    @Test("a film is streamed as it was cut, and each segment counts")
    func film() throws {
        let served = try ServedWorld()
        let cut = served.world.run(["video-segment", "cut", Self.film, "--by", "ana", "--duration", "500ms", "--json"])
        let id = try #require(try JSONReader.parse(cut.output)["id"]?.string, "\(cut.text)")
        let master = try served.get("/video/\(id)/master.m3u8")
        #expect(master.status == 200 && master.text.hasPrefix("#EXTM3U"))
        #expect(master["content-type"] == "application/vnd.apple.mpegurl")
        let manifest = try served.get("/video/\(id)/manifest.mpd")
        #expect(manifest["content-type"] == "application/dash+xml")
        let track = try #require(try served.get("/video/\(id)/film.json").json["tracks"]?.array?.first?["name"]?.string)
        #expect(try served.get("/video/\(id)/\(track)/playlist.m3u8").text.contains("00001.m4s"))
        let start = try served.get("/video/\(id)/\(track)/init.mp4")
        #expect(start.status == 200 && start.body.count > 100)
        let segment = try served.get("/video/\(id)/\(track)/00001.m4s")
        #expect(segment["cache-control"]?.contains("immutable") == true)
        let part = try served.get("/video/\(id)/\(track)/00001.m4s", fields: ["Range: bytes=4-7"])
        #expect(part.body == Array(segment.body[4...7]))
        #expect(try served.get("/video/\(id)/\(track)/99999.m4s").status == 404)
        served.stop()
        let counts = served.command("analytics", "count", "video/\(id)", "video/\(id)/\(track)")
        #expect(counts.contains("\"watch\"") && counts.contains("\"segment\"") && counts.contains("\"start\""))
    }

    @Test("what is shown is counted, for whom it was shown to, at the latest when the server stops")
    func counting() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let post = served.newest()
        for _ in 0..<3 { _ = try served.get("/v1/feed", token: token) }
        _ = try served.get("/v1/posts/\(post)", token: token)
        _ = try served.get("/v1/posts/\(post)", fields: ["User-Agent: a"])
        _ = try served.get("/v1/users/ana", fields: ["User-Agent: b"])
        served.stop()
        let counts = try JSONReader.parse(Array(served.command("analytics", "count", "post/\(post)", "user/ana").utf8))
        func count(_ kind: String) -> JSONValue? { counts.array?.first { $0["kind"]?.string == kind }?["count"] }
        #expect(count("impression") == 3)
        #expect(count("view") == 2)
        #expect(count("profile-view") == 1)
        #expect(served.command("user", "list", "--seen", post).contains("ana"))
    }
}
