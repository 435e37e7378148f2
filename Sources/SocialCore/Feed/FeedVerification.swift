// One oracle: for any state of the truth, the cached feed, the feed pulled from the truth and a feed generated afresh
// are the same. This compares them.

/// What differs in one reader's feed.
package struct FeedDifference: Equatable, Sendable {
    /// Whose feed it is.
    package var reader: UserID
    /// Posts that the cache lacks.
    package var missing: [PostID]
    /// Posts that the cache has and the truth has not.
    package var extra: [PostID]
    /// Whether the record itself is damaged.
    package var isDamaged: Bool
}

/// What a verification found.
package struct FeedVerdict: Equatable, Sendable {
    /// Feeds compared.
    package var checked = 0
    /// Feeds that are read from the truth, because their cache is behind, missing or incomplete: nothing to compare.
    package var pulled = 0
    /// What differs.
    package var differences: [FeedDifference] = []
    /// Feeds filled afresh.
    package var repaired = 0
}

extension FeedVerdict {
    /// Whether a feed differs that has not been repaired.
    package var isBad: Bool { repaired < differences.count }
}

extension Feeds {
    /// Compares cached feeds with the truth.
    ///
    /// - Parameters:
    ///   - readers: whose feeds, each once; nil: everyone's.
    ///   - repair: whether feeds that differ are filled afresh.
    package func verify(_ readers: [UserID]? = nil, repair: Bool = false) throws -> FeedVerdict {
        try router.throughAllShards { try verifyAll(readers, repair) }
    }

    private func verifyAll(_ readers: [UserID]?, _ repair: Bool) throws -> FeedVerdict {
        var verdict = FeedVerdict()
        let readers = readers.map(Set.init)
        for shard in router.shards {
            let mine = readers.map { $0.filter { router.shard(of: $0.slot) == shard }.sorted() }
            if mine?.isEmpty == true { continue }
            // Under the lock, so that nobody else changes the cache, and after catching up, so that there is something
            // to compare. A directory that cannot be written has no lock to take.
            if !repair, !caches.isWritable {
                try verify(mine ?? allReaders(of: shard), on: shard, repair, &verdict)
                continue
            }
            let lock = caches.lock(of: shard)
            try lock.acquire(waitingMilliseconds: caches.context.lockWaitMilliseconds)
            defer { lock.release() }
            if let cache = caches.cache(of: shard, writable: true) {
                _ = try FeedView(caches: caches, pull: pull, shard: shard).catchUp(cache, entryLimit: .max)
            }
            try verify(mine ?? allReaders(of: shard), on: shard, repair, &verdict)
        }
        verdict.differences.sort { $0.reader < $1.reader }
        return verdict
    }

    /// Compares the cached feeds of some readers, drawn by chance, with the truth.
    package func verify(sampleOf count: Int, repair: Bool = false) throws -> FeedVerdict {
        var everyone = try router.repeating { try router.shards.flatMap { try allReaders(of: $0) } }.sorted()
        // The first steps of a shuffle (Fisher and Yates).
        let count = min(count, everyone.count)
        for place in 0..<count {
            let rest = UInt64(everyone.count - place)
            let drawn = posts.context.random.next().multipliedFullWidth(by: rest).high
            everyone.swapAt(place, place + Int(drawn))
        }
        return try verify(Array(everyone.prefix(count)), repair: repair)
    }

    private func verify(
        _ readers: [UserID], on shard: Int, _ repair: Bool, _ verdict: inout FeedVerdict
    ) throws {
        let observer = caches.context.observer
        observer?.begin("comparing the feeds of shard \(shard)", total: readers.count)
        defer { observer?.end() }
        var different: [UserID] = []
        let comparison = try Comparison(self, isWide: readers.count > Limits.inlineFeeds)
        for reader in readers {
            observer?.advance(by: 1)
            if try comparison.agrees(on: reader, shard, &verdict) { continue }
            guard let difference = try difference(of: reader, on: shard, &verdict) else { continue }
            verdict.differences.append(difference)
            different.append(reader)
        }
        guard repair, !different.isEmpty, var cache = caches.cache(of: shard, writable: true) else { return }
        let view = FeedView(caches: caches, pull: pull, shard: shard)
        for reader in different {
            try view.fill(reader, &cache)
            verdict.repaired += 1
        }
        try cache.sync()
    }

    /// What differs in a reader's feed; nil where nothing does, or there is nothing to compare.
    private func difference(
        of reader: UserID, on shard: Int, _ verdict: inout FeedVerdict
    ) throws -> FeedDifference? {
        var difference: FeedDifference?
        // A writer may commit between the two looks; then the cache is behind, and the second try sees it.
        for attempt in 0..<3 {
            guard let cache = try caches.current(of: shard) else {
                if attempt == 0 { verdict.pulled += 1 }
                return nil
            }
            difference = try compare(reader, cache, &verdict, isFirst: attempt == 0)
            if difference == nil { break }
        }
        return difference
    }

    private func compare(
        _ reader: UserID, _ cache: FeedCache, _ verdict: inout FeedVerdict, isFirst: Bool
    ) throws -> FeedDifference? {
        switch cache.record(of: reader) {
        case .absent:
            if isFirst { verdict.pulled += 1 }
            return nil
        case .damaged where !cache.isOfThisBoot:
            // Torn by a power cut: read from the truth, and filled by whoever catches up first.
            if isFirst { verdict.pulled += 1 }
            return nil
        case .damaged:
            if isFirst { verdict.checked += 1 }
            return FeedDifference(reader: reader, missing: [], extra: [], isDamaged: true)
        case .found(let record):
            if record.isIncomplete {
                if isFirst { verdict.pulled += 1 }
                return nil
            }
            if isFirst { verdict.checked += 1 }
            guard let record = try record.completed(with: cache.marks, pull.graph) else { return nil }
            let range = record.coveredFrom...PostID(rawValue: .max)
            let limit = record.pulled.isEmpty ? caches.settings.feedCapacity + 1 : .max
            var definition = pull
            definition.caches = nil
            let truth = Set(try definition.newest(for: reader, in: range, limit: limit))
            let pulled = try definition.newest(of: record.pulled, in: range, limit: .max)
            let cached = Set(record.entries).union(pulled)
            // A post that was deleted after the cache was found current is no difference: it will be applied.
            guard try caches.current(of: router.shard(of: reader.slot)) != nil, truth != cached else { return nil }
            return try difference(of: reader, definition, range, cached)
        }
    }

    /// What differs, apart from posts of accounts that are gone.
    ///
    /// A deletion that was left half done has not reached them yet; nobody sees them, and a feed may hold them or not.
    private func difference(
        of reader: UserID, _ definition: FeedPull, _ range: ClosedRange<PostID>, _ cached: Set<PostID>
    ) throws -> FeedDifference? {
        let gone = try pull.graph.feedAuthors(of: reader).filter { author in
            try router.read(author.slot) { try $0.isFormer(author) }
        }
        let unseen = Set(try definition.newest(of: gone, in: range, limit: .max))
        let truth = Set(try definition.newest(for: reader, in: range, limit: .max)).subtracting(unseen)
        let kept = cached.subtracting(unseen)
        if truth == kept { return nil }
        return FeedDifference(
            reader: reader, missing: truth.subtracting(kept).sorted(), extra: kept.subtracting(truth).sorted(),
            isDamaged: false)
    }

    private func allReaders(of shard: Int) throws -> [UserID] {
        try FeedRegeneration(view: FeedView(caches: caches, pull: pull, shard: shard)).accounts()
    }
}

/// Tells at once of most feeds that they are as they should be, where many are compared.
///
/// It asks an index that was made from the tables just now; what it does not know is compared one by one.
private struct Comparison {
    private let feeds: Feeds
    private let index: FeedIndex?

    init(_ feeds: Feeds, isWide: Bool) throws {
        self.feeds = feeds
        index = isWide ? try FeedIndex.build(router: feeds.router, logHeads: feeds.caches.logHeads) : nil
    }

    /// Whether a reader's feed is known to be right.
    func agrees(on reader: UserID, _ shard: Int, _ verdict: inout FeedVerdict) throws -> Bool {
        guard let index, let number = try index.number(of: reader), let cache = try feeds.caches.current(of: shard),
            cache.marks?.isEmpty == true, case .found(let record) = cache.record(of: reader), !record.isIncomplete
        else { return false }
        let range = record.coveredFrom...PostID(rawValue: .max)
        let truth = try index.newest(for: number, in: range, limit: feeds.caches.settings.feedCapacity + 1)
        guard truth.elementsEqual(record.entries.reversed()) else { return false }
        verdict.checked += 1
        return true
    }
}
