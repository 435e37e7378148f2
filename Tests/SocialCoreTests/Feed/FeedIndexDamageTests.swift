// An index that is damaged in any of its blocks: feeds are read from the truth, and the index is made again.

import TestKit
import Testing

@testable import SocialCore

@Suite("A damaged index is never believed")
struct FeedIndexDamageTests {
    static let rounds = TestRun.times(30, usually: 15)

    @Test("Flipped bytes anywhere in the file hide nothing and stop nothing", arguments: [false, true])
    func flips(isLongRunning: Bool) throws {
        let chance = Chance("index that is \(isLongRunning ? "kept" : "mapped")")
        let directory = try TemporaryDirectory()
        let place = directory.file("data")
        var context = Context(clock: .fixed(noon), random: chance.source, lockWaitMilliseconds: 0)
        try Network.create(place, .init(shards: 2), context: context)
        let writer = try Network(opening: place, context: context)
        func write(_ count: Int, _ accounts: [AccountRecord]) throws {
            for number in 0..<count {
                guard let one = chance.one(of: accounts), let other = chance.one(of: accounts) else { return }
                if one != other, number % 3 == 0 { _ = try writer.graph.follow(one, other) }
                _ = try writer.posts.create(by: other, text: "post")
            }
        }
        // Large enough for several blocks.
        writer.router.beginGroup()
        let handles = try (0..<200).map { try Handle("u\($0)") }
        let accounts = try handles.map { try writer.accounts.create(AccountDraft(handle: $0)).value }
        try write(900, accounts)
        try writer.router.endGroup()
        context.isLongRunning = isLongRunning
        let path = "\(place)/feed.index"
        for round in 0..<Self.rounds {
            let maker = try Network(opening: place, context: context)
            _ = try maker.feeds.regenerate(nil, .init(isFull: round % 2 == 0))
            _ = try maker.feeds.caches.packedIndex(graph: maker.graph)
            var bytes = try FileSystem().contents(of: path)
            #expect(bytes.count > 3 * 4_096)
            for _ in 0...chance.below(3) { bytes[chance.below(bytes.count)] ^= UInt8(1 << chance.below(8)) }
            try TemporaryDirectory.write(bytes, to: path)
            let network = try Network(opening: place, context: context)
            network.feeds.caches.indexedAuthors = 0
            for look in 0..<6 {
                guard let reader = chance.one(of: accounts)?.id else { return }
                let authors = try writer.graph.feedAuthors(of: reader)
                let expected = try writer.feeds.pull.newest(of: authors, in: .all, limit: 9)
                let found = try network.feeds.pull.newest(for: reader, in: .all, limit: 9)
                try #require(found == expected, "round \(round), look \(look), seed \(chance.seed)")
                try write(1 + chance.below(4), accounts)
            }
            if chance.isOne(in: 2) { try network.publish() }
        }
        #expect(try writer.verification.run() == [])
    }
}
