// Explanations against the definition of a feed, and each reason in the smallest network that has it.

import TestKit
import Testing

@testable import SocialCore

@Suite("An explanation of a feed")
struct FeedExplanationTests {
    static let rounds = TestRun.times(14, usually: 6)

    @Test("It says of every post what the definition says, and why", arguments: Placement.allCases)
    func definition(placement: Placement) throws {
        let world = try FeedWorld(shards: 2, placement: placement, chance: Chance("explain by \(placement)"))
        world.leavesHalfDone = true
        for _ in 0..<7 { try world.createAccount() }
        for round in 0..<Self.rounds {
            for _ in 0..<25 { try world.change() }
            if world.chance.isOne(in: 3) {
                world.now = world.now.advanced(byMilliseconds: Int64(world.chance.below(30)) * 3_600_000)
                try world.reopen()
            }
            if world.chance.isOne(in: 2) { try world.network.publish() }
            if world.chance.isOne(in: 4) { try world.regenerate(isFull: true) }
            try expectAll(world, "round \(round), seed \(world.chance.seed)")
        }
    }

    private func expectAll(_ world: FeedWorld, _ note: String) throws {
        world.network.context = world.context
        let (feeds, model) = (world.network.feeds, world.model.feeds)
        let ids = world.model.posts.keys.sorted() + world.model.deleted + [PostID(rawValue: 7)]
        for account in world.model.accounts {
            let feed = model.feed(account.id, at: world.now)
            for id in ids {
                let found = try feeds.explain(id, for: account.id)
                let note = "\(note), reader \(account.id), post \(id): \(found)"
                let rank = feed.firstIndex(of: id).map { $0 + 1 }
                try #require(found.isShown == (rank != nil) && found.rank == rank, "\(note)")
                try #require((found.source != nil) == found.isShown, "\(note)")
                try #require(holds(found, id, account.id, world), "\(note)")
            }
        }
    }

    /// Whether what an explanation claims is so.
    private func holds(_ found: FeedExplanation, _ id: PostID, _ reader: UserID, _ world: FeedWorld) -> Bool {
        let model = world.model.feeds
        guard let post = model.posts[id] else {
            return found.reason == (world.model.deleted.contains(id) ? .deleted : .noSuchPost)
        }
        let original = post.repostOf.flatMap { model.posts[$0] }
        let isFollowed = model.follows[reader]?.contains(post.author) ?? false
        guard found.author == post.author, (found.followedSince != nil) == isFollowed else { return false }
        switch found.reason {
        case .cached: return found.source == .cache
        case .abovePushLimit: return found.source == .pull
        case .beyondCapacity, .outsideWindow, .readerInactive, .cacheBehind, .cacheMissing:
            return found.source == .database
        case .noSuchPost, .deleted, .cacheWrong: return false
        case .authorDeleted: return !model.accounts.contains(post.author)
        case .expired: return post.isExpired(at: world.now)
        case .own: return post.author == reader
        case .blocked: return model.isBlocked(post.author, reader) && [post.author, reader].contains(found.actor)
        case .notFollowed: return !isFollowed
        case .muted: return model.mutes[reader]?.contains(post.author) ?? false
        case .originalDeleted: return original.map { !model.accounts.contains($0.author) } ?? true
        case .originalExpired: return original?.isExpired(at: world.now) ?? false
        case .originalBlocked: return original.map { model.isBlocked($0.author, reader) } ?? false
        case .originalMuted: return original.map { model.mutes[reader]?.contains($0.author) ?? false } ?? false
        case .repeated:
            guard let precedent = found.precedent.flatMap({ model.posts[$0] }) else { return false }
            return precedent.id == post.repostOf || precedent.id < id && precedent.repostOf == post.repostOf
        }
    }
}

@Suite("Each reason of an explanation")
struct FeedReasonTests {
    private let folder: TemporaryDirectory
    private let network: Network
    private let people: [AccountRecord]

    /// ada follows bob and cleo.
    init() throws {
        folder = try TemporaryDirectory()
        try Network.create(folder.file("data"), .init(), context: Self.context())
        network = try Network(opening: folder.file("data"), context: Self.context())
        let network = network
        people = try ["ada", "bob", "cleo", "dan"].map {
            try network.accounts.create(AccountDraft(handle: try Handle($0))).value
        }
        for author in people[1...2] { _ = try network.graph.follow(people[0], author) }
        try network.publish()
    }

    private static func context(_ hours: Int = 0) -> Context {
        let now = noon.advanced(byMilliseconds: Int64(hours) * 3_600_000)
        return Context(clock: .fixed(now), random: .seeded(SeededGenerator(seed: 3)), lockWaitMilliseconds: 0)
    }

    private func post(by author: Int, hoursAgo: Int? = nil, lifetime: Int64? = nil) throws -> PostID {
        let author = people[author]
        guard let hoursAgo else {
            return try network.posts.create(by: author, text: "x", lifetimeMilliseconds: lifetime).value.id
        }
        let time = noon.advanced(byMilliseconds: Int64(-hoursAgo) * 3_600_000)
        let draft = PostDraft(author: author.id, slot: author.id.slot, text: "x", time: time)
        return try network.router.write(author.id.slot) { try $0.createPost(draft, now: noon) }.value.id
    }

    private func reason(_ id: PostID, in other: Network? = nil) throws -> FeedExplanation.Reason {
        try (other ?? network).feeds.explain(id, for: people[0].id).reason
    }

    @Test("Where a shown post comes from: the cache, or the truth because of its age, the capacity or the cache")
    func origins() throws {
        let old = try post(by: 1, hoursAgo: 100)
        let early = try post(by: 1, hoursAgo: 3)
        let late = try post(by: 1)
        #expect(try reason(late) == .cacheBehind)
        try network.publish()
        let all = [old, early, late]
        // There was nothing older when the feed was first filled, so it holds all that has come since.
        #expect(try all.map { try reason($0) } == [.cached, .cached, .cached])
        _ = try network.feeds.regenerate(nil, .init(isFull: true))
        #expect(try all.map { try reason($0) } == [.outsideWindow, .cached, .cached])
        _ = try network.set("feed.capacity", to: "1")
        #expect(try reason(late) == .cacheMissing)
        _ = try network.feeds.regenerate()
        let full = try all.map { try reason($0) }
        #expect(full == [.outsideWindow, .beyondCapacity, .cached])
        let found = try network.feeds.explain(early, for: people[0].id)
        #expect(found.rank == 2 && found.source == .database && found.followedSince == noon)
    }

    @Test("A record that lacks what was pushed past an inactive reader, or what is pulled")
    func records() throws {
        let id = try post(by: 1)
        try network.publish()
        let cache = try #require(network.feeds.caches.cache(of: 0, writable: true))
        guard case .found(var record) = cache.record(of: people[0].id) else { throw StoreError(.noSuchAccount, "") }
        record.isIncomplete = true
        record.entries = []
        #expect(try cache.replace(record))
        #expect(try reason(id) == .readerInactive)
        // Nobody is pulled: what a whole record lacks is not shown, and the cache is wrong.
        record.isIncomplete = false
        #expect(try cache.replace(record))
        let found = try network.feeds.explain(id, for: people[0].id)
        #expect(found.reason == .cacheWrong && !found.isShown && found.source == nil)
    }

    @Test("A post whose author has more followers than are pushed to is merged in")
    func pulled() throws {
        let pushed = try post(by: 1)
        try network.publish()
        _ = try network.set("feed.push-limit", to: "0")
        let id = try post(by: 1)
        try network.publish()
        let found = try network.feeds.explain(id, for: people[0].id)
        #expect(found.reason == .abovePushLimit && found.source == .pull && found.rank == 1)
        #expect(try reason(pushed) == .cached)
    }

    @Test("A cache that holds what it should not is what is wrong")
    func extra() throws {
        let id = try post(by: 3)
        try network.publish()
        let cache = try #require(network.feeds.caches.cache(of: 0, writable: true))
        #expect(try reason(id) == .notFollowed)
        #expect(try cache.insert(id, for: people[0].id) == .done)
        let found = try network.feeds.explain(id, for: people[0].id)
        #expect(found.reason == .cacheWrong && found.isShown && found.rank == 1)
    }

    @Test("Whose post it is, and what stands between the two accounts")
    func stances() throws {
        let ids = try (0..<4).map { try post(by: $0) }
        let before = try ids.map { try reason($0) }
        #expect(before == [.own, .cacheBehind, .cacheBehind, .notFollowed])
        _ = try network.graph.relate(.mute, people[0], people[1])
        _ = try network.graph.relate(.block, people[2], people[0])
        _ = try network.graph.relate(.block, people[0], people[3])
        let found = try ids.map { try network.feeds.explain($0, for: people[0].id) }
        #expect(found.map(\.reason) == [.own, .muted, .blocked, .blocked])
        #expect(found.map(\.actor) == [nil, nil, people[2].id, people[0].id])
        #expect(found.map(\.followedSince) == [nil, noon, nil, nil])
    }

    @Test("A post that is gone, has expired, or never was")
    func gone() throws {
        let ids = try [post(by: 1), post(by: 1, lifetime: 1_000)]
        _ = try network.posts.delete(ids[0])
        let later = try Network(opening: folder.file("data"), context: Self.context(1))
        #expect(try reason(ids[0], in: later) == .deleted)
        #expect(try reason(ids[1], in: later) == .expired)
        #expect(try reason(PostID(rawValue: 5)) == .noSuchPost)
        #expect(try reason(PostID(rawValue: .max)) == .noSuchPost)
        let last = try post(by: 2)
        // A deletion whose process was killed before the posts went.
        _ = try network.router.write(people[2].id.slot) { try $0.deleteAccount(people[2].id) }
        #expect(try reason(last) == .deleted)
    }

    @Test("A post that outlives its author on another shard until the deletion is complete")
    func author() throws {
        let place = folder.file("spread")
        try Network.create(place, .init(shards: 2, placement: .post), context: Self.context())
        let network = try Network(opening: place, context: Self.context())
        let (reader, author) = try (
            network.accounts.create(AccountDraft(handle: try Handle("ada"))).value,
            network.accounts.create(AccountDraft(handle: try Handle("bob"))).value
        )
        _ = try network.graph.follow(reader, author)
        let ids = try (0..<30).map { try network.posts.create(by: author, text: "\($0)").value.id }
        // The process that deletes the account is killed after its first transaction.
        _ = try network.router.write(author.id.slot) { try $0.deleteAccount(author.id) }
        let reasons = try ids.map { try network.feeds.explain($0, for: reader.id).reason }
        #expect(Set(reasons) == [.authorDeleted])
    }

    @Test("What a repost passes on is gone, expired, blocked, muted, or came before")
    func reposts() throws {
        let (theirs, short) = try (post(by: 3), post(by: 3, lifetime: 1_000))
        let first = try network.posts.repost(theirs, by: people[1]).value.id
        let second = try network.posts.repost(theirs, by: people[2]).value.id
        let third = try network.posts.repost(short, by: people[1]).value.id
        #expect(try reason(first) == .cacheBehind)
        let found = try network.feeds.explain(second, for: people[0].id)
        #expect(found.reason == .repeated && found.precedent == first)
        let later = try Network(opening: folder.file("data"), context: Self.context(1))
        #expect(try reason(third, in: later) == .originalExpired)
        _ = try network.graph.relate(.mute, people[0], people[3])
        #expect(try reason(first) == .originalMuted)
        _ = try network.graph.relate(.block, people[3], people[0])
        let blocked = try network.feeds.explain(first, for: people[0].id)
        #expect(blocked.reason == .originalBlocked && blocked.actor == people[3].id)
        _ = try network.posts.delete(theirs)
        #expect(try reason(first) == .originalDeleted)
    }
}
