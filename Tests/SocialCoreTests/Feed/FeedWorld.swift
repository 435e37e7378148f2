// A network with feeds under random use, beside two models: a plain one of what feeds are by definition, and the same
// operations on stores in memory, whose digest must be equal.

import Formats
import TestKit
import Testing

@testable import SocialCore

/// What a feed is: all live posts of those followed, newest first.
struct NaiveNetwork {
    var accounts: [AccountRecord] = []
    var follows: [UserID: Set<UserID>] = [:]
    var posts: [PostID: UserID] = [:]
    var deleted: [PostID] = []

    func feed(_ reader: UserID) -> [PostID] {
        let followees = follows[reader] ?? []
        return posts.filter { followees.contains($0.value) }.keys.sorted(by: >)
    }
}

/// One network, its models, and the chance that drives it.
final class FeedWorld {
    let directory: TemporaryDirectory
    let placement: Placement
    var chance: Chance
    var model = NaiveNetwork()
    var now = noon
    var network: Network
    /// How many posts a cached feed holds.
    let capacity: Int
    private let random: RandomSource
    private let memoryRandom: RandomSource
    let memory: Router
    private var posted = 0

    init(shards: Int, placement: Placement, chance: Chance) throws {
        self.placement = placement
        self.chance = chance
        capacity = 5 + self.chance.below(8)
        random = .seeded(SeededGenerator(seed: chance.seed ^ 1))
        memoryRandom = .seeded(SeededGenerator(seed: chance.seed ^ 1))
        directory = try TemporaryDirectory()
        let path = directory.file("data")
        let making = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 5)))
        try Network.create(path, .init(shards: shards, placement: placement), context: making)
        let context = Context(clock: .fixed(noon), random: random, lockWaitMilliseconds: 0)
        network = try Network(opening: path, context: context)
        _ = try network.set("feed.capacity", to: "\(capacity)")
        network = try Network(opening: path, context: context)
        let map = SlotMap(shardCount: 3)
        let sources = (0..<3).map { MemorySource(shard: $0, incarnation: 1, map: map) }
        let holder = SlotMapHolder(map)
        memory = Router(map: holder, reloadMap: { map }) { MemoryStore(sources[$0], map: holder, context: making) }
    }

    // MARK: Both sides

    var context: Context { Context(clock: .fixed(now), random: random, lockWaitMilliseconds: 0) }

    /// The same operation on the network and in memory; both must give the same.
    @discardableResult
    func both<Result: Equatable>(_ body: (Accounts, Graph, Posts) throws -> Result) throws -> Result {
        let found = try body(network.accounts, network.graph, network.posts)
        let other = Context(clock: .fixed(now), random: memoryRandom)
        let expected = try body(
            Accounts(router: memory, context: other), Graph(router: memory, context: other),
            Posts(router: memory, placement: placement, context: other))
        #expect(found == expected, "seed \(chance.seed)")
        return found
    }

    /// A fresh process on the directory.
    func reopen(tap: (any FileTap)? = nil) throws {
        var context = context
        context.fileTap = tap
        network = try Network(opening: directory.file("data"), context: context)
    }

    // MARK: Operations

    func createAccount() throws {
        let draft = AccountDraft(handle: try Handle("u\(model.accounts.count)"))
        model.accounts.append(try both { accounts, _, _ in try accounts.create(draft).value })
    }

    func follow() throws {
        guard let one = chance.one(of: model.accounts), let other = chance.one(of: model.accounts), one != other else {
            return
        }
        let isNew = model.follows[one.id, default: []].insert(other.id).inserted
        #expect(try both { _, graph, _ in try graph.follow(one, other) } == isNew)
    }

    func unfollow() throws {
        guard let one = chance.one(of: model.accounts), let other = chance.one(of: model.accounts) else { return }
        let wasThere = model.follows[one.id]?.remove(other.id) != nil
        #expect(try both { _, graph, _ in try graph.unfollow(one, other) } == wasThere)
    }

    func post() throws {
        guard let author = chance.one(of: model.accounts) else { return }
        posted += 1
        let key = chance.isOne(in: 4) ? "key \(chance.below(6))" : nil
        let text = key ?? "post \(posted)"
        let made = try both { _, _, posts in
            let made = try posts.create(by: author, text: text, idempotencyKey: key)
            return [made.value.id.rawValue, made.isNew ? 1 : 0]
        }
        if made[1] == 1 { model.posts[PostID(rawValue: made[0])] = author.id }
    }

    /// A post with a time of its own: hours or days ago.
    func importPost() throws {
        guard let author = chance.one(of: model.accounts) else { return }
        posted += 1
        let hours = chance.isOne(in: 3) ? chance.below(240) : chance.below(24)
        let time = now.advanced(byMilliseconds: Int64(-hours) * 3_600_000 - Int64(chance.below(3)))
        let (text, now) = ("old \(posted)", now)
        let id = try both { _, _, posts in
            let slot = posts.placement.slot(author: author.id, idempotencyKey: nil, random: posts.context.random)
            let draft = PostDraft(author: author.id, slot: slot, text: text, time: time)
            return try posts.router.write(slot) { try $0.createPost(draft, now: now) }.value.id
        }
        model.posts[id] = author.id
    }

    func delete() throws {
        let gone = chance.isOne(in: 5) ? chance.one(of: model.deleted) : nil
        guard let id = gone ?? chance.one(of: model.posts.keys.sorted().suffix(40)) else { return }
        let record = try both { _, _, posts in try posts.delete(id) }
        #expect(record?.author == model.posts.removeValue(forKey: id))
        if gone == nil { model.deleted.append(id) }
    }

    func importFollows() throws {
        var lines = ""
        for _ in 0...chance.below(8) {
            guard let one = chance.one(of: model.accounts), let other = chance.one(of: model.accounts), one != other
            else { continue }
            lines += "\(one.handle)\t\(other.handle)\n"
            model.follows[one.id, default: []].insert(other.id)
        }
        guard !lines.isEmpty else { return }
        let bytes = Array(lines.utf8)
        try both { accounts, graph, _ in
            let input = InputFile(name: "edges", bytes: bytes)
            return try FollowImport().run(
                input, BadRows(.stop, file: input.name), accounts: accounts, graph: graph)
        }
    }

    func signIn() throws {
        guard let account = chance.one(of: model.accounts) else { return }
        try both { accounts, _, _ in try accounts.signIn(account.handle).value }
    }

    /// A change of truth.
    func change() throws {
        switch chance.below(20) {
        case 0: if model.accounts.count < 14 { try createAccount() }
        case 1...4: try follow()
        case 5, 6: try unfollow()
        case 7...11: try post()
        case 12, 13: try importPost()
        case 14, 15, 16: try delete()
        case 17: try importFollows()
        case 18: try signIn()
        default: now = now.advanced(byMilliseconds: Int64(chance.below(1_000)))
        }
        network.context = context
    }
}
