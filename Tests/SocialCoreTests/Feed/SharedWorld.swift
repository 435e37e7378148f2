// A writer and a reader at the same time: each on a thread of its own with a network of its own, as two processes are.
// They share only what the writer was answered.

import Dispatch
import Synchronization
import TestKit
import Testing

@testable import SocialCore

/// A network in which one thread posts, deletes and publishes while another reads all the time.
final class SharedWorld {
    let chance: Chance
    private let directory: TemporaryDirectory
    private let context: Context
    private let authors: [AccountRecord]
    private let readers: [AccountRecord]
    private let follows: [UserID: Set<UserID>]
    private let truth = Mutex(Truth())

    /// What the writer was told, and what it is about to do.
    private struct Truth {
        var posts: [PostID: UserID] = [:]
        /// Deleted, or about to be.
        var deleted: Set<PostID> = []
        /// Deleted for certain.
        var gone: Set<PostID> = []
        /// How many pages have been read, and whether that goes on.
        var readings = 0
        var isRead = true
        var isOver = false
    }

    init(_ name: String) throws {
        let chance = Chance(name)
        self.chance = chance
        directory = try TemporaryDirectory()
        context = Context(random: chance.source, lockWaitMilliseconds: 20_000)
        try Network.create(directory.file("data"), .init(shards: 2), context: context)
        let network = try Network(opening: directory.file("data"), context: context)
        let handles = try (0..<12).map { try Handle("u\($0)") }
        let accounts = try handles.map { try network.accounts.create(AccountDraft(handle: $0)).value }
        (authors, readers) = (Array(accounts.prefix(8)), Array(accounts.suffix(4)))
        var follows: [UserID: Set<UserID>] = [:]
        for reader in readers {
            for author in authors where !chance.isOne(in: 3) {
                _ = try network.graph.follow(reader, author)
                follows[reader.id, default: []].insert(author.id)
            }
        }
        self.follows = follows
        try network.publish()
    }

    /// Runs both until so many posts are made: how many pages were read, and how many of them from a cache that was
    /// behind.
    func run(posts: Int) throws -> (readings: Int, behind: Int) {
        let counts = Mutex((readings: 0, behind: 0))
        try Parallel.forEach(2) { part in
            guard part == 0 else {
                defer { truth.withLock { $0.isRead = false } }
                let found = try read()
                return counts.withLock { $0 = found }
            }
            defer { truth.withLock { $0.isOver = true } }
            try write(posts)
        }
        return counts.withLock { $0 }
    }

    private func write(_ count: Int) throws {
        let network = try Network(opening: directory.file("data"), context: context)
        var made = 0
        // However the threads are scheduled, many pages are read meanwhile.
        while made < count || made < 20 * count && truth.withLock({ $0.isRead && $0.readings < count / 10 }) {
            var answers: [PostID: UserID] = [:]
            let isGroup = chance.isOne(in: 2)
            if isGroup { network.router.beginGroup() }
            for _ in 0..<(isGroup ? 1 + chance.below(60) : 1) {
                let author = authors[chance.below(authors.count)]
                answers[try network.posts.create(by: author, text: "post \(made)").value.id] = author.id
                made += 1
            }
            if isGroup { try network.router.endGroup() }
            let deletion = truth.withLock { truth -> PostID? in
                truth.posts.merge(answers) { $1 }
                guard chance.isOne(in: 4) else { return nil }
                let some = chance.one(of: truth.posts.keys.sorted().suffix(50))
                if let some { truth.deleted.insert(some) }
                return some
            }
            if let deletion {
                _ = try network.posts.delete(deletion)
                truth.withLock { _ = $0.gone.insert(deletion) }
            }
            if chance.isOne(in: 3) { try network.publish() }
        }
    }

    private func read() throws -> (readings: Int, behind: Int) {
        var context = context
        context.isLongRunning = true
        let network = try Network(opening: directory.file("data"), context: context)
        let feeds = network.feeds
        var (readings, behind) = (0, 0)
        while true {
            let isOver = truth.withLock { $0.isOver }
            feeds.caches.indexedAuthors = readings / 50 % 2 == 0 ? .max : 0
            for reader in readers {
                let followed = follows[reader.id] ?? []
                let before = truth.withLock { $0 }
                let page = try feeds.page(for: reader.id, limit: 30).map(\.post)
                let after = truth.withLock { $0.deleted }
                let ids = page.map(\.id)
                try #require(ids == Set(ids).sorted(by: >), "seed \(chance.seed)")
                #expect(page.allSatisfy { followed.contains($0.author) }, "seed \(chance.seed)")
                try #require(before.gone.isDisjoint(with: ids), "seed \(chance.seed)")
                // Down to where the page ends it has all that was there before and is there after.
                let end = ids.count < 30 ? PostID(rawValue: 0) : ids.last ?? PostID(rawValue: 0)
                let required = before.posts.filter { $0.key >= end && followed.contains($0.value) }.keys
                let missing = Set(required).subtracting(after).subtracting(ids)
                try #require(missing.isEmpty, "seed \(chance.seed), reading \(readings)")
                if try feeds.cachedRecord(of: reader.id) != nil,
                    try feeds.caches.current(of: feeds.router.shard(of: reader.id.slot)) == nil
                {
                    behind += 1
                }
                readings += 1
                truth.withLock { $0.readings = readings }
            }
            if isOver { return (readings, behind) }
        }
    }
}
