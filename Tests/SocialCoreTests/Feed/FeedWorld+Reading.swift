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
        network.context = context
        checks += 1
        let definition = model.feeds
        let expected = definition.feed(reader, at: now)
        let feeds = network.feeds
        var read: [PostID] = []
        while true {
            let limit = 1 + chance.below(capacity * 2 + 2)
            let page = try feeds.page(for: reader, after: read.last, limit: limit)
            for item in page { try expectItem(item.content, note, location) }
            read += page.map(\.post.id)
            if page.count < limit { break }
        }
        try #require(read == expected, "\(note), reader \(reader), seed \(chance.seed)", sourceLocation: location)
        let raw = definition.rawFeed(reader)
        let limit = 1 + chance.below(raw.count + 2)
        let pulled = try feeds.pull.newest(for: reader, in: .all, limit: limit)
        try #require(
            pulled == Array(raw.prefix(limit)), "\(note), pull, seed \(chance.seed)", sourceLocation: location)
        try expectRecord(of: reader, raw, feeds, note, location)
    }

    /// An item is of the post, its author and what it passes on, as they are now.
    private func expectItem(_ item: PostItem, _ note: String, _ location: SourceLocation) throws {
        func expect(_ post: PostRecord, by author: AccountRecord) throws {
            let expected = model.posts[post.id]
            let writer = model.accounts.first { $0.id == author.id }
            try #require(
                post.author == author.id && expected?.author == author.id && post.text == expected?.text
                    && author.handle.display == writer?.handle.display,
                "\(note), post \(post.id), seed \(chance.seed)", sourceLocation: location)
        }
        try expect(item.post, by: item.author)
        #expect(item.original?.post.id == model.posts[item.id]?.repostOf, sourceLocation: location)
        if let original = item.original { try expect(original.post, by: original.author) }
    }

    /// A cached feed that may be read has all posts that it covers, once and in order; those of authors whose posts are
    /// pulled may be left out.
    private func expectRecord(
        of reader: UserID, _ raw: [PostID], _ feeds: Feeds, _ note: String, _ location: SourceLocation
    ) throws {
        guard let record = try feeds.cachedRecord(of: reader) else { return }
        if try feeds.caches.current(of: feeds.router.shard(of: reader.slot)) == nil { readsBehind += 1 }
        let covered = raw.reversed().filter { $0 >= record.coveredFrom }
        let required = covered.filter { id in !record.pulled.contains { $0 == model.posts[id]?.author } }
        let entries = Set(record.entries)
        try #require(
            record.entries == covered.filter(entries.contains) && entries.isSuperset(of: required),
            "\(note), record of \(reader), seed \(chance.seed)", sourceLocation: location)
    }

    /// Reads an account's profile.
    func expectProfile(in network: Network, _ note: String, _ location: SourceLocation = #_sourceLocation) throws {
        guard let author = chance.one(of: model.accounts)?.id else { return }
        network.context = context
        let limit = 1 + chance.below(30)
        let living = Set(model.accounts.map(\.id))
        let newest = model.posts.values.filter { $0.author == author }.sorted { $0.id > $1.id }.prefix(limit)
        let expected = newest.filter { post in
            guard let id = post.repostOf else { return !post.isExpired(at: now) }
            return model.posts[id].map { living.contains($0.author) && !$0.isExpired(at: now) } ?? false
        }
        let items = try network.posts.profile(of: author, limit: limit)
        try #require(
            items.map(\.id) == expected.map(\.id), "\(note), profile, seed \(chance.seed)", sourceLocation: location)
        for item in items { try expectItem(item, note, location) }
    }

    /// Looks through a process that goes on working, and has not always looked a moment ago.
    func expectWatched(_ note: String, _ location: SourceLocation = #_sourceLocation) throws {
        if watcher == nil || chance.isOne(in: 40) { watcher = try opened(isLongRunning: true) }
        guard let watcher, !chance.isOne(in: 3) else { return }
        let note = "\(note), a process that goes on"
        try expectFeeds(of: 1 + chance.below(3), in: watcher, note, location)
        try expectProfile(in: watcher, note, location)
        if chance.isOne(in: 30) { try watcher.publish() }
    }

    /// Who follows whom, who is suggested, and what is counted: always right, whatever was left half done.
    func expectGraph(_ note: String, _ location: SourceLocation = #_sourceLocation) throws {
        let ids = model.accounts.map(\.id)
        guard let id = chance.one(of: ids) else { return }
        let graph = network.graph
        let (followers, followees) = (model.followers(id), model.followees(id))
        let counts = try graph.counts(of: id)
        try #require(
            counts == (followers.count, followees.count), "\(note), seed \(chance.seed)", sourceLocation: location)
        func expect(_ list: [UserID], _ read: (Page<UserID>) throws -> [UserID]) throws {
            let page = Page(
                after: chance.isOne(in: 2) ? chance.one(of: ids) : nil,
                before: chance.isOne(in: 2) ? chance.one(of: ids) : nil,
                limit: chance.isOne(in: 4) ? .max : chance.below(5))
            let window = list.filter { other in
                page.after.map { other > $0 } ?? true && page.before.map { other < $0 } ?? true
            }
            let found = try read(page)
            try #require(
                found == page.cut(window), "\(note), \(page), seed \(chance.seed)", sourceLocation: location)
        }
        for _ in 0..<3 {
            try expect(followers) { try graph.followers(of: id, page: $0).map(\.follower) }
            try expect(followees) { try graph.followees(of: id, page: $0).map(\.followee) }
        }
        let suggested = model.suggestions(id)
        let limit = chance.below(6)
        let found = try graph.suggestions(for: id, limit: limit)
        try #require(
            found.best == Array(suggested.prefix(limit)) && found.total == suggested.count,
            "\(note), seed \(chance.seed)", sourceLocation: location)
        let posts = (0..<4).compactMap { _ in chance.one(of: recent + model.deleted) }
        let sums = try network.posts.engagement(of: posts)
        try #require(
            sums == posts.map(model.engagement), "\(note), seed \(chance.seed)", sourceLocation: location)
        try expectHandles(note, location)
    }

    /// Each handle that anybody has, had or is about to have names whom it should.
    private func expectHandles(_ note: String, _ location: SourceLocation) throws {
        for key in Set(model.handles.keys).union(model.claims.keys).sorted() {
            let claimed = model.claims[key].flatMap { $0.isTaken ? $0.account : nil }
            let owner = model.accounts.first { $0.id == model.handles[key] ?? claimed }
            let found = try network.accounts.find(try Handle(key))
            try #require(
                found?.id == owner?.id && found?.handle.display == owner?.handle.display,
                "\(note), \(key), seed \(chance.seed)", sourceLocation: location)
        }
    }

    /// Nothing cached differs from the truth.
    func expectVerified(_ note: String, _ location: SourceLocation = #_sourceLocation) throws {
        let verdict = try network.feeds.verify()
        try #require(verdict.differences.isEmpty, "\(note), seed \(chance.seed)", sourceLocation: location)
    }

    /// All feeds are cached, current and right; nothing is found wrong anywhere.
    func expectSound(_ location: SourceLocation = #_sourceLocation) throws {
        try regenerate()
        let verdict = try network.feeds.verify()
        let seed = chance.seed
        #expect(
            verdict.checked == model.accounts.count && verdict.pulled == 0, "seed \(seed)", sourceLocation: location)
        try expectAllFeeds("after regenerating", location)
        try regenerate(isFull: true)
        try expectAllFeeds("after regenerating in full", location)
        let findings = try network.verification.run()
        #expect(findings.isEmpty, "seed \(seed)", sourceLocation: location)
        if hasTwin {
            #expect(try Digest.of(network.router) == Digest.of(memory), "seed \(seed)", sourceLocation: location)
        }
    }
}
