// Long polling: one request waits with the server, and none of what happens meanwhile is lost.

import Formats
import Foundation
import SocialCLI
import SocialCore
import TestKit
import Testing

@testable import SocialServe

@Suite("Listening by long polling")
struct PollTests {
    /// A listener.
    private struct Poller {
        let served: ServedWorld
        let token: String
        var sid = ""

        init(_ served: ServedWorld, wait: Int = 5) throws {
            self.served = served
            token = try served.token("ana")
            let begun = try served.ask(
                "POST", "/v1/poll", token: token, body: "{\"rid\":10,\"wait\":\(wait),\"hold\":1}")
            sid = begun.json["sid"]?.string ?? ""
            #expect(begun.status == 200 && begun.json["requests"] == 2 && begun.json["cursor"]?.string != nil)
        }

        /// Sends a request, and does not wait for its answer.
        func send(_ rid: Int, _ more: String = "") throws -> Wire {
            let wire = try served.wire()
            let body = "{\"sid\":\"\(sid)\",\"rid\":\(rid)\(more)}"
            try wire.send("POST", "/v1/poll", token: token, body: Array(body.utf8))
            return wire
        }
    }

    @Test("a request is held until something happens, and an answer that was lost is given again")
    func holding() throws {
        let served = try ServedWorld()
        let poller = try Poller(served)
        let wire = try poller.send(11)
        served.world.run("post create one --by bob")
        let answer = try wire.response()
        #expect(answer.json["rid"] == 11)
        #expect(answer.json["messages"]?.array?.first?["item"]?["text"] == "one")
        #expect(try poller.send(11).response().body == answer.body)
        // Between two requests nothing is lost.
        served.world.run("post create two --by bob")
        served.world.run("post create three --by bob")
        var texts: [JSONValue?] = []
        var rid = 12
        while texts.count < 2 {
            texts += try poller.send(rid).response().json["messages"]?.array?.map { $0["item"]?["text"] } ?? []
            rid += 1
        }
        #expect(texts == ["two", "three"])
    }

    @Test("a second request lets the first go, and takes its place")
    func second() throws {
        let served = try ServedWorld()
        let poller = try Poller(served)
        let first = try poller.send(11)
        usleep(200_000)
        let second = try poller.send(12)
        #expect(try first.response().text == "{\"rid\":11,\"messages\":[]}\n")
        served.world.run("post create one --by bob")
        #expect(try second.response().json["messages"]?.array?.count == 1)
    }

    @Test("a request is answered when its time is over")
    func time() throws {
        let served = try ServedWorld()
        let poller = try Poller(served, wait: 1)
        #expect(try poller.send(11).response().json["messages"] == [])
    }

    @Test("a request out of turn ends the session, and one of another account finds none")
    func turns() throws {
        let served = try ServedWorld()
        let poller = try Poller(served)
        let body = "{\"sid\":\"\(poller.sid)\",\"rid\":11}"
        #expect(try served.ask("POST", "/v1/poll", token: try served.token("bob"), body: body).status == 404)
        let gone = try poller.send(20).response()
        #expect(gone.status == 404 && gone.json["condition"] == "item-not-found")
        #expect(try poller.send(11).response().status == 404)
        #expect(try served.ask("POST", "/v1/poll", body: "{\"rid\":1}").status == 401)
        #expect(try served.ask("POST", "/v1/poll", token: poller.token, body: "{}").status == 400)
        let bad = try served.ask("POST", "/v1/poll", token: poller.token, body: "{\"rid\":1,\"after\":\"x\"}")
        #expect(bad.status == 400)
    }

    @Test("messages go along with a request, and a session ends when its client says so")
    func messages() throws {
        let served = try ServedWorld()
        let poller = try Poller(served)
        let answer = try poller.send(11, ",\"send\":[{\"type\":\"ping\",\"id\":1}]").response()
        #expect(answer.json["messages"]?.array?.first?["id"] == 1)
        let posted = try poller.send(12, ",\"send\":[{\"type\":\"post\",\"id\":2,\"text\":\"hi\"}]").response()
        #expect(posted.status == 200)
        #expect(eventually { served.command("post", "list", "--by", "ana", "--limit", "1").contains("\"hi\"") })
        #expect(try poller.send(13, ",\"type\":\"terminate\"").response().status == 200)
        #expect(try poller.send(14).response().status == 404)
    }
}
