// Indexes as files: what is written when, what becomes of it when it is damaged, and who may write it.

import TestKit
import Testing

@testable import SocialCore

@Suite("Search indexes")
struct SearchIndexTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("data")
        try Network.create(path, .init(), context: Context(clock: .fixed(noon)))
    }

    private func network(isDryRun: Bool = false) throws -> Network {
        var context = Context(clock: .fixed(noon))
        context.isDryRun = isDryRun
        return try Network(opening: path, context: context)
    }

    private func files() throws -> [String] {
        let folder = "\(path)/shards/0000/search"
        guard FileSystem().exists(folder) else { return [] }
        return try FileSystem().names(in: folder).sorted().map { "\(folder)/\($0)" }
    }

    private func found(_ query: String, _ network: Network) throws -> [String] {
        try network.search.posts(.init(query)).hits.map(\.item.post.text)
    }

    private func post(_ texts: String..., in network: Network) throws {
        let ana = try network.accounts.create(AccountDraft(handle: Handle("ana"))).value
        for text in texts { _ = try network.posts.create(by: ana, text: text) }
    }

    @Test("Damage is told by verify, and mended by whoever meets it")
    func damage() throws {
        let network = try network()
        try post("first light", "second light", in: network)
        var upload = Upload(.bytes([1, 2, 3]), name: "bytes")
        upload.takesAnything = true
        _ = try network.uploads.put(upload, by: network.accounts.named(Handle("ana")))
        try network.search.rebuild()
        #expect(try network.verify() == [])
        for number in 0..<6 {
            // Three indexes, and a segment of each.
            let file = try files().filter { !$0.hasSuffix(".lock") }[number]
            var bytes = try FileSystem().contents(of: file)
            bytes[bytes.count - 70] ^= 4
            try TemporaryDirectory.write(bytes, to: file)
            let other = try self.network()
            #expect(try other.verify().map(\.code) == ["search_index_damaged"], "\(file)")
            #expect(try found("light", other) == ["second light", "first light"], "\(file)")
            _ = try other.search.users("ana", limit: 1)
            #expect(try other.search.media(.init("bytes")).hits.count == 1, "\(file)")
            // Where no query touched what is damaged it stays until it is made again.
            try other.search.rebuild()
            #expect(try self.network().verify() == [], "\(file)")
        }
    }

    @Test("A dry run finds what it would have posted, and leaves nothing behind")
    func dryRun() throws {
        try post("first light", in: network())
        let before = try files()
        let dry = try network(isDryRun: true)
        try post("second light", in: dry)
        #expect(try found("light", dry) == ["second light", "first light"])
        #expect(try files() == before)
        #expect(try found("light", network()) == ["first light"])
    }

    @Test("A setting of another language makes the index again")
    func language() throws {
        let network = try network()
        try post("running dogs", in: network)
        #expect(try found("run", network) == ["running dogs"])
        #expect(try network.set("search.language", to: "none"))
        #expect(try found("run", network) == [])
        #expect(try found("dogs", self.network()) == ["running dogs"])
    }

    @Test("What was deleted goes from the files when segments are written again")
    func erasure() throws {
        let network = try network()
        try post("keep this", "forget zyzzyva", in: network)
        try network.search.rebuild()
        func holdsWord() throws -> Bool {
            try files().contains { file in
                let text = String(decoding: try FileSystem().contents(of: file), as: UTF8.self)
                return text.contains("zyzzyva")
            }
        }
        #expect(try holdsWord())
        let post = try #require(try network.search.posts(.init("zyzzyva")).hits.first?.item.id)
        _ = try network.posts.delete(post)
        #expect(try found("zyzzyva", network) == [])
        try network.search.rebuild()
        #expect(try !holdsWord())
    }

    @Test("What nothing is found by does not make searching slow: the index moves on past it")
    func otherChanges() throws {
        let network = try network()
        try post("first light", in: network)
        try network.search.rebuild()
        let ana = try network.accounts.named(Handle("ana"))
        let before = try files()
        let bob = try network.accounts.create(AccountDraft(handle: Handle("bob"))).value
        network.router.beginGroup()
        for number in 0..<Limits.indexChanges {
            _ = try number % 2 == 0 ? network.graph.follow(bob, ana) : network.graph.unfollow(bob, ana)
        }
        try network.router.endGroup()
        #expect(try found("light", network) == ["first light"])
        #expect(try network.search.status().map(\.behind) == [0, 2, 2])
        #expect(try files() == before)
    }

    @Test("Whoever cannot write the index, or not now, finds everything nevertheless")
    func withoutWriting() throws {
        let network = try network()
        try post("first light", in: network)
        try network.search.rebuild()
        network.search.indexes.tailLimit = 1
        let lock = FileLock(path: "\(path)/shards/0000/search/posts.lock")
        try lock.acquire(waitingMilliseconds: 0)
        try post("second light", in: network)
        #expect(try found("light", network) == ["second light", "first light"])
        #expect(try network.search.status().first?.behind == 1)
        lock.release()
        #expect(try found("light", network) == ["second light", "first light"])
        try post("third light", in: network)
        #expect(try found("light", network).count == 3)
        #expect(try network.search.status().first?.behind == 0)
    }
}
