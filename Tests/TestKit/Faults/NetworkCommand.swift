// Every operation that changes a data directory, as a value: so that it can be chosen at random, run, failed at any
// point, and run again.

internal import Formats
package import SocialCore

/// One change of a network.
package indirect enum NetworkCommand: Sendable {
    case createUser(String)
    case signIn(String)
    case follow(String, String)
    case unfollow(String, String)
    /// An edge list, whose accounts are made when they are missing.
    case importFollows(String)
    case post(by: String, text: String, key: String?)
    case delete(PostID)
    /// A post a line, dealt to all accounts.
    case importPosts(String)
    /// Commands that share a commit.
    case group([NetworkCommand])
    case publish
    case regenerate([String], isFull: Bool)
    case repairFeeds
    case set(String, String)
    case trimLog

    /// Whether an import is among it, which makes its accounts in a transaction of their own.
    package var hasImport: Bool {
        switch self {
        case .importFollows: true
        case .group(let commands): commands.contains { $0.hasImport }
        default: false
        }
    }

    /// Runs the command.
    ///
    /// What the network refuses is no change and no error; what a disk does is thrown.
    ///
    /// - Parameter afterEach: called after each command of a group.
    package func run(on network: Network, afterEach: () throws -> Void = {}) throws {
        do {
            try perform(network, afterEach)
        } catch let error as StorageError {
            throw error
        } catch is any RoomError {}
    }

    private func perform(_ network: Network, _ afterEach: () throws -> Void) throws {
        func account(_ name: String) throws -> AccountRecord { try network.accounts.named(Handle(name)) }
        switch self {
        case .createUser(let name): _ = try network.accounts.create(AccountDraft(handle: Handle(name)))
        case .signIn(let name): _ = try network.accounts.signIn(Handle(name))
        case .follow(let one, let other): _ = try network.graph.follow(account(one), account(other))
        case .unfollow(let one, let other): _ = try network.graph.unfollow(account(one), account(other))
        case .importFollows(let list):
            let input = InputFile(name: "edges", bytes: Array(list.utf8))
            _ = try FollowImport(createsAccounts: true).run(
                input, BadRows(.stop, file: input.name), accounts: network.accounts, graph: network.graph)
        case .post(let author, let text, let key):
            _ = try network.posts.create(by: account(author), text: text, idempotencyKey: key)
        case .delete(let post): _ = try network.posts.delete(post)
        case .importPosts(let lines):
            let work = PostImport(form: .text, authors: .all, overMilliseconds: 24 * 3_600_000)
            let input = InputFile(name: "posts", bytes: Array(lines.utf8))
            _ = try work.run(
                input, BadRows(.stop, file: input.name), accounts: network.accounts, posts: network.posts)
        case .group(let commands):
            network.router.beginGroup()
            for command in commands {
                try command.run(on: network)
                try afterEach()
            }
            try network.router.endGroup()
        case .publish: try network.publish()
        case .regenerate(let names, let isFull):
            let readers = try names.map { try account($0).id }
            _ = try network.feeds.regenerate(names.isEmpty ? nil : readers, isFull: isFull)
        case .repairFeeds: _ = try network.feeds.verify(repair: true)
        case .set(let name, let value): _ = try network.set(name, to: value)
        case .trimLog:
            for shard in network.router.shards {
                guard let run = network.router.map.current.runs.first(where: { $0.owner.shard == shard }) else {
                    continue
                }
                try network.router.write(Slot(masking: Int64(run.slots.lowerBound))) { writer in
                    try writer.trimLog(through: try writer.state().head - 3)
                }
            }
        }
    }
}

extension NetworkCommand {
    private static let names = ["ana", "bob", "cleo", "dan", "eva", "fay", "gus", "hal"]

    /// A command chosen at random, such that something of each kind is usually there to be changed.
    package static func random(_ chance: Chance, in truth: Truth) -> NetworkCommand {
        func name() -> String { names[chance.below(names.count)] }
        func text() -> String { String(repeating: "word \(chance.below(1_000)) ", count: 1 + chance.below(20)) }
        switch chance.below(100) {
        case 0..<12: return .createUser(name())
        case 12..<16: return .signIn(name())
        case 16..<28: return .follow(name(), name())
        case 28..<33: return .unfollow(name(), name())
        case 33..<37: return .importFollows((0..<1 + chance.below(12)).map { _ in "\(name()) \(name())x\n" }.joined())
        case 37..<57: return .post(by: name(), text: text(), key: nil)
        case 57..<66: return .post(by: name(), text: text(), key: "key\(chance.below(40))")
        case 66..<72: return chance.one(of: truth.posts).map { .delete($0.id) } ?? .createUser(name())
        case 72..<76: return .importPosts((0..<1 + chance.below(9)).map { _ in text() + "\n" }.joined())
        case 76..<84:
            return .group((0..<2 + chance.below(6)).map { _ in .randomInGroup(chance, in: truth) })
        case 84..<90: return .regenerate([], isFull: chance.percent(40))
        case 90..<92: return .regenerate([name()], isFull: false)
        case 92..<94: return .repairFeeds
        case 94..<97: return .set("feed.capacity", ["3", "8", "100"][chance.below(3)])
        case 97..<99: return .trimLog
        default: return .publish
        }
    }

    private static func randomInGroup(_ chance: Chance, in truth: Truth) -> NetworkCommand {
        while true {
            switch random(chance, in: truth) {
            case .group, .publish, .regenerate, .repairFeeds, .set, .trimLog: continue
            case let command: return command
            }
        }
    }
}
