// What is read over HTTP is what the commands print.

import Formats
import Foundation
import SocialCore
import TestKit
import Testing

@testable import SocialServe

@Suite("Reading over HTTP")
struct ReadingTests {
    @Test("each address answers with what its command prints")
    func sameAsCommands() throws {
        let served = try ServedWorld()
        let post = served.newest()
        served.world.run("post like \(post) --by ana")
        served.world.run(["post", "create", "an #answer", "--by", "ana", "--reply-to", post])
        let pairs: [(path: String, words: [String])] = [
            ("/v1/posts", ["post", "list", "--limit", "20"]),
            (
                "/v1/posts?by=bob&limit=1&fields=id,text",
                ["post", "list", "--by", "bob", "-n", "1", "--fields", "id,text"]
            ),
            ("/v1/posts?sort=likes", ["post", "list", "--sort", "likes", "--limit", "20"]),
            ("/v1/posts/\(post)", ["post", "show", post]), ("/v1/posts/\(post)/thread", ["post", "thread", post]),
            ("/v1/users", ["user", "list", "--limit", "20"]),
            ("/v1/users?prefix=a", ["user", "list", "--prefix", "a"]),
            ("/v1/users/ana", ["user", "show", "ana"]),
            ("/v1/users/bob/posts", ["post", "list", "--by", "bob"]),
            ("/v1/users/bob/followers", ["follow", "list", "--followers", "bob"]),
            ("/v1/users/bob/following", ["follow", "list", "bob"]),
            ("/v1/users/bob/uploads", ["upload", "list", "--by", "bob"]),
            ("/v1/search/posts?q=hello", ["search", "posts", "hello"]),
            ("/v1/search/users?q=an", ["search", "users", "an"]),
            ("/v1/search/tags?fields=tag,posts", ["search", "tags", "--fields", "tag,posts"]),
            ("/v1/search/media?q=cat", ["search", "media", "cat"]), ("/v1/films", ["video-segment", "list"]),
        ]
        for pair in pairs {
            let answer = try served.get(pair.path)
            #expect(answer.status == 200, "\(pair.path): \(answer.text)")
            #expect(answer["content-type"] == "application/json")
            #expect(answer.text == served.world.run(pair.words + ["--json"]).text, "\(pair.path)")
        }
    }

    @Test("a feed is the same from ready posts as from the command, page by page, whatever happens to its posts")
    func feed() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        func compare(_ query: String = "", _ words: [String] = []) throws {
            let answer = try served.get("/v1/feed\(query)", token: token)
            #expect(answer.status == 200)
            // Where a post was found depends on who looks when: a page of its own may find it elsewhere.
            let found = answer.json.array?.map { $0.object?.filter { $0.key != "why" } }
            let printed = try JSONReader.parse(
                Array(served.world.run(["feed", "show", "ana", "--json"] + words).output))
            #expect(found == printed.array?.map { $0.object?.filter { $0.key != "why" } })
            #expect(!(found?.isEmpty ?? true))
        }
        try compare()
        for number in 0..<30 { served.world.run(["post", "create", "post \(number)", "--by", "bob"]) }
        try compare()
        try compare("?limit=7", ["--limit", "7"])
        let last = try served.get("/v1/feed?limit=7", token: token).json.array?.last?["cursor"]?.string ?? ""
        try compare("?limit=7&after=\(last)", ["--limit", "7", "--after", last])
        let post = served.newest()
        served.world.run("post like \(post) --by ana")
        try compare()
        served.world.run(["post", "create", "an answer", "--by", "ana", "--reply-to", post])
        try compare()
        served.world.run(["post", "edit", post, "changed"])
        try compare()
        served.world.run("post unlike \(post) --by ana")
        try compare()
        served.world.run("post delete \(post)")
        try compare()
        served.world.run("user rename bob bobby")
        try compare()
        // Scores are of the moment.
        let best = try served.get("/v1/feed?rank=top&fields=id", token: token).text
        #expect(best == served.world.run("feed show ana --rank top --fields id --json").text)
    }

    @Test("a reader who asks what is new is told how many posts, and no more")
    func count() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let newest = try served.get("/v1/feed?limit=1", token: token).json.array?.first?["cursor"]?.string ?? ""
        #expect(try served.get("/v1/feed?count=\(newest)", token: token).text == "{\"new\":0}\n")
        served.world.run("post create more --by bob")
        #expect(try served.get("/v1/feed?count=\(newest)", token: token).text == "{\"new\":1}\n")
        #expect(try served.get("/v1/feed?count=x", token: token).code == "bad_parameter")
    }

    @Test("who has a page is told so, and who takes gzip gets it smaller")
    func tags() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        for number in 0..<20 { served.world.run(["post", "create", "post \(number)", "--by", "bob"]) }
        let first = try served.get("/v1/feed", token: token)
        let tag = try #require(first["etag"])
        let again = try served.get("/v1/feed", token: token, fields: ["If-None-Match: \"x\", \(tag)"])
        #expect(again.status == 304)
        #expect(again.body.isEmpty)
        let packed = try served.get("/v1/feed", token: token, fields: ["Accept-Encoding: br, gzip"])
        #expect(packed["content-encoding"] == "gzip")
        #expect(packed.body.count < first.body.count / 2)
        var source: [UInt8]? = packed.body
        let inflating = Gzip.inflating { buffer in
            if let bytes = source.take() { buffer += bytes }
        }
        var inflated: [UInt8] = []
        var count = -1
        while inflated.count > count {
            count = inflated.count
            try inflating(&inflated)
        }
        #expect(inflated == first.body)
        #expect(
            try served.get("/v1/feed", token: token, fields: ["Accept-Encoding: gzip;q=0"])["content-encoding"] == nil)
        served.world.run("post create more --by bob")
        #expect(try served.get("/v1/feed", token: token, fields: ["If-None-Match: \(tag)"]).status == 200)
        let head = try served.ask("HEAD", "/v1/feed", token: token)
        #expect(head.status == 200 && head.body.isEmpty && head["content-length"] != "0")
    }

    @Test("errors are what commands report, with the status that HTTP has for them")
    func errors() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let cases: [(method: String, path: String, token: String?, status: Int, code: String)] = [
            ("GET", "/v1/users/nobody", nil, 404, "no_such_user"), ("GET", "/v1/posts/1", nil, 404, "no_such_post"),
            ("GET", "/v1/posts/x", nil, 404, "no_such_path"), ("GET", "/nothing", nil, 404, "no_such_path"),
            ("GET", "/v1/feed", nil, 401, "unauthorized"), ("GET", "/v1/feed", "x", 401, "unauthorized"),
            ("GET", "/v1/users", String(token.dropLast()) + "A", 200, ""),
            ("GET", "/v1/posts", String(token.reversed()), 401, "unauthorized"),
            ("PATCH", "/v1/feed", token, 405, "bad_method"), ("GET", "/v1/posts?x=1", nil, 400, "unknown_parameter"),
            ("GET", "/v1/posts?limit=0", nil, 400, "bad_parameter"),
            ("GET", "/v1/posts?limit=5000", nil, 400, "bad_parameter"),
            ("GET", "/v1/posts?fields=nothing", nil, 400, "unknown_field"),
            ("GET", "/v1/posts?after=--x", nil, 400, "invalid_value"),
            ("GET", "/v1/search/posts?q=(a", nil, 400, "query_unclosed_parenthesis"),
            ("GET", "/v1/search/posts", nil, 400, "bad_parameter"),
            ("GET", "/v1/users/%2D%2Ddata", nil, 400, "invalid_value"),
            ("GET", "/v1/users/%zz", nil, 400, "bad_request"),
            ("GET", "/v1/users/a%00b", nil, 400, "bad_request"),
        ]
        for one in cases {
            let answer = try served.ask(one.method, one.path, token: one.token)
            #expect(answer.status == one.status, "\(one.method) \(one.path): \(answer.text)")
            #expect(answer.code ?? "" == one.code, "\(one.method) \(one.path): \(answer.text)")
            if one.status == 401 { #expect(answer["www-authenticate"] == "Bearer") }
            if one.status == 405 { #expect(answer["allow"] == "GET, HEAD") }
        }
    }

    @Test("what nobody has put in words of an option is never taken for one")
    func injection() throws {
        let served = try ServedWorld()
        for path in [
            "/v1/users/--format=csv", "/v1/search/posts?q=--data%3D/etc", "/v1/posts?by=--all",
            "/v1/users?prefix=--yes",
            "/v1/counts/--help", "/v1/search/users?q=--version",
        ] {
            let answer = try served.get(path)
            #expect(answer["content-type"] == "application/json", "\(path)")
            #expect(answer.json != .null, "\(path): \(answer.text)")
        }
    }
}
