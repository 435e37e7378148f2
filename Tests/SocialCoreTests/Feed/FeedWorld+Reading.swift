// What is read of a world's feeds, by every way, against the definition.

import TestKit
import Testing

@testable import SocialCore

extension FeedWorld {
    /// Reads a few readers' feeds in pages of random size, and by pulling.
    func expectFeeds(
        of count: Int = 3, in other: Network? = nil, _ note: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
        for _ in 0..<count {
            guard let reader = chance.one(of: model.accounts)?.id else { return }
            try expectFeed(of: reader, in: other ?? network, note, location)
        }
    }

    /// Reads everyone's feed.
    func expectAllFeeds(
        in other: Network? = nil, _ note: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
        for account in model.accounts { try expectFeed(of: account.id, in: other ?? network, note, location) }
    }

    private func expectFeed(of reader: UserID, in network: Network, _ note: String, _ location: SourceLocation) throws {
        let expected = model.feed(reader)
        let feeds = network.feeds
        var read: [PostID] = []
        while true {
            let limit = 1 + chance.below(capacity * 2 + 2)
            let page = try feeds.page(for: reader, after: read.last, limit: limit)
            for item in page {
                #expect(item.post.author == item.author.id && model.posts[item.post.id] == item.author.id)
            }
            read += page.map(\.post.id)
            if page.count < limit { break }
        }
        try #require(read == expected, "\(note), reader \(reader), seed \(chance.seed)", sourceLocation: location)
        let limit = 1 + chance.below(expected.count + 2)
        let pulled = try feeds.pull.newest(for: reader, in: .all, limit: limit)
        try #require(
            pulled == Array(expected.prefix(limit)), "\(note), pull, seed \(chance.seed)", sourceLocation: location)
    }

    /// Nothing cached differs from the truth.
    func expectVerified(_ note: String, _ location: SourceLocation = #_sourceLocation) throws {
        let verdict = try network.feeds.verify()
        try #require(verdict.differences.isEmpty, "\(note), seed \(chance.seed)", sourceLocation: location)
    }

    /// All feeds are cached, current and right; nothing is found wrong anywhere.
    func expectSound(_ location: SourceLocation = #_sourceLocation) throws {
        _ = try network.feeds.regenerate()
        let verdict = try network.feeds.verify()
        let seed = chance.seed
        #expect(
            verdict.checked == model.accounts.count && verdict.pulled == 0, "seed \(seed)", sourceLocation: location)
        try expectAllFeeds("after regenerating", location)
        _ = try network.feeds.regenerate(isFull: true)
        try expectAllFeeds("after regenerating in full", location)
        let findings = try network.verification.run()
        #expect(findings.isEmpty, "seed \(seed)", sourceLocation: location)
        #expect(try Digest.of(network.router) == Digest.of(memory), "seed \(seed)", sourceLocation: location)
    }
}
