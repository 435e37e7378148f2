// What views and cursors make of slots that have moved: each property that the long test relies on, by itself.

import TestKit
import Testing

@testable import SocialCore

@Suite("Views of slots that have moved")
struct MovedViewTests {
    private func made(shards: Int = 2) throws -> FeedWorld {
        let world = try FeedWorld(shards: shards, placement: .user, chance: Chance(seed: 9), hasTwin: false)
        for _ in 0..<8 { try world.createAccount() }
        for _ in 0..<30 { try world.follow() }
        for _ in 0..<30 { try world.post() }
        try world.network.publish()
        return world
    }

    /// An account on a shard.
    private func account(on shard: Int, _ world: FeedWorld) throws -> AccountRecord {
        try #require(world.model.accounts.first { world.network.router.shard(of: $0.id.slot) == shard })
    }

    @Test("An adoption is passed only behind the commit that released the slot")
    func order() throws {
        let world = try made()
        let router = world.network.router
        let start = try world.network.feeds.caches.logHeads.vector()
        let mover = try account(on: 1, world)
        _ = try world.network.posts.create(by: mover, text: "before")
        _ = try world.network.moveSlots([mover.id.slot], to: 0)
        _ = try world.network.posts.create(by: mover, text: "after")
        // The adopting shard comes first by number: without the rule its log would be read to the end first.
        var entries: [EventEntry] = []
        var offsets = start
        let isDone = try OrderedLogs(router: router).forEach(after: &offsets, entryLimit: 1) { part in
            entries += part.events.flatMap(\.entries)
            return true
        }
        let heads = try world.network.feeds.caches.logHeads.vector()
        #expect(isDone && offsets == heads)
        let kinds = entries.map { entry in
            switch entry {
            case .posted: "posted"
            case .released: "released"
            case .adopted: "adopted"
            default: "other"
            }
        }
        #expect(kinds == ["posted", "released", "adopted", "posted"])
        // A view that never saw the giving shard's log cannot pass.
        var lost = start
        lost[1]?.n += 1_000
        let goesOn = try OrderedLogs(router: router).forEach(after: &lost) { _ in true }
        #expect(!goesOn)
    }

    @Test("A watched feed tells of posts before and after a move once, and also of a shard that was added")
    func watching() throws {
        let world = try made()
        let author = try account(on: 1, world)
        let reader = try #require(world.model.accounts.first { $0.id.slot != author.id.slot })
        _ = try world.network.graph.follow(reader, author)
        let start = try world.network.feeds.caches.logHeads.vector()
        var tail = try world.network.feeds.tail(of: reader.id, after: .log(start, passed: nil))
        var expected: [PostID] = []
        for text in ["one", "two"] { expected.append(try world.network.posts.create(by: author, text: text).value.id) }
        let added = try world.network.addShard(weight: 1, in: nil).shard
        _ = try world.network.moveSlots([author.id.slot], to: added)
        for text in ["three", "four"] {
            expected.append(try world.network.posts.create(by: author, text: text).value.id)
        }
        var found: [PostID] = []
        for _ in 0..<10 { found += try tail.next().map(\.content.post.id) }
        #expect(found == expected)
    }

    @Test("Logs are trimmed behind moves, and what is read stays right")
    func trimming() throws {
        let world = try made()
        let mover = try account(on: 1, world)
        _ = try world.network.moveSlots([mover.id.slot], to: 0)
        try world.regenerate()
        for shard in world.network.router.shards {
            let head = try world.network.router.read(shard: shard) { try $0.state().head }
            try world.network.router.write(shard: shard) { try $0.trimLog(through: head) }
        }
        try world.reopen()
        try world.expectAllFeeds("after trimming")
        try world.expectVerified("after trimming")
        _ = try world.network.moveSlots([mover.id.slot], to: 1)
        try world.expectAllFeeds("after another move")
        #expect(try world.network.verification.run() == [])
    }

    @Test("A process that waited with the old map never writes to a slot that has moved")
    func stale() throws {
        let world = try made()
        let stale = try Network(opening: world.directory.file("data"), context: world.context)
        let author = try account(on: 1, world)
        // It has everything open and in hand.
        _ = try stale.posts.create(by: author, text: "in time")
        stale.router.beginGroup()
        try stale.router.endGroup()
        _ = try world.network.moveSlots([author.id.slot], to: 0)
        let old = stale.router.map.current
        #expect(old.owner(of: author.id.slot).shard == 1)
        let store = try stale.router.store(1)
        let draft = PostDraft(author: author.id, slot: author.id.slot, text: "late")
        #expect(throws: StoreError.self) { try store.write { try $0.createPost(draft, now: noon) } }
        let made = try stale.posts.create(by: author, text: "later").value.id
        #expect(stale.router.shard(of: author.id.slot) == 0)
        #expect(try world.network.router.read(shard: 0) { try $0.post(made) } != nil)
        #expect(try world.network.router.read(shard: 1) { try $0.posts(by: author.id, in: .all, limit: 9) } == [])
    }

    @Test("A process that has a shard in hand which is removed goes on with the others")
    func removed() throws {
        let world = try made(shards: 3)
        for isOpen in [false, true] {
            let shard = try #require(world.network.router.shards.first)
            let stale = try Network(opening: world.directory.file("data"), context: world.context)
            if isOpen { _ = try stale.feeds.status() }
            // It learns of the moves, but not yet of the end.
            _ = try world.network.rebalance([(shard, 0)])
            if isOpen { _ = try stale.shards() }
            _ = try world.network.removeShard(shard)
            let author = try #require(world.model.accounts.first)
            _ = try stale.posts.create(by: author, text: "still here")
            try stale.publish()
            #expect(!stale.router.shards.contains(shard))
            #expect(try stale.feeds.status().allSatisfy { $0.lag == 0 })
            #expect(try stale.verification.run() == [])
        }
        let folder = try FileSystem().names(in: world.directory.file("data/shards"))
        #expect(folder.count == 1)
    }

    @Test("A shard is not removed while no other has a weight, and nothing has changed then")
    func lastWeight() throws {
        let world = try made(shards: 3)
        // Two drained ones, as removals that were interrupted leave them.
        _ = try world.network.rebalance([(0, 0), (2, 0)])
        let map = world.network.router.map.current
        for body in [
            { _ = try world.network.planRemoving(1) }, { _ = try world.network.removeShard(1) },
        ] {
            let error = #expect(throws: ShardsError.self) { try body() }
            #expect(error?.code == .lastShard && error?.hint?.contains("--weight 0=1") == true)
        }
        #expect(world.network.router.map.current == map)
        _ = try world.network.removeShard(0)
        _ = try world.network.rebalance([(2, 1)])
        _ = try world.network.removeShard(1)
        #expect(world.network.router.shards == [2])
        #expect(try world.network.verification.run() == [])
    }

    @Test("A bulk write of a process that does not know that a shard is gone goes to the others")
    func bulkWithoutShard() throws {
        let world = try made(shards: 3)
        let stale = try Network(opening: world.directory.file("data"), context: world.context)
        _ = try world.network.removeShard(0)
        let handles = try (0..<60).map { try Handle("bulk\($0)") }
        // The shard that is gone comes first, so that no other one tells of the moves before it is met.
        #expect(Set(handles.map { stale.router.shard(of: Slot(of: $0)) }) == [0, 1, 2])
        let (ids, created) = try stale.accounts.ensure(handles)
        #expect(created == handles.count && ids.count == handles.count)
        #expect(stale.router.shards == [1, 2])
        #expect(try world.network.accounts.ids(of: handles) == ids)
        #expect(try world.network.verification.run() == [])
    }

    @Test("A bulk import that was stopped goes on rightly in slots that have moved since")
    func imports() throws {
        let world = try made()
        let network = world.network
        let authors = world.model.accounts
        let total = 400
        func run(upTo count: Int) throws -> PostImport.Summary {
            var run = try PostImportRun(
                key: "k", total: total, batchRows: 50, dealtTo: nil, posts: network.posts)
            for row in 0..<count {
                try run.add("row \(row)", by: authors[row % authors.count].id, at: nil, index: row)
            }
            if count == total { try run.end() }
            return run.summary
        }
        // Batches of 50 are written when the next row comes: 150 rows are stored, 10 are lost with the process.
        _ = try run(upTo: 160)
        _ = try network.moveSlots(authors.prefix(3).map(\.id.slot), to: 1)
        let added = try network.addShard(weight: 1, in: nil).shard
        _ = try network.moveSlots(authors.suffix(3).map(\.id.slot), to: added)
        _ = try run(upTo: 290)
        _ = try network.moveSlots(authors.map(\.id.slot), to: 0)
        _ = try network.rebalance([])
        #expect(try run(upTo: total).posts < 200)
        #expect(try run(upTo: total).posts == 0)
        let texts = try network.router.gather { try $0.posts(in: .all, limit: 1_000).map(\.text) }.flatMap { $0 }
        let rows = texts.filter { $0.hasPrefix("row") }
        #expect(rows.count == total && Set(rows).count == total)
    }
}
