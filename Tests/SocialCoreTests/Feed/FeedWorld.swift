// A network with feeds under random use, beside two models: a plain one of what feeds are by definition, and the same
// operations on stores in memory, whose digest must be equal.

import Formats
import TestKit
import Testing

@testable import SocialCore

/// One network, its models, and the chance that drives it.
final class FeedWorld {
    let directory: TemporaryDirectory
    let placement: Placement
    var chance: Chance
    var model = NaiveNetwork()
    var now = noon
    var network: Network
    /// A process that goes on working, and looks at what others do.
    var watcher: Network?
    /// How many posts a cached feed holds.
    var capacity: Int
    private let random: RandomSource
    private let memoryRandom: RandomSource
    let memory: Router
    /// Whether changes of several transactions sometimes end after the first, as if their process had been killed.
    var leavesHalfDone = false
    /// Whether the same operations are done on stores in memory, too.
    let hasTwin: Bool
    /// What is under the views, when they may lose power.
    let disk: ViewDisk?
    /// A view file as it once was, to be put back.
    var kept: (path: String, bytes: [UInt8])?
    /// What else is looked at right after files were damaged.
    var look: (String) throws -> Void = { _ in }
    /// How many changes of truth were tried, and how many feeds compared.
    private(set) var changes = 0
    var checks = 0
    /// How many feeds were read from a cache together with what had been posted since.
    var readsBehind = 0
    private var posted = 0

    init(shards: Int, placement: Placement, chance: Chance, hasTwin: Bool = true, losesPower: Bool = false) throws {
        self.hasTwin = hasTwin
        self.placement = placement
        self.chance = chance
        capacity = 5 + self.chance.below(8)
        random = .seeded(SeededGenerator(seed: chance.seed ^ 1))
        memoryRandom = .seeded(SeededGenerator(seed: chance.seed ^ 1))
        directory = try TemporaryDirectory()
        let path = directory.file("data")
        let making = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 5)))
        try Network.create(path, .init(shards: shards, placement: placement), context: making)
        disk = losesPower ? try ViewDisk(path) : nil
        let context = Context(
            clock: .fixed(noon), random: random, lockWaitMilliseconds: 0, boot: disk?.boot ?? .system, fileTap: disk)
        network = try Network(opening: path, context: context)
        _ = try network.set("feed.capacity", to: "\(capacity)")
        let map = SlotMap(shardCount: 3)
        let sources = (0..<3).map { MemorySource(shard: $0, incarnation: 1, map: map) }
        let holder = SlotMapHolder(map)
        memory = Router(map: holder, reloadMap: { map }) { MemoryStore(sources[$0], map: holder, context: making) }
    }

    // MARK: Both sides

    var context: Context {
        Context(
            clock: .fixed(now), random: random, lockWaitMilliseconds: 0, boot: disk?.boot ?? .system, fileTap: disk)
    }

    /// The same operation on the network and in memory; both must give the same.
    @discardableResult
    func both<Result: Equatable>(_ body: (Accounts, Graph, Posts) throws -> Result) throws -> Result {
        let found = try body(network.accounts, network.graph, network.posts)
        guard hasTwin else { return found }
        let other = Context(clock: .fixed(now), random: memoryRandom)
        let expected = try body(
            Accounts(router: memory, context: other), Graph(router: memory, context: other),
            Posts(router: memory, placement: placement, context: other))
        #expect(found == expected, "seed \(chance.seed)")
        return found
    }

    /// The same operation on both, which may be refused: what came of it.
    @discardableResult
    func attempt<Result: Equatable>(
        _ body: (Accounts, Graph, Posts) throws -> Result
    ) throws -> Outcome<Result> {
        try both { accounts, graph, posts in
            do { return Outcome(result: try body(accounts, graph, posts)) } catch let error as StorageError {
                throw error
            } catch let error as any RoomError { return Outcome(refusal: error.code.rawValue) }
        }
    }

    /// What came of an operation.
    struct Outcome<Result: Equatable>: Equatable {
        var result: Result?
        /// Why it was refused.
        var refusal: String?
    }

    /// Does in both models what a regeneration does first: what was left half done.
    func settleModels() throws {
        if hasTwin { _ = try Effects(router: memory).settleAll() }
        model.settle()
    }

    /// Regenerates feeds, in this process or another.
    @discardableResult
    func regenerate(
        _ readers: [UserID]? = nil, isFull: Bool = false, in other: Network? = nil
    ) throws -> Feeds.Summary {
        try settleModels()
        return try (other ?? network).feeds.regenerate(readers, .init(isFull: isFull))
    }

    /// A fresh process on the directory.
    func reopen() throws { network = try opened(isLongRunning: chance.isOne(in: 3)) }

    /// A process on the directory; for some of them every reader follows so many that pulls go through the index.
    func opened(isLongRunning: Bool) throws -> Network {
        var context = context
        context.isLongRunning = isLongRunning
        let network = try Network(opening: directory.file("data"), context: context)
        if chance.isOne(in: 2) { network.feeds.caches.indexedAuthors = 0 }
        return network
    }

    // MARK: Operations

    func createAccount() throws { try createAccount("u\(model.handles.count)") }

    func follow() throws {
        guard let one = chance.one(of: model.accounts), let other = chance.one(of: model.accounts), one != other else {
            return
        }
        let found = try attempt { _, graph, _ in try graph.follow(one, other) }
        if model.isBlocked(one.id, other.id) {
            #expect(found.refusal == "blocked", "seed \(chance.seed)")
        } else {
            #expect(found.result == model.follows[one.id, default: []].insert(other.id).inserted)
        }
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
        let text = key ?? "post \(posted) \(words)"
        let parent = key == nil && chance.isOne(in: 4) ? chance.one(of: recent) : nil
        let lifetime = key == nil && chance.isOne(in: 5) ? Int64(1 + chance.below(40)) * 600_000 : nil
        let made = try attempt { _, _, posts in
            let made = try posts.create(
                by: author, text: text, replyTo: parent, lifetimeMilliseconds: lifetime, idempotencyKey: key)
            return [made.value.id.rawValue, made.isNew ? 1 : 0]
        }
        let target = parent.map { model.reachable($0, for: author.id, now) }
        #expect(made.refusal == target?.refusal, "seed \(chance.seed)")
        guard let result = made.result, result[1] == 1 else { return }
        let id = PostID(rawValue: result[0])
        model.posts[id] = PostRecord(
            id: id, author: author.id, text: text, replyTo: target?.post,
            expiresAt: lifetime.map { now.advanced(byMilliseconds: $0) })
    }

    /// A post with a time of its own: hours or days ago.
    func importPost() throws {
        guard let author = chance.one(of: model.accounts) else { return }
        posted += 1
        let hours = chance.isOne(in: 3) ? chance.below(240) : chance.below(24)
        let time = now.advanced(byMilliseconds: Int64(-hours) * 3_600_000 - Int64(chance.below(3)))
        let (text, now) = ("old \(posted) \(words)", now)
        let id = try both { _, _, posts in
            let slot = posts.placement.slot(author: author.id, idempotencyKey: nil, random: posts.context.random)
            let draft = PostDraft(author: author.id, slot: slot, text: text, time: time)
            return try posts.router.write(slot) { try $0.createPost(draft, now: now) }.value.id
        }
        model.posts[id] = PostRecord(id: id, author: author.id, text: text)
    }

    /// A few words, common ones more often than rare ones.
    var words: String {
        let all = ["sun", "suns", "moon", "star", "comet", "#dawn", "@u1", "dusk"]
        return (0..<chance.below(6)).map { _ in all[min(chance.below(8), chance.below(8))] }.joined(separator: " ")
    }

    /// Posts near the newest ones.
    var recent: [PostID] { model.posts.keys.sorted().suffix(40) }

    func delete() throws {
        let gone = chance.isOne(in: 5) ? chance.one(of: model.deleted) : nil
        // What others pass on goes more often: that is where feeds change most.
        let originals = model.posts.values.compactMap(\.repostOf).filter { model.posts[$0] != nil }.sorted()
        let passedOn = chance.isOne(in: 3) ? chance.one(of: originals) : nil
        guard let id = gone ?? passedOn ?? chance.one(of: recent) else { return }
        let record = try both { _, _, posts in try posts.delete(id) }
        #expect(record?.author == model.posts[id]?.author)
        if gone == nil { model.remove(id) }
    }

    /// The oldest posts go.
    private func prune() throws {
        for id in model.posts.keys.sorted().prefix(40) {
            try both { _, _, posts in try posts.delete(id) != nil }
            model.remove(id)
        }
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
        changes += 1
        // A world in which everything could be looked at would soon be too large for that.
        if model.posts.count > 120 { try prune() }
        switch chance.below(30) {
        case 0: if model.accounts.count < 14 { try createAccount() }
        case 1...4: try follow()
        case 5, 6: try unfollow()
        case 7...11: try post()
        case 12, 13: try importPost()
        case 14, 15, 16: try delete()
        case 17: try importFollows()
        case 18: try signIn()
        case 19: now = now.advanced(byMilliseconds: Int64(chance.below(1_000)))
        default: try changeFurther()
        }
        network.context = context
    }
}
