// Tasks that changes cause: made once for each change, by whoever looks first, and sent on to those whom they concern.

import Formats
import TestKit
import Testing

@testable import SocialCore

@Suite("Tasks that changes cause")
struct LogTaskTests {
    private static let day: Int64 = 86_400_000

    /// The texts of all messages of a topic.
    private func payloads(_ network: Network, _ topic: String) throws -> [String] {
        guard try !network.queue.status(topic).isEmpty else { return [] }
        return try network.queue.messages(of: topic, limit: .max)
            .map { String(decoding: $0.message.payload, as: UTF8.self) }
    }

    private func put(_ world: CountedNetwork, _ author: AccountRecord, _ file: String) throws -> MediaID {
        let path = Repository.path("fixtures/\(file)")
        return try world.network.uploads.put(Upload(path: path), by: author).record.id
    }

    @Test("Each upload becomes one task of its kind, whoever looks, and however often")
    func uploads() throws {
        let world = try CountedNetwork(shards: 2)
        let ana = try world.network.accounts.create(AccountDraft(handle: Handle("ana"))).value
        let picture = try put(world, ana, "pictures/cat.png")
        let other = try Network(opening: world.directory.file("data"), context: world.context)
        #expect(try LogTasks(network: world.network).advance { _ in true } == 1)
        #expect(try LogTasks(network: other).advance { _ in true } == 0)
        let film = try put(world, ana, "films/h264-aac.mp4")
        #expect(try LogTasks(network: other).advance { _ in true } == 1)
        #expect(try LogTasks(network: world.network).advance { _ in true } == 0)
        #expect(try payloads(world.network, WorkTopic.thumbnails) == [picture.description])
        #expect(try payloads(world.network, WorkTopic.segments) == [film.description])
        // Nothing is for those who have none of the slots.
        _ = try put(world, ana, "pictures/420.jpg")
        #expect(try LogTasks(network: world.network).advance { _ in false } == 0)
    }

    @Test("Many uploads become tasks part by part, and all of them do")
    func parts() throws {
        let world = try CountedNetwork(shards: 2)
        for name in ["ana", "bob"] {
            let author = try world.network.accounts.create(AccountDraft(handle: Handle(name))).value
            for file in ["cat.png", "420.jpg", "411.jpg"] { _ = try put(world, author, "pictures/\(file)") }
        }
        #expect(try LogTasks(network: world.network, batch: 1).advance { _ in true } == 6)
        #expect(try LogTasks(network: world.network).advance { _ in true } == 0)
    }

    @Test("A log that does not go on makes no task twice, and none is missing")
    func rescan() throws {
        let world = try CountedNetwork()
        let ana = try world.network.accounts.create(AccountDraft(handle: Handle("ana"))).value
        _ = try put(world, ana, "pictures/cat.png")
        #expect(try LogTasks(network: world.network).advance { _ in true } == 1)
        _ = try put(world, ana, "pictures/420.jpg")
        let slot = TopicRecord.slot(of: WorkTopic.thumbnails)
        try world.network.slotRecords.write(slot) { records in
            let lost = LogPositionRecord(shard: 0, incarnation: 4_711, n: 1)
            try records.setLogPositions([lost], of: WorkTopic.thumbnails, in: slot)
        }
        #expect(try LogTasks(network: world.network).advance { _ in true } == 1)
        #expect(try payloads(world.network, WorkTopic.thumbnails).count == 2)
    }

    @Test("A log is kept as far as somebody has to read it who makes tasks")
    func trimming() throws {
        let world = try CountedNetwork()
        let incarnation = try world.network.router.read(shard: 0) { try $0.state().incarnation }
        #expect(try world.network.router.consumedLog(0, incarnation) == nil)
        _ = try world.network.accounts.create(AccountDraft(handle: Handle("ana")))
        _ = try LogTasks(network: world.network).advance { _ in true }
        _ = try world.network.accounts.create(AccountDraft(handle: Handle("bob")))
        let head = try world.network.router.read(shard: 0) { try $0.state().head }
        #expect(try world.network.router.consumedLog(0, incarnation) == head - 1)
        #expect(try world.network.router.consumedLog(0, incarnation &+ 1) == nil)
    }

    @Test("Followers of a popular author who are not there get one message for all posts of a while")
    func waves() throws {
        let world = try CountedNetwork(shards: 2)
        try world.reopen(at: CountedNetwork.now.advanced(byMilliseconds: -10 * Self.day))
        var accounts: [AccountRecord] = []
        for name in ["star", "here", "gone", "away", "muter", "nova"] {
            accounts.append(try world.network.accounts.create(AccountDraft(handle: Handle(name))).value)
        }
        let star = accounts[0]
        let nova = accounts[5]
        for follower in accounts[1...4] { _ = try world.network.graph.follow(follower, star) }
        for follower in accounts[1...3] { _ = try world.network.graph.follow(follower, nova) }
        _ = try world.network.graph.relate(.mute, accounts[4], star)
        _ = try world.network.set("feed.push-limit", to: "2")
        try world.reopen()
        _ = try world.network.accounts.signIn(Handle("here"))
        _ = try LogTasks(network: world.network).advance { _ in true }
        let first = try world.network.posts.create(by: star, text: "one").value.id
        let second = try world.network.posts.create(by: nova, text: "two").value.id
        _ = try world.network.posts.create(by: accounts[1], text: "by nobody in particular")
        #expect(try LogTasks(network: world.network).advance { _ in true } == 2)
        func pull() throws -> [LeasedMessage] {
            try world.network.queue.pull(WorkTopic.waves, consumer: "workers", leaseMilliseconds: 1_000)
        }
        #expect(try pull().isEmpty)
        try world.reopen(at: CountedNetwork.now.advanced(byMilliseconds: PushWaves.gatheringMilliseconds))
        // The first post takes the other along; doing it again, as after a kill, changes nothing.
        let post = try #require(try pull().first)
        for _ in 0..<2 { _ = try PushWaves(network: world.network).perform(post) }
        _ = try world.network.queue.acknowledge([post.lease], in: WorkTopic.waves)
        let wave = try #require(try pull().first)
        _ = try PushWaves(network: world.network).perform(wave)
        // Done again after a kill it says nothing twice, also when somebody has come meanwhile.
        _ = try world.network.accounts.signIn(Handle("gone"))
        _ = try PushWaves(network: world.network).perform(wave)
        _ = try world.network.queue.acknowledge([wave.lease], in: WorkTopic.waves)
        #expect(try pull().isEmpty)
        let messages = try payloads(world.network, WorkTopic.push)
        #expect(messages.count == 1)
        let document = try JSONReader.parse(messages.first ?? "")
        #expect(document["posts"]?.array?.map { $0["author"]?.string } == ["star", "nova"])
        let told = document["to"]?.array ?? []
        #expect(Set(told.map { $0["handle"]?.string }) == ["gone", "away"])
        for entry in told {
            #expect(entry["posts"]?.array?.map(\.string) == ["\(first)", "\(second)"].sorted())
        }
    }
}
