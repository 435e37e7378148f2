// Whatever comes over a connection, the server answers what it can, closes what it cannot, and goes on.

import Formats
import Foundation
import SocialCLI
import SocialCore
import TestKit
import Testing

@testable import SocialServe

@Suite("Connections")
struct ConnectionTests {
    @Test("requests that are sent ahead are answered in their order")
    func pipelining() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        let wire = try served.wire()
        var requests = ""
        for number in 0..<200 {
            switch number % 4 {
            case 0: requests += "GET /v1/users/ana?fields=handle HTTP/1.1\r\nHost: t\r\n\r\n"
            case 1: requests += "GET /health HTTP/1.1\r\nHost: t\r\n\r\n"
            case 2:
                let body = "{\"text\":\"\(number)\"}"
                requests += "POST /v1/posts HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer \(token)\r\n"
                requests += "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            default: requests += "GET /v1/users/nobody HTTP/1.1\r\nHost: t\r\n\r\n"
            }
        }
        try wire.send(requests)
        for number in 0..<200 {
            let answer = try wire.response()
            switch number % 4 {
            case 0: #expect(answer.json["handle"] == "ana")
            case 1: #expect(answer.text == "ok\n")
            case 2: #expect(answer.json["text"]?.string == "\(number)")
            default: #expect(answer.status == 404)
            }
        }
    }

    @Test("what is no HTTP is told so, and the connection is closed")
    func malformed() throws {
        let served = try ServedWorld()
        let long = String(repeating: "x", count: 20_000)
        let cases: [(text: String, status: Int)] = [
            ("hello\r\n\r\n", 400), ("GET /\r\n\r\n", 400), ("GET / HTTP/9.9\r\nHost: t\r\n\r\n", 400),
            ("GET /health HTTP/1.1\r\nHost: t\r\nX: \(long)\r\n\r\n", 431),
            ("GET /\(long) HTTP/1.1\r\nHost: t\r\n\r\n", 431),
            ("GET /health HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 200) + "\r\n", 431),
            ("GET /health HTTP/1.1\r\n\r\n", 400), ("GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET health HTTP/1.1\r\nHost: t\r\n\r\n", 400),
            ("POST /v1/poll HTTP/1.1\r\nHost: t\r\nContent-Length: x\r\n\r\n", 400),
            (
                "POST /v1/poll HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                400
            ),
            ("POST /v1/poll HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
            ("POST /v1/poll HTTP/1.1\r\nHost: t\r\nContent-Length: 2000000\r\n\r\n", 413),
        ]
        for one in cases {
            let wire = try served.wire()
            try? wire.send(one.text)
            let answer = try? wire.response()
            #expect(answer?.status == one.status, "\(one.text.prefix(60)): \(answer?.text ?? "nothing")")
            #expect(wire.isClosed(), "\(one.text.prefix(60))")
        }
        #expect(try served.get("/health").status == 200)
    }

    @Test("random bytes, and requests with bytes changed at random, stop nothing")
    func noise() throws {
        let served = try ServedWorld()
        var chance = Chance("noise over a connection")
        let request = Array(
            "POST /v1/posts?limit=2 HTTP/1.1\r\nHost: test\r\nContent-Length: 11\r\n\r\n{\"text\":\"\"}".utf8)
        for _ in 0..<200 {
            let wire = try served.wire()
            var bytes = request
            for _ in 0..<Int.random(in: 1...6, using: &chance) {
                let place = Int.random(in: 0..<bytes.count, using: &chance)
                bytes[place] = UInt8.random(in: 0...255, using: &chance)
            }
            try? wire.send(bytes)
        }
        #expect(try served.get("/health").status == 200)
    }

    @Test("a head that comes too slowly is refused, and so is a body")
    func slow() throws {
        let served = try ServedWorld {
            $0.headMilliseconds = 300
            $0.uploadRate = 1_000_000
        }
        let token = try served.token("ana")
        let head = try served.wire()
        try head.send("GET /health HTTP/1.1\r\nHost: ")
        let body = try served.wire()
        try body.send("POST", "/v1/uploads", token: token, fields: ["Content-Length: 100000"])
        try body.send("x")
        let silent = try served.wire()
        #expect(try head.response().status == 408)
        #expect(try body.response().status == 408)
        #expect(silent.isClosed())
    }

    @Test("a connection that is kept and not used is closed")
    func idle() throws {
        let served = try ServedWorld { $0.idleMilliseconds = 300 }
        let wire = try served.wire()
        try wire.send("GET", "/health")
        #expect(try wire.response().status == 200)
        #expect(wire.isClosed())
    }

    @Test("one connection too many is told so")
    func tooMany() throws {
        let served = try ServedWorld { $0.connections = 2 }
        let (one, two) = (try served.wire(), try served.wire())
        for wire in [one, two] {
            try wire.send("GET", "/health")
            #expect(try wire.response().status == 200)
        }
        let three = try served.wire()
        #expect(try three.response().status == 503)
        #expect(three.isClosed())
        withExtendedLifetime((one, two)) {}
    }

    @Test("who asks too often waits, and others do not")
    func rate() throws {
        let served = try ServedWorld { $0.rate = 5 }
        let token = try served.token("ana")
        let answers = try (0..<8).map { _ in try served.get("/health") }
        #expect(answers.prefix(5).allSatisfy { $0.status == 200 })
        let last = try #require(answers.last)
        #expect(last.status == 429 && last["retry-after"] == "1" && last.code == "too_many_requests")
        #expect(try served.get("/v1/me", token: token).status == 200)
    }

    @Test("a server that stops ends what is under way, and takes nothing more")
    func stopping() throws {
        let served = try ServedWorld { $0.drainMilliseconds = 20_000 }
        let token = try served.token("ana")
        let bytes = try FileSystem().contents(of: Repository.path("fixtures/pictures/cat.png"))
        let wire = try served.wire()
        let fields = ["Content-Length: \(bytes.count)", "Expect: 100-continue"]
        try wire.send("POST", "/v1/uploads?name=a.png", token: token, fields: fields)
        // The request is under way when the server asks for its body.
        let goOn = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
        #expect(try wire.take(goOn.count) == goOn)
        try wire.send(Array(bytes.prefix(100)))
        let waiting = try served.wire()
        try waiting.send("GET", "/health")
        #expect(try waiting.response().status == 200)
        let server = served.server
        nonisolated(unsafe) let stopped = server
        let stop = try WorkerThread { stopped.stop() }
        #expect(waiting.isClosed())
        try wire.send(Array(bytes.dropFirst(100)))
        let answer = try wire.response()
        #expect(answer.status == 201 && answer["connection"] == "close", "\(answer.text)")
        stop.join()
        #expect(throws: (any Error).self) { try Wire(port: server.address.port) }
    }

    @Test("HTTP/1.0 and those who want it closed get their answer, and the end")
    func closing() throws {
        let served = try ServedWorld()
        let old = try served.wire()
        try old.send("GET /health HTTP/1.0\r\n\r\n")
        #expect(try old.response().status == 200)
        #expect(old.isClosed())
        let wire = try served.wire()
        try wire.send("GET", "/health", fields: ["Connection: close"])
        #expect(try wire.response()["connection"] == "close")
        #expect(wire.isClosed())
    }

    @Test("the metrics tell what was done")
    func metrics() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        for _ in 0..<3 { _ = try served.get("/v1/feed", token: token) }
        _ = try served.get("/nothing")
        let metrics = try served.get("/metrics")
        #expect(metrics["content-type"]?.hasPrefix("application/openmetrics-text") == true)
        for line in [
            "social_serve_requests_total 5", "social_serve_answers_total{class=\"2xx\"} 3",
            "social_serve_answers_total{class=\"4xx\"} 1", "social_serve_cache_misses_total{cache=\"posts\"}",
        ] { #expect(metrics.text.contains("\n\(line)"), "\(line)") }
        #expect(metrics.text.hasSuffix("# EOF\n"))
    }
}
