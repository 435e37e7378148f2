// What a process that goes on working remembers, against what is stored: while another process writes, and when there
// is more than it remembers.

import TestKit
import Testing

@testable import SocialCore

@Suite("What a process remembers of posts")
struct ReadCacheTests {
    @Test("A table that is too small forgets, but never tells what is not so", arguments: [8, 16, 64])
    func table(capacity: Int) throws {
        let chance = Chance("table of \(capacity)")
        var table = Recent<Int>(capacity: capacity)
        var model: [Int64: Int] = [:]
        for step in 0..<TestRun.times(4_000) {
            let key = Int64(1 + chance.below(6 * capacity))
            switch chance.below(8) {
            case 0:
                table[key] = nil
                model[key] = nil
                try #require(table[key] == nil, "step \(step), seed \(chance.seed)")
            case 1...5:
                table[key] = step
                model[key] = step
                try #require(table[key] == step, "step \(step), seed \(chance.seed)")
            default: break
            }
            if chance.isOne(in: 1_000) {
                table.removeAll()
                model = [:]
            }
            let other = Int64(1 + chance.below(6 * capacity))
            if let found = table[other] { try #require(found == model[other], "step \(step), seed \(chance.seed)") }
        }
        for key in 1...Int64(100 * capacity) { table[key] = 1 }
        let kept = (1...Int64(100 * capacity)).count { table[$0] != nil }
        #expect((capacity...2 * capacity).contains(kept), "\(kept) are kept")
    }

    @Test("So many are remembered where there is room for them")
    func room() {
        var table = Recent<Int64>(capacity: 1_024)
        for key: Int64 in 1...512 { table[key] = key }
        #expect((1...512).allSatisfy { table[$0] == $0 })
    }

    @Test(
        "Profiles are right while others post, import and delete, also beyond what is remembered of each author",
        arguments: Placement.allCases)
    func profiles(placement: Placement) throws {
        let chance = Chance("profiles by \(placement)")
        let world = try Readers(placement, chance)
        let (author, writer, reader) = (world.author, world.writer, world.reader)
        var ids: Set<PostID> = []
        let limits = [1, 5, Limits.rememberedPosts - 1, Limits.rememberedPosts, Limits.rememberedPosts + 1]
        for round in 0..<60 {
            writer.router.beginGroup()
            // At first there are fewer than are remembered, then more.
            for _ in 0...chance.below(6) {
                switch chance.below(round < 40 ? 8 : 4) {
                case 0, 1:
                    guard let id = chance.one(of: ids.sorted()) else { continue }
                    _ = try writer.posts.delete(id)
                    ids.remove(id)
                case 2...4:
                    let time = noon.advanced(byMilliseconds: -Int64(1 + chance.below(100_000)))
                    let slot = placement == .user ? author.id.slot : Slot(masking: Int64(chance.below(10_000)))
                    let draft = PostDraft(author: author.id, slot: slot, text: "old", time: time)
                    ids.insert(try writer.router.write(slot) { try $0.createPost(draft, now: noon) }.value.id)
                default: ids.insert(try writer.posts.create(by: author, text: "new").value.id)
                }
            }
            try writer.router.endGroup()
            for _ in 0..<(round < 20 ? 3 : 0) {
                for _ in 0..<3 { ids.insert(try writer.posts.create(by: author, text: "more").value.id) }
            }
            guard let limit = chance.one(of: limits) else { continue }
            let found = try reader.posts.profile(of: author.id, limit: limit).map(\.id)
            let expected = Array(ids.sorted(by: >).prefix(limit))
            try #require(found == expected, "round \(round), limit \(limit), seed \(chance.seed)")
        }
        #expect(ids.count > Limits.rememberedPosts)
    }

    @Test("A cache that is behind is read with what has been posted since, and not when more than that has happened")
    func behind() throws {
        let world = try Readers(.user, Chance("behind"))
        let (writer, reader) = (world.writer, world.reader)
        func record() throws -> FeedRecord? { try reader.feeds.cachedRecord(of: world.bob.id) }
        func isCurrent() throws -> Bool { try reader.feeds.caches.current(of: 0) != nil }
        try writer.publish()
        #expect(try reader.feeds.page(for: world.bob.id, limit: 5).isEmpty && record()?.entries == [])
        let first = try writer.posts.create(by: world.author, text: "first").value.id
        _ = try writer.posts.create(by: world.bob, text: "not in my own feed")
        #expect(try record()?.entries == [first])
        #expect(try !isCurrent())
        let old = PostDraft(
            author: world.author.id, slot: world.author.id.slot, text: "old", time: noon.advanced(byMilliseconds: -9))
        let oldest = try writer.router.write(old.slot) { try $0.createPost(old, now: noon) }.value.id
        #expect(try record()?.entries == [oldest, first])
        #expect(try reader.feeds.page(for: world.bob.id, limit: 5).map(\.source) == [.cache, .cache])
        _ = try writer.posts.delete(first)
        #expect(try record() == nil)
        #expect(try reader.feeds.page(for: world.bob.id, limit: 5).map(\.post.id) == [oldest])
        try writer.publish()
        #expect(try record()?.entries == [oldest])
        #expect(try isCurrent())
        #expect(try writer.graph.unfollow(world.bob, world.author))
        #expect(try record() == nil)
        try writer.publish()
        #expect(try record()?.entries == [])
        // A process that has just begun does not know what has been posted since.
        _ = try writer.posts.create(by: world.author, text: "next")
        #expect(try world.open(isLongRunning: true).feeds.cachedRecord(of: world.bob.id) == nil)
    }

    @Test("A handle that is changed together with posts hides none of them")
    func renamedMeanwhile() throws {
        let world = try Readers(.user, Chance("renamed meanwhile"))
        try world.writer.publish()
        #expect(try world.reader.feeds.page(for: world.bob.id, limit: 5).isEmpty)
        let first = try world.writer.posts.create(by: world.author, text: "first").value.id
        _ = try world.writer.accounts.rename(world.author, to: try Handle("eve"))
        let second = try world.writer.posts.create(by: world.author, text: "second").value.id
        let page = try world.reader.feeds.page(for: world.bob.id, limit: 5)
        #expect(page.map(\.post.id) == [first, second].sorted(by: >))
        #expect(page.allSatisfy { $0.content.author.handle.display == "eve" })
    }

    @Test("Items come in the order in which they are asked for, whichever of them are remembered")
    func order() throws {
        var chance = Chance("order of items")
        let world = try Readers(.user, chance)
        var ids: [PostID] = []
        for round in 0..<40 {
            for _ in 0..<chance.below(3) {
                ids.append(try world.writer.posts.create(by: world.author, text: "post").value.id)
            }
            var asked = Array(ids.shuffled(using: &chance).prefix(chance.below(8)))
            if let gone = chance.one(of: ids), chance.isOne(in: 4) {
                _ = try world.writer.posts.delete(gone)
                ids.removeAll { $0 == gone }
            }
            asked += [PostID(rawValue: 1)]
            let found = try world.reader.posts.items(ofIDs: asked).map(\.id)
            try #require(found == asked.filter(ids.contains), "round \(round), seed \(chance.seed)")
        }
    }

    @Test("Items follow edits of what is passed on, blocks and mutes of another process")
    func items() throws {
        let world = try Readers(.user, Chance("items"))
        let (writer, reader, bob) = (world.writer, world.reader, world.bob)
        let carol = try writer.accounts.create(AccountDraft(handle: try Handle("carol"))).value
        let original = try writer.posts.create(by: carol, text: "as it was").value.id
        let repost = try writer.posts.repost(original, by: world.author).value.id
        func texts() throws -> [String] {
            try reader.feeds.page(for: bob.id, limit: 5).compactMap(\.content.original?.post.text)
        }
        #expect(try texts() == ["as it was"])
        _ = try writer.posts.edit(original, text: "as it is")
        #expect(try texts() == ["as it is"])
        for kind in [RelationKind.block, .mute] {
            for (one, other) in [(bob, carol), (carol, bob)] {
                _ = try writer.graph.relate(kind, one, other)
                let isHidden = kind == .block || one == bob
                #expect(try texts() == (isHidden ? [] : ["as it is"]), "\(kind) by \(one.handle)")
                _ = try writer.graph.unrelate(kind, one, other)
                #expect(try texts() == ["as it is"], "no \(kind) by \(one.handle)")
            }
        }
        _ = try writer.accounts.delete(carol.handle)
        #expect(try texts().isEmpty && reader.posts.items(ofIDs: [repost]).isEmpty)
    }
}

/// A writer and a reader that goes on working, on one directory; bob follows the author.
private struct Readers {
    let directory: TemporaryDirectory
    let writer: Network
    let reader: Network
    let author: AccountRecord
    let bob: AccountRecord
    private let chance: Chance

    init(_ placement: Placement, _ chance: Chance) throws {
        self.chance = chance
        directory = try TemporaryDirectory()
        let context = Context(clock: .fixed(noon), random: chance.source, lockWaitMilliseconds: 0)
        let shards = placement == .user ? 1 : 2
        try Network.create(directory.file("data"), .init(shards: shards, placement: placement), context: context)
        writer = try Network(opening: directory.file("data"), context: context)
        author = try writer.accounts.create(AccountDraft(handle: try Handle("ada"))).value
        bob = try writer.accounts.create(AccountDraft(handle: try Handle("bob"))).value
        _ = try writer.graph.follow(bob, author)
        var long = context
        long.isLongRunning = true
        reader = try Network(opening: directory.file("data"), context: long)
    }

    func open(isLongRunning: Bool) throws -> Network {
        var context = Context(clock: .fixed(noon), random: chance.source, lockWaitMilliseconds: 0)
        context.isLongRunning = isLongRunning
        return try Network(opening: directory.file("data"), context: context)
    }
}
