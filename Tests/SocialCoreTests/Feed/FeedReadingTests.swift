// Ways to read a feed against plain definitions: windows, counts, the best first, many accounts on a page, and walks
// to any depth while others post.

import Foundation
import TestKit
import Testing

@testable import SocialCore

@Suite("Feeds are read as asked for")
struct FeedReadingTests {
    static let rounds = TestRun.times(30)

    private func made(_ name: String, shards: Int = 2) throws -> FeedWorld {
        let world = try FeedWorld(shards: shards, placement: .user, chance: Chance(name))
        for _ in 0..<6 { try world.createAccount() }
        for _ in 0..<40 { try world.change() }
        return world
    }

    /// The state of the cache is left to chance.
    private func shuffle(_ world: FeedWorld) throws {
        switch world.chance.below(6) {
        case 0: try world.regenerate()
        case 1: try world.regenerate(isFull: true)
        case 2: try world.reopen()
        case 3, 4: try world.network.publish()
        default: break
        }
    }

    /// Somebody posts, later than everybody before: within a millisecond ids are in the order of their slots.
    private func post(_ world: FeedWorld) throws {
        world.now = world.now.advanced(byMilliseconds: 1)
        world.network.context = world.context
        try world.post()
    }

    @Test("A window of a feed is what its cursors and times cut out of it, and is counted right")
    func windows() throws {
        let world = try made("windows")
        for round in 0..<Self.rounds {
            for _ in 0..<4 { try world.change() }
            try shuffle(world)
            guard let reader = world.chance.one(of: world.model.accounts)?.id else { return }
            let raw = world.model.feeds.rawFeed(reader)
            let range = range(world, raw)
            let page = Page(
                after: world.chance.isOne(in: 2) ? world.chance.one(of: raw) : nil,
                before: world.chance.isOne(in: 2) ? world.chance.one(of: raw) : nil,
                limit: world.chance.isOne(in: 3) ? .max : world.chance.below(9))
            let window = world.model.feeds.feed(reader, at: world.now).filter { id in
                range.contains(id) && page.after.map { id < $0 } ?? true && page.before.map { id > $0 } ?? true
            }
            let note = "\(page), \(range), round \(round), seed \(world.chance.seed)"
            let feeds = world.network.feeds
            let items = try feeds.page(for: reader, page, in: range)
            try #require(items.map(\.post.id) == page.cut(window), "\(note)")
            #expect(try feeds.count(for: reader, page, in: range) == window.count, "\(note)")
            let record = try feeds.cachedRecord(of: reader)
            for item in items {
                let isCached = record?.entries.contains(item.post.id) ?? false
                #expect((item.source == .cache) == isCached, "\(note)")
            }
        }
    }

    private func range(_ world: FeedWorld, _ ids: [PostID]) -> ClosedRange<PostID> {
        guard world.chance.isOne(in: 2), let one = world.chance.one(of: ids), let other = world.chance.one(of: ids)
        else { return .all }
        return min(one, other)...max(one, other)
    }

    // MARK: The best

    /// The score as the help says it.
    private func naiveScore(_ id: PostID, _ world: FeedWorld) -> Double {
        let count = world.model.engagement(world.model.posts[id]?.repostOf ?? id)
        let age = Double(world.now.milliseconds - id.time.milliseconds) / 3_600_000
        return log2(Double(2 + count.likes + 2 * count.replies + 2 * count.reposts)) * pow(2, -age / 12)
    }

    @Test("The best first: by the formula of the help, equal ones newest first")
    func best() throws {
        let world = try made("best")
        for round in 0..<Self.rounds {
            for _ in 0..<6 { try world.change() }
            try shuffle(world)
            guard let reader = world.chance.one(of: world.model.accounts)?.id else { return }
            let feed = world.model.feeds.feed(reader, at: world.now)
            let range = range(world, feed)
            let items = try world.network.feeds.top(for: reader, in: range)
            let scores = Dictionary(uniqueKeysWithValues: feed.map { ($0, naiveScore($0, world)) })
            func score(_ id: PostID) -> Double { scores[id] ?? 0 }
            let expected = feed.filter(range.contains).sorted { one, other in
                score(one) == score(other) ? one > other : score(one) > score(other)
            }
            try #require(items.map(\.post.id) == expected, "round \(round), seed \(world.chance.seed)")
            for item in items {
                let found = try #require(item.place?.score(at: world.now))
                #expect(abs(found - score(item.post.id)) < 0.000_001)
                #expect(FeedCursor(item.cursor.description) == item.cursor)
            }
        }
    }

    @Test("Later pages of the best repeat nothing while others post and like, and reach all that were ranked")
    func bestPages() throws {
        let world = try made("pages of the best")
        for _ in 0..<Self.rounds / 3 {
            for _ in 0..<10 { try world.post() }
            guard let reader = world.chance.one(of: world.model.accounts)?.id else { return }
            let feeds = world.network.feeds
            let ranked = Set(try feeds.top(for: reader).map(\.post.id))
            var seen: [PostID] = []
            var liked: Set<PostID> = []
            var cursor: FeedCursor?
            while true {
                let best = try feeds.top(for: reader, newest: cursor?.place?.newest)
                let page = best.filter { item in cursor.map { item.cursor < $0 } ?? true }.prefix(3)
                seen += page.map(\.post.id)
                guard let last = page.last else { break }
                cursor = last.cursor
                try post(world)
                if let id = world.chance.one(of: world.recent), let actor = world.chance.one(of: world.model.accounts),
                    try world.attempt({ _, _, posts in try posts.like(id, by: actor.id).isNew }).result == true
                {
                    let post = world.model.posts[id]?.repostOf ?? id
                    world.model.likes[post, default: []].insert(actor.id)
                    liked.formUnion(world.model.posts.values.filter { ($0.repostOf ?? $0.id) == post }.map(\.id))
                }
            }
            let seed = world.chance.seed
            #expect(Set(seen).count == seen.count, "seed \(seed)")
            #expect(ranked.isSuperset(of: seen), "seed \(seed)")
            // What rises past the cursor is passed over; everything else comes.
            #expect(ranked.subtracting(seen).isSubset(of: liked.union(answered(world))), "seed \(seed)")
        }
    }

    private func answered(_ world: FeedWorld) -> Set<PostID> {
        let subjects = Set(world.model.posts.values.compactMap(\.replyTo))
        return Set(world.model.posts.values.filter { subjects.contains($0.repostOf ?? $0.id) }.map(\.id))
    }

    @Test("Only the newest candidates are ranked")
    func candidates() throws {
        // Nobody has blocked or muted anybody.
        let world = try FeedWorld(shards: 1, placement: .user, chance: Chance("candidates"))
        for _ in 0..<2 { try world.createAccount() }
        let (reader, author) = (world.model.accounts[0], world.model.accounts[1])
        _ = try world.network.graph.follow(reader, author)
        world.network.router.beginGroup()
        let ids = try (0..<Limits.feedCandidates + 20).map { number in
            try world.network.posts.create(by: author, text: "\(number)").value.id
        }
        _ = try world.network.posts.like(ids[3], by: reader.id)
        try world.network.router.endGroup()
        let best = try world.network.feeds.top(for: reader.id).map(\.post.id)
        #expect(Set(best) == Set(ids.suffix(Limits.feedCandidates)))
        let older = try world.network.feeds.top(for: reader.id, in: ids[0]...ids[9]).map(\.post.id)
        #expect(older == [ids[3]] + ids[..<10].filter { $0 != ids[3] }.reversed())
    }

    @Test("A cursor is read as it is written, and nothing else is")
    func cursors() {
        for text in ["1", "9223372036854775807", "5.1767323045000.7", "5.-3.7"] {
            #expect(FeedCursor(text)?.description == text)
        }
        for text in ["", "0", "-1", "x", "1.", "1.2", "1.2.3.4", ".2.3", "1..3", "1.2.0", "1.x.3", "1 "] {
            #expect(FeedCursor(text) == nil, "\(text)")
        }
    }

    // MARK: Many accounts

    @Test("No account stands on a page more often than asked for, and only what is too much is left out")
    func diversity() throws {
        let world = try made("diversity")
        for _ in 0..<Self.rounds {
            for _ in 0..<6 { try world.change() }
            guard let reader = world.chance.one(of: world.model.accounts)?.id else { return }
            let limit = 1 + world.chance.below(3)
            var diversity = FeedDiversity(perAuthor: limit)
            var shown: [UserID: Int] = [:]
            for item in try world.network.feeds.page(for: reader, limit: .max) {
                let post = world.model.posts[item.post.id]
                let writer = post?.repostOf.flatMap { world.model.posts[$0]?.author }
                let accounts = Set([post?.author, writer].compactMap { $0 })
                let hasRoom = accounts.allSatisfy { shown[$0, default: 0] < limit }
                #expect(diversity.admits(item) == hasRoom, "seed \(world.chance.seed)")
                if hasRoom { for account in accounts { shown[account, default: 0] += 1 } }
            }
        }
    }

    // MARK: Depth

    @Test("A walk to the end and back meets each post once while others post, whatever becomes of the cache")
    func walks() throws {
        let world = try made("walks")
        for _ in 0..<Self.rounds / 3 {
            for _ in 0..<20 { try world.change() }
            guard let reader = world.chance.one(of: world.model.accounts)?.id else { return }
            let seed = world.chance.seed
            // What expires meanwhile may be met or not.
            func lasting(_ ids: [PostID]) -> [PostID] { ids.filter { world.model.posts[$0]?.expiresAt == nil } }
            let start = lasting(world.model.feeds.feed(reader, at: world.now))
            var down: [PostID] = []
            while true {
                let limit = 1 + world.chance.below(world.capacity)
                let page = try world.network.feeds.page(for: reader, after: down.last, limit: limit)
                down += page.map(\.post.id)
                if page.count < limit { break }
                for _ in 0..<world.chance.below(4) { try post(world) }
                try shuffle(world)
            }
            try #require(lasting(down) == start, "seed \(seed)")
            guard var top = down.last else { continue }
            var up = [top]
            for turn in 0... {
                let page = Page(before: top, limit: 1 + world.chance.below(world.capacity))
                let items = try world.network.feeds.page(for: reader, page)
                up = items.map(\.post.id) + up
                guard let newest = items.first?.post.id else { break }
                top = newest
                // The walk must come to an end.
                if turn < 10 { for _ in 0..<world.chance.below(3) { try post(world) } }
                try shuffle(world)
            }
            let end = lasting(world.model.feeds.feed(reader, at: world.now))
            try #require(lasting(up) == end, "seed \(seed)")
        }
    }
}
