// What a process that goes on working knows of the logs' heads while others commit: all that was acknowledged, also
// when a writer ends in the middle.

import Foundation
import TestKit
import Testing

@testable import SocialCore

@Suite("The heads of the logs while commits are under way")
struct LogHeadsTests {
    @Test("What is acknowledged is read at once, at whatever change of the heads a writer stands or ends")
    func underWay() throws {
        let chance = Chance("heads under way")
        let directory = try TemporaryDirectory()
        let place = directory.file("data")
        let tap = HeadsTap()
        var context = Context(clock: .fixed(noon), random: chance.source, lockWaitMilliseconds: 0)
        try Network.create(place, .init(), context: context)
        func open(_ context: Context) throws -> Network { try Network(opening: place, context: context) }
        let plain = try open(context)
        let author = try plain.accounts.create(AccountDraft(handle: try Handle("ada"))).value
        let bob = try plain.accounts.create(AccountDraft(handle: try Handle("bob"))).value
        _ = try plain.graph.follow(bob, author)
        try plain.publish()
        context.isLongRunning = true
        let reader = try open(context)
        context.isLongRunning = false
        context.fileTap = tap
        var writer = try open(context)
        var acknowledged: Set<PostID> = []
        func read() throws -> Set<PostID> { Set(try reader.feeds.page(for: bob.id, limit: 100_000).map(\.post.id)) }
        var (looks, endings) = (0, 0)
        for round in 0..<TestRun.times(60) {
            var left = chance.isOne(in: 2) ? chance.below(7) : .max
            let isReading = chance.isOne(in: 2)
            tap.act = {
                left -= 1
                if left < 0 { throw StorageError(.ioError, "the process ends here") }
                guard isReading else { return }
                looks += 1
                let found = try read()
                #expect(found.isSuperset(of: acknowledged), "round \(round), seed \(chance.seed)")
            }
            let made = try? writer.posts.create(by: author, text: "post \(round)").value.id
            tap.act = nil
            if let made {
                acknowledged.insert(made)
            } else {
                endings += 1
                writer = try open(context)
            }
            try #require(try read().isSuperset(of: acknowledged), "round \(round), seed \(chance.seed)")
            // What nobody was told of is noticed, too, and stays.
            usleep(2_000)
            let stored = Set(try open(context).feeds.page(for: bob.id, limit: 100_000).map(\.post.id))
            try #require(try read() == stored, "round \(round), seed \(chance.seed)")
            acknowledged = stored
            if chance.isOne(in: 6) { try plain.publish() }
        }
        #expect(looks > 0 && endings > 0, "seed \(chance.seed)")
    }

    @Test("What was acknowledged is seen at once, also while the next commit is already under way")
    func oneAfterTheOther() throws {
        let directory = try TemporaryDirectory()
        let context = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)))
        try Heads.create(directory: directory.path, shared: false, context: context)
        let heads = try #require(Heads(directory: directory.path, writable: true, context: context))
        // Stores that commit in no time, so that all of it happens within the time in which a head is remembered.
        let map = SlotMap(shardCount: 1)
        let holder = SlotMapHolder(map)
        let source = MemorySource(shard: 0, incarnation: 1, map: map)
        let router = Router(map: holder, reloadMap: { map }) { _ in
            MemoryStore(source, map: holder, context: context)
        }
        let accounts = Accounts(router: router, context: context)
        let logHeads = LogHeads(router: router, heads: heads, isLongRunning: true)
        try heads.intend(shard: 0, head: 1)
        for n: Int64 in 1...200 {
            try #require(try logHeads.head(of: 0).n == n - 1)
            _ = try accounts.create(AccountDraft(handle: try Handle("u\(n)")))
            try heads.announce(shard: 0, incarnation: 1, inode: 1, head: n)
            try heads.intend(shard: 0, head: n + 1)
            try #require(try logHeads.head(of: 0).n == n)
        }
    }

    @Test("What a writer stored that ended before it announced that is noticed soon")
    func neverAnnounced() throws {
        let directory = try TemporaryDirectory()
        let place = directory.file("data")
        var context = Context(clock: .fixed(noon), lockWaitMilliseconds: 0)
        try Network.create(place, .init(), context: context)
        let holder = SlotMapHolder(SlotMap(shardCount: 1))
        let folder = DataDirectory.shardPath(place, shard: 0)
        let silent = Router(map: holder, reloadMap: { holder.current }) { [context] shard in
            SQLiteStore(shard: shard, directory: folder, shared: false, map: holder, heads: nil, context: context)
        }
        let accounts = Accounts(router: silent, context: context)
        context.isLongRunning = true
        let logHeads = try Network(opening: place, context: context).feeds.caches.logHeads
        #expect(try logHeads.head(of: 0).n == 0)
        let heads = try #require(Heads(directory: place, writable: true, context: context))
        try heads.intend(shard: 0, head: 1)
        for n: Int64 in 1...5 {
            #expect(try logHeads.head(of: 0).n <= n)
            _ = try accounts.create(AccountDraft(handle: try Handle("u\(n)")))
            #expect(try logHeads.head(of: 0).n <= n)
            usleep(2_000)
            #expect(try logHeads.head(of: 0).n == n)
        }
    }
}

/// Acts before each change of the heads file.
private final class HeadsTap: FileTap, @unchecked Sendable {
    // Safety: each test runs on one thread, and so does its tap.
    var act: (() throws -> Void)?

    func willApply(_ change: FileChange) throws(StorageError) {
        guard let act, case .store(let path, _, _) = change, path.hasSuffix("/heads") else { return }
        do { try act() } catch let error as StorageError { throw error } catch {
            throw StorageError(.ioError, "\(error)")
        }
    }
}
