// What comes into a feed is sent to whoever listens: each post once, whoever posts it, with nothing lost in between.

import Formats
import Foundation
import SocialCLI
import SocialCore
import TestKit
import Testing

@testable import SocialServe

@Suite("Listening over WebSocket")
struct LiveTests {
    @Test("the handshake is that of RFC 6455")
    func handshake() throws {
        let served = try ServedWorld()
        let live = try LiveWire(served, token: try served.token("ana"))
        #expect(live.handshake.status == 101)
        // The key and its answer are those of the RFC, section 1.3.
        #expect(live.handshake["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(try live.message()["handle"] == "ana")
        #expect(try served.get("/v1/live").status == 426)
        #expect(try LiveWire(served, token: "x").handshake.status == 401)
        let cookie = "Cookie: social_token=\(try served.token("ana"))"
        #expect(try LiveWire(served, fields: [cookie, "Origin: http://evil"]).handshake.status == 403)
        #expect(try LiveWire(served, fields: [cookie, "Origin: http://test"]).handshake.status == 101)
    }

    @Test("a post of another process is heard by those who follow, once")
    func posts() throws {
        let served = try ServedWorld()
        served.world.run("user create cleo")
        let ana = try LiveWire(served, token: try served.token("ana"))
        let cleo = try LiveWire(served, token: try served.token("cleo"))
        #expect(try ana.message()["type"] == "welcome")
        #expect(try cleo.message()["type"] == "welcome")
        served.world.run("post create one --by bob")
        let first = try ana.message()
        #expect(first["type"] == "post" && first["item"]?["text"] == "one")
        // Whom somebody follows from now on is heard from now on.
        served.world.run("follow add cleo bob")
        served.world.run("post create two --by bob")
        #expect(try cleo.message()["item"]?["text"] == "two")
        #expect(try ana.message()["item"]?["text"] == "two")
        served.world.run("follow mute ana bob")
        served.world.run("post create three --by bob")
        #expect(try cleo.message()["item"]?["text"] == "three")
        served.world.run("post create mine --by ana")
        served.world.run("follow unmute ana bob")
        served.world.run("post create four --by bob")
        let next = try ana.message()
        #expect(next["item"]?["text"] == "four" || next["item"]?["text"] == "mine")
    }

    @Test("who comes back with a cursor gets what was missed, and nothing twice")
    func cursors() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        var live: LiveWire? = try LiveWire(served, token: token)
        let start = try #require(try live?.message()["cursor"]?.string)
        live = nil
        for number in 0..<120 { served.world.run(["post", "create", "\(number)", "--by", "bob"]) }
        let again = try LiveWire(served, "/v1/live?after=\(start)", token: token)
        #expect(try again.message()["type"] == "welcome")
        var texts: [String] = []
        var middle = ""
        while texts.count < 120 {
            let message = try again.message()
            texts.append(message["item"]?["text"]?.string ?? "")
            if texts.count == 50 { middle = message["cursor"]?.string ?? "" }
        }
        #expect(texts == (0..<120).map { "\($0)" })
        served.world.run("post create last --by bob")
        #expect(try again.message()["item"]?["text"] == "last")
        // What was acknowledged is kept for who comes back without a cursor.
        try again.send("{\"type\":\"ack\",\"cursor\":\"\(middle)\"}")
        try again.send("{\"type\":\"ping\",\"id\":1}")
        #expect(try again.message()["id"] == 1)
        let third = try LiveWire(served, token: token)
        _ = try third.message()
        #expect(try third.message()["item"]?["text"] == "50")
    }

    @Test("a token may come in the first message, and nothing else may come before it")
    func hello() throws {
        let served = try ServedWorld()
        let live = try LiveWire(served)
        try live.send("{\"type\":\"hello\",\"token\":\"\(try served.token("ana"))\"}")
        #expect(try live.message()["type"] == "welcome")
        let other = try LiveWire(served)
        try other.send("{\"type\":\"ping\"}")
        #expect(try other.end() == 1_008)
        let third = try LiveWire(served)
        try third.send("{\"type\":\"hello\",\"token\":\"x\"}")
        #expect(try third.message()["error"]?["code"] == "unauthorized")
        #expect(try third.end() == 1_008)
    }

    @Test("a listener posts, and is told what came of it")
    func actions() throws {
        let served = try ServedWorld()
        let live = try LiveWire(served, token: try served.token("ana"))
        _ = try live.message()
        try live.send("{\"type\":\"post\",\"id\":7,\"text\":\"from here\"}")
        var results: [JSONValue] = []
        while results.isEmpty {
            let message = try live.message()
            if message["type"] == "result" { results.append(message) }
        }
        #expect(results[0]["id"] == 7 && results[0]["ok"] == true)
        #expect(results[0]["value"]?["text"] == "from here")
        for bad in ["{\"type\":\"dance\",\"id\":8}", "{\"type\":\"post\",\"id\":8,\"text\":\"\"}", "7", "{"] {
            try live.send(bad)
            var answer = try live.message()
            while answer["type"] != "result" { answer = try live.message() }
            #expect(answer["error"]?["code"] != nil, "\(bad)")
        }
    }

    @Test("frames that must not be are answered as the RFC says, and others go on")
    func frames() throws {
        let served = try ServedWorld()
        let token = try served.token("ana")
        func listen() throws -> LiveWire {
            let live = try LiveWire(served, token: token)
            _ = try live.message()
            return live
        }
        let whole = try listen()
        try whole.send(opcode: 1, Array("{\"type\":".utf8), isLast: false)
        try whole.send(opcode: 9, [1, 2, 3])
        try whole.send(opcode: 0, Array("\"ping\",\"id\":\"x\"}".utf8))
        #expect(try whole.frame() == LiveWire.Frame(opcode: 10, bytes: [1, 2, 3]))
        #expect(try whole.message()["id"] == "x")
        let cases: [(code: Int, send: (LiveWire) throws -> Void)] = [
            (1_003, { try $0.send(opcode: 2, [1]) }), (1_002, { try $0.send(opcode: 1, [65], isMasked: false) }),
            (1_002, { try $0.send(opcode: 0, [65]) }), (1_007, { try $0.send(opcode: 1, [0xFF]) }),
            (1_009, { try $0.send(opcode: 1, Array(repeating: 65, count: 70_000)) }),
            (1_000, { try $0.send(opcode: 8, [3, 232]) }), (1_000, { try $0.send(opcode: 8, []) }),
            (1_000, { try $0.send(opcode: 8, [0x0F, 0xA0] + Array("enough".utf8)) }),
            (1_002, { try $0.send(opcode: 8, [3]) }), (1_002, { try $0.send(opcode: 8, [3, 237]) }),
            (1_007, { try $0.send(opcode: 8, [3, 232, 0xFF]) }),
        ]
        for one in cases {
            let live = try listen()
            try one.send(live)
            #expect(try live.end() == one.code)
        }
    }

    @Test("a server that stops says goodbye")
    func goodbye() throws {
        let served = try ServedWorld()
        let live = try LiveWire(served, token: try served.token("ana"))
        _ = try live.message()
        served.stop()
        #expect(try live.message()["type"] == "bye")
        #expect(try live.end() == 1_001)
    }
}
