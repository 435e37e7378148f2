// A network in which everything has been done at random that leaves a row: what an export has to carry.

import Formats
import TestKit

@testable import SocialCore

/// A data directory and the chance that drives it.
final class LivedNetwork {
    let network: Network
    private let directory: TemporaryDirectory
    private var chance: Chance
    private var now: Timestamp

    init(shards: Int, placement: Placement, chance: Chance, now: Timestamp = noon) throws {
        directory = try TemporaryDirectory()
        self.chance = chance
        self.now = now
        let context = Context(clock: .fixed(now), random: chance.source, lockWaitMilliseconds: 0)
        try Network.create(directory.file("data"), .init(shards: shards, placement: placement), context: context)
        network = try Network(opening: directory.file("data"), context: context)
    }

    /// Runs a statement on the file of the first shard.
    func run(_ sql: String) {
        StoreFixture.run(sql, on: "\(DataDirectory.shardPath(directory.file("data"), shard: 0))/truth.sqlite")
    }

    /// Does so many things; what the network refuses is not done.
    func live(steps: Int) throws {
        for _ in 0..<steps {
            now = now.advanced(byMilliseconds: Int64(chance.below(2_000)))
            network.context.clock = .fixed(now)
            do { try step() } catch is any RoomError {}
        }
    }

    private func step() throws {
        let (accounts, graph, posts) = (network.accounts, network.graph, network.posts)
        func name() -> String { "U\(chance.below(12))\(chance.isOne(in: 6) ? "x" : "")" }
        func account() throws -> AccountRecord { try accounts.named(Handle(name())) }
        func post() throws -> PostID {
            let page = try posts.page(by: nil, in: .all, limit: 40)
            guard let post = chance.one(of: page) else { throw PostsError(.noSuchPost, "none yet") }
            return post.id
        }
        func text() -> String {
            chance.one(of: ["hello", "línea\none \"two\" \\ /", "猫\u{2028}👩‍🔬", "\u{1}\u{7F}"]) ?? ""
        }
        let key = chance.isOne(in: 4) ? "key \"\(chance.below(20))\" é" : nil
        switch chance.below(20) {
        case 0...2:
            let profile = AccountRecord.Profile(
                name: chance.isOne(in: 2) ? text() : nil, link: chance.isOne(in: 3) ? "" : nil)
            _ = try accounts.create(AccountDraft(handle: Handle(name()), profile: profile, idempotencyKey: key))
        case 3:
            let value = try JSONReader.parse("{\"b\":[1,-0.5,1e300,null],\"a\":{\"ü\":\"\\u2028\",\"A\":true}}")
            let field = name()
            _ = try accounts.update(account().id) { try $0.set(field, to: value) }
        case 4: _ = try accounts.rename(account(), to: Handle(name()))
        case 5: if chance.isOne(in: 4) { _ = try accounts.delete(Handle(name())) }
        case 6: _ = try accounts.signIn(Handle(name()))
        case 7, 8: _ = try graph.follow(account(), account())
        case 9: _ = try graph.unfollow(account(), account())
        case 10: _ = try graph.relate(chance.isOne(in: 2) ? .block : .mute, account(), account())
        case 11...13:
            _ = try posts.create(
                by: account(), text: text(), replyTo: chance.isOne(in: 3) ? post() : nil,
                lifetimeMilliseconds: chance.isOne(in: 5) ? 100_000 : nil, idempotencyKey: key)
        case 14: _ = try posts.edit(post(), text: text() + "!")
        case 15: if chance.isOne(in: 2) { _ = try posts.delete(post()) }
        case 16, 17: _ = try posts.like(post(), by: account().id)
        case 18: _ = try posts.see(post(), by: account().id)
        default: _ = try posts.repost(post(), by: account(), idempotencyKey: key)
        }
    }
}

extension Network {
    /// The text of the export.
    func exported() throws -> [UInt8] {
        var encoder = ExportEncoder()
        try export.run(begin: { encoder.header(manifest.placement, rows: $0) }) { encoder.row($0) }
        return encoder.bytes
    }

    /// All rows, in order.
    func rows() throws -> [TruthRow] {
        var rows: [TruthRow] = []
        try export.run(begin: { _ in }) { rows.append($0) }
        return rows
    }
}

extension Import {
    /// Imports a text.
    func run(_ text: [UInt8], _ policy: BadRows.Policy = .stop) throws -> Summary {
        let file = InputFile(name: "export", bytes: text)
        return try run({ try file.open() }, BadRows(policy, file: "export"))
    }
}
