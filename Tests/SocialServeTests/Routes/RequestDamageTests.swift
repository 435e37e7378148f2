// Requests as nobody should write them: targets, fields and bodies that are damaged. Whatever comes, it is a request or
// none, and what a client sends stays the value of an option.

import CommandSpec
import Formats
import FuzzKit
import NIOHTTP1
import SocialCLI
import SocialCore
import TestKit
import Testing

@testable import SocialServe

@Suite("Damaged requests")
struct RequestDamageTests {
    private static let requests = [
        "GET /v1/users/ana?fields=id,handle&limit=3&after=1.2 HTTP/1.1\nCookie: a=b; social_token=1.x\n",
        "GET /objects/\(String(repeating: "0f", count: 32))%2e?x=%C3%A9+y#z\nRange: bytes=0-5\nIf-Range: \"t\"\n",
        "GET /v1/live\nUpgrade: websocket\nConnection: keep-alive, Upgrade\nSec-WebSocket-Version: 13\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n",
        "POST /v1/posts\nAuthorization: Bearer 5.abc\nAccept-Encoding: gzip;q=0, *\nIf-None-Match: W/\"a\", *\n\n"
            + #"{"text":"hi\n--by bob","reply_to":"123","media":["1",2],"expires":"3h"}"#,
        "GET /v1/search/posts?q=cats%20OR%20%22x%22&order=top\nRange: bytes=-3\n",
        "PUT /v1/notifications/read\n\n{\"type\":\"read\",\"until\":\"2026-01-02T03:04:05Z\",\"id\":[]}",
    ]
    private static let words = [
        "%", "%0", "%00", "%2F", "%2e%2e", "/", "//", "?", "&", "=", "#", "+", "--", "\n\n", "\nRange: bytes=", "-",
        "\nCookie: ", ";", "9223372036854775807", "{", "}", "\"text\":", "null", "social_token=", "Bearer ",
    ]

    private static func read(_ bytes: [UInt8]) throws -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 40, omittingEmptySubsequences: false)
        let line = String(decoding: parts[0], as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        var fields = HTTPHeaders()
        let end = parts.firstIndex { $0.isEmpty } ?? parts.count
        for part in parts[..<end].dropFirst() {
            let halves = String(decoding: part, as: UTF8.self).split(separator: ":", maxSplits: 1)
            // The server's parser takes no other names.
            guard halves.count == 2, halves[0].utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else { continue }
            fields.add(name: String(halves[0]), value: String(halves[1].drop { $0 == " " }))
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: String(line[0])),
            uri: line.count > 1 ? String(line[1]) : "",
            headers: fields)
        guard var request = SocialServe.Request(head, address: "127.0.0.1") else { return false }
        request.body = parts[end...].dropFirst().joined(separator: [UInt8(ascii: "\n")]).map { $0 }
        try look(at: request)
        return Route.at(request.path)?.endpoint(request.method) != nil
    }

    private static func look(at request: SocialServe.Request) throws {
        _ = (request.key, Route.at(request.path)?.allowed, Answer.takesGzip(request), Upgrade.problem(request))
        if let token = request.token { _ = AccessToken(token.text) }
        _ = EntityTag.matches("W/\"a\"", request.header("if-none-match"))
        for count in [0, 10, Int.max] {
            guard case .part(let range) = FixedFile.range(request, tag: "\"t\"", count: count) else { continue }
            try FuzzFault.expect(
                !range.isEmpty && range.lowerBound >= 0 && range.upperBound <= count, "a range lies in its file")
        }
        if let words = try? Words("search", "posts").list(request, "order", except: ["q"]) {
            try understand(words, as: ["search", "posts"])
        }
        guard let body = try? request.object() else { return }
        let actor = Actor(id: UserID(rawValue: 1), handle: "ana")
        if let line = try? PostLine(body, by: actor, idempotencyKey: request.header("idempotency-key")) {
            try understand(line.words, as: ["post", "create"])
        }
    }

    /// What a client sends makes no other command of it, and no question for help.
    private static func understand(_ words: Words, as path: [String]) throws {
        guard let meant = try? SocialSpecification.specification.parse(words.all) else { return }
        guard case .run(let invocation) = meant else { throw FuzzFault("\(words.all) is a command") }
        try FuzzFault.expect(invocation.command.path == path, "\(words.all) is \(path)")
    }

    @Test("are requests or none, and nothing in them is an option")
    func damage() throws {
        let run = FuzzRun(
            "requests", FuzzParser(texts: Self.requests, words: Self.words, Self.read), seed: TestRun.seed)
        #expect(try run.readSeeds() >= 3)
        let count = try run.read(0..<TestRun.times(4_000))
        #expect(count.taken > 100)
        TestRun.report("requests: \(count.inputs) inputs, \(count.taken) taken")
    }
}
