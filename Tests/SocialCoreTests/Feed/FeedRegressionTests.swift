// Feeds that were once wrong, each as small as it could be made.

import TestKit
import Testing

@testable import SocialCore

@Suite("Feeds that were once wrong stay right")
struct FeedRegressionTests {
    private let path: TemporaryDirectory
    private let capacity = 5

    init() throws {
        path = try TemporaryDirectory()
        try Network.create(path.file("data"), .init(), context: context())
        _ = try Network(opening: path.file("data"), context: context()).set("feed.capacity", to: "\(capacity)")
    }

    @Test("Following an account with more posts than a feed holds leaves no gap", arguments: 4...8)
    func backFill(posts count: Int) throws {
        let network = try open()
        let (ada, bob) = try accounts(network)
        let ids = try (0..<count).map { try network.posts.create(by: bob, text: "\($0)").value.id }
        try network.publish()
        _ = try network.graph.follow(ada, bob)
        try network.publish()
        try expect(network, ada, ids)
    }

    @Test("A post imported from before a full feed's oldest leaves no gap", arguments: 4...6)
    func imported(posts count: Int) throws {
        let network = try open()
        let (ada, bob) = try accounts(network)
        _ = try network.graph.follow(ada, bob)
        try network.publish()
        var ids = try (0..<count).map { try network.posts.create(by: bob, text: "\($0)").value.id }
        try network.publish()
        let past = noon.advanced(byMilliseconds: -3_600_000)
        let draft = PostDraft(author: bob.id, slot: bob.id.slot, text: "old", time: past)
        ids.insert(try network.router.write(bob.id.slot) { try $0.createPost(draft, now: noon) }.value.id, at: 0)
        try network.publish()
        try expect(network, ada, ids)
    }

    @Test("A post deleted between unfollowing and following again does not stay in the cache")
    func followedAgain() throws {
        let place = path.file("two")
        try Network.create(place, .init(shards: 2), context: context())
        let network = try Network(opening: place, context: context())
        let map = network.router.map.current
        let handles = try (0..<40).map { try Handle("u\($0)") }
        func account(_ shard: Int, _ index: Int) throws -> AccountRecord {
            let mine = handles.filter { map.owner(of: Slot(of: $0)).shard == shard }
            return try network.accounts.create(AccountDraft(handle: mine[index])).value
        }
        let (reader, author) = (try account(0, 0), try account(1, 0))
        _ = try network.graph.follow(reader, author)
        let id = try network.posts.create(by: author, text: "goes").value.id
        try network.publish()
        _ = try account(0, 1)
        _ = try network.posts.delete(id)
        // The applier has read the first shard's head when the reader unfollows there, so the deletion, in the second
        // shard, is applied while there is no follower; then the reader follows again.
        let tap = Interloper()
        tap.act = { () throws in
            tap.act = {}
            #expect(try network.graph.unfollow(reader, author))
        }
        var tapped = context()
        tapped.fileTap = tap
        let feeds = try Network(opening: place, context: tapped).feeds
        let cache = try #require(feeds.caches.cache(of: 0, writable: true))
        tap.isArmed = true
        _ = try FeedView(caches: feeds.caches, pull: feeds.pull, shard: 0).catchUp(cache, entryLimit: .max)
        tap.isArmed = false
        #expect(try network.graph.follow(reader, author))
        try network.publish()
        try expect(network, reader, [])
    }

    @Test("Posts that a deletion has not reached yet are no difference between the cache and the truth")
    func halfDeleted() throws {
        let place = path.file("spread")
        try Network.create(place, .init(shards: 2, placement: .post), context: context())
        let network = try Network(opening: place, context: context())
        let (ada, bob) = try accounts(network)
        _ = try network.graph.follow(ada, bob)
        for number in 0..<8 { _ = try network.posts.create(by: bob, text: "\(number)") }
        try network.publish()
        // The process ends after the first of the transactions: posts on the other shard are still there.
        #expect(try network.router.write(bob.id.slot) { try $0.deleteAccount(bob.id) } != nil)
        for shard in network.router.shards {
            try FileSystem().remove("\(DataDirectory.shardPath(place, shard: shard))/feed.cache")
        }
        let later = try Network(opening: place, context: context())
        try later.publish()
        #expect(try later.feeds.page(for: ada.id, limit: 20).isEmpty)
        #expect(try later.feeds.verify().differences.isEmpty)
    }

    // MARK: Parts

    private func context() -> Context {
        Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 3)), lockWaitMilliseconds: 0)
    }

    private func open() throws -> Network { try Network(opening: path.file("data"), context: context()) }

    private func accounts(_ network: Network) throws -> (AccountRecord, AccountRecord) {
        let made = try ["ada", "bob"].map { try network.accounts.create(AccountDraft(handle: try Handle($0))).value }
        return (made[0], made[1])
    }

    /// Reads a feed in pages of two, and as a whole from the cache.
    private func expect(_ network: Network, _ reader: AccountRecord, _ ids: [PostID]) throws {
        var read: [PostID] = []
        while true {
            let page = try network.feeds.page(for: reader.id, after: read.last, limit: 2).map(\.post.id)
            read += page
            if page.count < 2 { break }
        }
        #expect(read == ids.reversed())
        let record = try #require(try network.feeds.cachedRecord(of: reader.id))
        #expect(record.entries == ids.filter { $0 >= record.coveredFrom })
        #expect(try network.feeds.verify().differences.isEmpty)
    }
}
