// What others did, over HTTP: listed, counted, marked as read, and told as it happens.

import Formats
import SocialCLI
import SocialCore
import TestKit
import Testing

@testable import SocialServe

@Suite("Notifications over HTTP")
struct NotificationTests {
    @Test("notifications are listed, counted and marked as read, as the commands do")
    func reading() throws {
        let served = try ServedWorld { $0.context.clock = .fixed(CommandWorld.start.advanced(byMilliseconds: 60_000)) }
        let token = try served.token("ana")
        let post = served.world.run("post list --by ana --limit 1 --format ids").text.split(separator: "\n").joined()
        served.world.run("post like \(post) --by bob")
        served.world.run(["post", "create", "hello @ana", "--by", "bob"])
        let list = try served.get("/v1/notifications", token: token)
        #expect(list.status == 200)
        #expect(list.text == served.command("notification", "list", "ana"))
        let unread = try served.get("/v1/notifications?count=unread", token: token)
        #expect(unread.json["unread"]?.integer == Int64(list.json.array?.count ?? 0))
        #expect(try served.get("/v1/notifications?unread&kind=like&limit=1", token: token).json.array?.count == 1)
        let id = try #require(list.json.array?.first?["id"]?.string)
        func mark(_ body: String) throws -> Wire.Response {
            try served.ask("POST", "/v1/notifications/read", token: token, body: body)
        }
        #expect(try mark("{\"ids\":[\"\(id)\"]}").json["changed"] == true)
        #expect(try mark("{\"all\":true}").json["unread"] == 0)
        #expect(try mark("{}").status == 400)
        #expect(try served.get("/v1/notifications?count=unread", token: token).text == "{\"unread\":0}\n")
        #expect(try served.get("/v1/notifications").status == 401)
    }

    @Test("what others do is told to who listens, and marked as read from there")
    func listening() throws {
        let served = try ServedWorld { $0.context.clock = .fixed(CommandWorld.start.advanced(byMilliseconds: 60_000)) }
        let post = served.world.run("post list --by ana --limit 1 --format ids").text.split(separator: "\n").joined()
        let live = try LiveWire(served, token: try served.token("ana"))
        _ = try live.message()
        served.world.run("post like \(post) --by bob")
        let message = try live.message()
        #expect(message["type"] == "notification")
        #expect(message["item"]?["kind"] == "like" && message["item"]?["post"]?.string == post)
        #expect(message["cursor"]?.string?.isEmpty == false)
        try live.send("{\"type\":\"read\",\"id\":1,\"all\":true}")
        let result = try live.message()
        #expect(result["id"] == 1 && result["value"]?["unread"] == 0, "\(result.text)")
    }
}
