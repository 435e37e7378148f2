// A group over several shards that cannot be made durable: nobody may be told that it was.

import SocialCore
import TestKit
import Testing

@Suite("A group that fails")
struct RouterGroupTests {
    @Test("Stays failed, and the shards behind the failure are rolled back")
    func sticky() throws {
        let directory = try TemporaryDirectory()
        let place = directory.file("data")
        let chance = Chance("failing group")
        let tap = FailingHeads()
        let context = Context(random: chance.source, lockWaitMilliseconds: 0, fileTap: tap)
        try Network.create(place, Network.Plan(shards: 4), context: context)
        let network = try Network(opening: place, context: context)
        let router = network.router
        router.beginGroup()
        for index in 0..<40 { _ = try network.accounts.create(AccountDraft(handle: try Handle("u\(index)"))) }
        tap.isArmed = true
        #expect(throws: StorageError.self) { try router.flushGroup() }
        tap.isArmed = false
        #expect(router.groupFailure != nil)
        #expect(throws: StorageError.self) { try router.flushGroup() }
        #expect(throws: StorageError.self) {
            _ = try network.accounts.create(AccountDraft(handle: try Handle("late")))
        }
        // Another process finds no lock held and nothing half there.
        let other = try Network(opening: place, context: Context(lockWaitMilliseconds: 0))
        let counts = try other.router.gather { try $0.accountCount() }
        #expect(counts.reduce(0, +) == 0)
        _ = try other.accounts.create(AccountDraft(handle: try Handle("late")))
        #expect(try other.verification.run() == [])
    }

    @Test("A cache that is ahead of a log that went back in time is not believed")
    func wentBack() throws {
        let directory = try TemporaryDirectory()
        let place = directory.file("data")
        let context = Context(lockWaitMilliseconds: 0)
        try Network.create(place, Network.Plan(), context: context)
        let truth = DataDirectory.truthPath(place, shard: 0)
        func open() throws -> Network { try Network(opening: place, context: context) }
        let files = FileSystem()
        var kept: [(String, [UInt8])] = []
        let (ana, bob) = try {
            let network = try open()
            let ana = try network.accounts.create(AccountDraft(handle: try Handle("ana"))).value
            let bob = try network.accounts.create(AccountDraft(handle: try Handle("bob"))).value
            _ = try network.graph.follow(ana, bob)
            try network.publish()
            for suffix in ["", "-wal"] where files.exists(truth + suffix) {
                kept.append((truth + suffix, try files.contents(of: truth + suffix)))
            }
            for _ in 0..<5 { _ = try network.posts.create(by: bob, text: "lost") }
            try network.publish()
            return (ana, bob)
        }()
        for suffix in ["", "-wal", "-shm"] { try files.remove(truth + suffix) }
        for (path, bytes) in kept { try files.replace(path, with: bytes) }
        #expect(try open().feeds.page(for: ana.id, limit: 20).isEmpty)
        let network = try open()
        let post = try network.posts.create(by: bob, text: "new").value
        try network.publish()
        #expect(try open().feeds.page(for: ana.id, limit: 20).map(\.post.id) == [post.id])
        for index in 0..<6 { _ = try network.posts.create(by: bob, text: "more \(index)") }
        try network.publish()
        #expect(try open().feeds.page(for: ana.id, limit: 20).count == 7)
        #expect(try open().verification.run() == [])
    }
}

/// Fails the mark of intent before a commit, which stands for any failure of a group.
private final class FailingHeads: FileTap, @unchecked Sendable {
    // Safety: each test runs on one thread, and so does its tap.
    var isArmed = false

    func willApply(_ change: FileChange) throws(StorageError) {
        guard isArmed, case .store(let path, _, _) = change, path.hasSuffix("heads") else { return }
        throw StorageError(.ioError, "injected")
    }
}
