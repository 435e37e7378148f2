// What comes into a feed as it comes, against the difference between the feed before and after; and that a run may end
// and go on anywhere.

import TestKit
import Testing

@testable import SocialCore

@Suite("New posts of a feed")
struct FeedTailTests {
    static let rounds = TestRun.times(40)

    private func made(_ name: String, shards: Int, _ placement: Placement = .user) throws -> FeedWorld {
        let world = try FeedWorld(shards: shards, placement: placement, chance: Chance(name))
        for _ in 0..<6 { try world.createAccount() }
        for _ in 0..<40 { try world.change() }
        return world
    }

    /// Some changes, in commits of their own or together.
    private func act(_ world: FeedWorld) throws {
        guard world.chance.isOne(in: 3) else {
            for _ in 0..<world.chance.below(6) { try world.change() }
            return
        }
        world.network.router.beginGroup()
        for _ in 0..<world.chance.below(12) { try world.change() }
        try world.network.router.endGroup()
    }

    /// Lets an account follow all it can.
    private func followAll(_ reader: UserID, _ world: FeedWorld) throws {
        guard let account = world.model.accounts.first(where: { $0.id == reader }) else { return }
        for other in world.model.accounts where other.id != reader && !world.model.isBlocked(reader, other.id) {
            try world.attempt { _, graph, _ in try graph.follow(account, other) }
            world.model.follows[reader, default: []].insert(other.id)
        }
    }

    /// Everything that is new.
    private func all(_ tail: inout FeedTail) throws -> [FeedTail.Item] {
        var items: [FeedTail.Item] = []
        while true {
            let more = try tail.next()
            if more.isEmpty { return items }
            items += more
        }
    }

    @Test("Each post that comes in is met once, imported ones too", arguments: [1, 4], Placement.allCases)
    func news(shards: Int, placement: Placement) throws {
        let world = try made("news on \(shards) by \(placement)", shards: shards, placement)
        let reader = try #require(world.model.accounts.last).id
        // Other processes read: one that goes on, and one that remembers nothing.
        let now = world.now
        var tails = try [true, false].map { try world.opened(isLongRunning: $0).feeds.tail(of: reader) }
        var count = 0
        for round in 0..<Self.rounds {
            try followAll(reader, world)
            for index in tails.indices { _ = try all(&tails[index]) }
            let before = Set(world.model.posts.keys)
            for _ in 0..<3 { try world.post() }
            try act(world)
            if world.chance.isOne(in: 3) { try world.network.publish() }
            let expected = world.model.feeds.feed(reader, at: now).filter { !before.contains($0) }
            for index in tails.indices {
                let note = "round \(round), process \(index), seed \(world.chance.seed)"
                let items = try all(&tails[index]).map(\.content.post.id)
                try #require(items.count == Set(items).count, "\(note)")
                try #require(Set(items) == Set(expected), "\(note)")
                #expect(try tails[index].next().isEmpty)
                count += items.count
            }
            guard world.model.accounts.contains(where: { $0.id == reader }) else { break }
        }
        print("    \(count) new posts")
    }

    @Test("A run may end behind any post and goes on there", arguments: [1, 3])
    func positions(shards: Int) throws {
        let world = try made("positions on \(shards)", shards: shards)
        for round in 0..<Self.rounds / 4 {
            guard let reader = world.chance.one(of: world.model.accounts)?.id else { return }
            try followAll(reader, world)
            let start = FeedTail.Position.log(try world.network.feeds.caches.logHeads.vector(), passed: nil)
            for _ in 0..<3 { try act(world) }
            func tail(_ position: FeedTail.Position) throws -> FeedTail {
                // As it is written, in another run.
                let read = try #require(FeedTail.Position(position.description))
                #expect(read == position)
                return try world.network.feeds.tail(of: reader, after: read)
            }
            var whole = try tail(start)
            let items = try all(&whole)
            for (index, item) in items.enumerated() where shards == 1 {
                var rest = try tail(item.position)
                let found = try all(&rest).map(\.content.post.id)
                let note = "round \(round), seed \(world.chance.seed)"
                try #require(found == items.dropFirst(index + 1).map(\.content.post.id), "\(note)")
            }
            // One at a time, each in a run of its own.
            var position = start
            var met: [PostID] = []
            while true {
                var run = try tail(position)
                guard let item = try run.next().first else { break }
                met.append(item.content.post.id)
                position = item.position
            }
            try #require(met.count == items.count, "round \(round), seed \(world.chance.seed)")
            #expect(Set(met) == Set(items.map(\.content.post.id)), "round \(round), seed \(world.chance.seed)")
        }
    }

    @Test("Posts of one log come in the order of its commits, and of their ids within one")
    func order() throws {
        let world = try FeedWorld(shards: 1, placement: .user, chance: Chance("order"))
        for _ in 0..<2 { try world.createAccount() }
        let (reader, author) = (world.model.accounts[0], world.model.accounts[1])
        _ = try world.network.graph.follow(reader, author)
        var tail = try world.network.feeds.tail(of: reader.id)
        func post(at hours: Int64) throws -> PostID {
            let time = noon.advanced(byMilliseconds: hours * -3_600_000)
            let draft = PostDraft(author: author.id, slot: author.id.slot, text: "x", time: time)
            return try world.network.router.write(author.id.slot) { try $0.createPost(draft, now: world.now) }.value.id
        }
        let first = try post(at: 3)
        world.network.router.beginGroup()
        let group = try [post(at: 1), post(at: 9), post(at: 5)]
        try world.network.router.endGroup()
        let last = try post(at: 7)
        #expect(try all(&tail).map(\.content.post.id) == [first] + group.sorted() + [last])
    }

    @Test("After a post of the feed comes what is newer, and then what comes in")
    func afterPost() throws {
        let world = try made("after a post", shards: 2)
        for _ in 0..<Self.rounds / 4 {
            guard let reader = world.chance.one(of: world.model.accounts)?.id else { return }
            let feed = world.model.feeds.feed(reader, at: world.now)
            guard let id = world.chance.one(of: feed) else { continue }
            var tail = try world.network.feeds.tail(of: reader, after: .post(id))
            #expect(try all(&tail).map(\.content.post.id) == feed.filter { $0 > id }.reversed())
            for _ in 0..<4 { try world.post() }
            let seed = world.chance.seed
            let came = world.model.feeds.feed(reader, at: world.now).filter { !feed.contains($0) }
            #expect(Set(try all(&tail).map(\.content.post.id)) == Set(came), "seed \(seed)")
        }
    }

    @Test("A cursor that the logs no longer know is refused")
    func expired() throws {
        let world = try made("expired", shards: 2)
        let network = world.network
        let reader = world.model.accounts[0].id
        let offsets = try network.feeds.caches.logHeads.vector()
        func refuses(_ change: (inout OffsetVector) -> Void) throws -> Bool {
            var other = offsets
            change(&other)
            var tail = try network.feeds.tail(of: reader, after: .log(other, passed: nil))
            do { _ = try tail.next() } catch let error as EventsError { return error.code == .cursorExpired }
            return false
        }
        #expect(try !refuses { _ in })
        #expect(try !refuses { $0[1]?.n = 0 })
        #expect(try refuses { $0[1]?.incarnation ^= 1 })
        #expect(try refuses { $0[1]?.n += 1 })
        // The log of a shard that was not there yet is read from its beginning.
        #expect(try !refuses { $0[1] = nil })
        let account = try #require(world.model.accounts.first { network.router.shard(of: $0.id.slot) == 1 })
        try network.router.write(account.id.slot) { try $0.trimLog(through: 1) }
        #expect(try refuses { $0[1]?.n = 0 })
        #expect(try refuses { $0[1] = nil })
        #expect(try !refuses { $0[1]?.n = 1 })
    }

    @Test("A place is read as it is written, and nothing else is")
    func texts() {
        for text in ["1", "0:0:0", "0:zz:41", "0:1y2p0ij32e8e7:5,3:a:7", "0:a:5+0:2", "0:a:5,3:a:7+3:12"] {
            #expect(FeedTail.Position(text)?.description == text)
        }
        let bad = [
            "", "0", "x", "0:a", "0:a:5:6", "0:a:-1", "-1:a:5", "1024:a:5", "0:a:5,", "0:a:5,0:b:6", "0:!:5", "0:a:5+",
            "0:a:5+1:2", "0:a:5+0", "0:a:5+0:0", "0:a:5+0:1+0:1", "5+0:1", "0:a:5+0:x", "0:a:5 ",
        ]
        for text in bad { #expect(FeedTail.Position(text) == nil, "\(text)") }
    }
}
