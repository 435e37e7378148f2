// The cache file of many feeds against a dictionary of arrays: inserting, removing, growing, reopening.

import TestKit
import Testing

@testable import SocialCore

@Suite("A cache file")
struct FeedCacheTests {
    static let operations = TestRun.times(4_000)
    private let context = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)))

    @Test("It agrees with a dictionary of arrays while it grows and is reopened", arguments: [1, 2, 3, 7, 40])
    func model(capacity: Int) throws {
        let chance = Chance("cache of \(capacity)")
        let directory = try TemporaryDirectory()
        let path = directory.file("feed.cache")
        var cache = try make(path, capacity, room: 3, from: nil)
        var model: [UserID: NaiveFeed] = [:]
        let readers = (0..<40).map { _ in UserID(rawValue: Int64(chance.next() >> 1)) }
        for step in 0..<FeedCacheTests.operations {
            let reader = readers[chance.below(readers.count)]
            switch chance.below(20) {
            case 0:
                let covered = Int64(chance.below(900))
                let feed = NaiveFeed(capacity: capacity, coveredFrom: covered, ids: [covered + 5])
                while try !cache.replace(record(feed, reader)) {
                    cache = try make(path, capacity, room: cache.room.feeds * 2, from: cache)
                }
                model[reader] = feed
            case 1:
                cache = try #require(FeedCache(opening: path, writable: true, context: context))
            case 2...4:
                let gone = model[reader]?.ids.first ?? 0
                #expect(try cache.remove(from: reader) { $0.rawValue == gone } == (model[reader] != nil))
                model[reader]?.ids.removeAll { $0 == gone }
            default:
                let id = Int64(chance.below(1_200))
                var outcome = try cache.insert(PostID(rawValue: id), for: reader)
                if outcome == .full {
                    cache = try make(path, capacity, room: cache.room.feeds * 2, from: cache)
                    outcome = try cache.insert(PostID(rawValue: id), for: reader)
                }
                #expect(outcome == (model[reader] == nil ? .missing : .done))
                model[reader]?.insert(id)
            }
            let expected = model[reader].map { FeedCache.Lookup.found(record($0, reader)) } ?? .absent
            try #require(cache.record(of: reader) == expected, "seed \(chance.seed), step \(step)")
        }
        #expect(cache.count == model.count)
        #expect(cache.readers.sorted() == model.keys.sorted())
    }

    @Test("No flipped bit of its header or its marks makes it forget a mark")
    func marks() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("feed.cache")
        let cache = try make(path, 5, room: 3, from: nil)
        for author in 1...3 { _ = try cache.mark(PostID(rawValue: 40), by: UserID(rawValue: Int64(author))) }
        let marks = try #require(cache.marks)
        #expect(marks.count == 3)
        let bytes = try FileSystem().contents(of: path)
        for bit in 0..<8 * (64 + 4 * 32) {
            var damaged = bytes
            damaged[bit / 8] ^= UInt8(1 << (bit % 8))
            try TemporaryDirectory.write(damaged, to: path)
            let read = FeedCache(opening: path, writable: false, context: context)?.marks
            #expect(read == nil || read == marks, "bit \(bit)")
        }
    }

    @Test("No flipped bit of its header stops whoever looks through it or adds to it")
    func header() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("feed.cache")
        _ = try make(path, 5, room: 3, from: nil)
        let bytes = try FileSystem().contents(of: path)
        let reader = UserID(rawValue: 9)
        let added = record(NaiveFeed(capacity: 5, coveredFrom: 0, ids: [7]), reader)
        for bit in 0..<8 * 64 {
            var damaged = bytes
            damaged[bit / 8] ^= UInt8(1 << (bit % 8))
            try TemporaryDirectory.write(damaged, to: path)
            guard let cache = FeedCache(opening: path, writable: true, context: context) else { continue }
            try cache.recoverUse()
            // Where it seems to be full, it has to grow.
            if try cache.replace(added) { #expect(cache.record(of: reader) == .found(added), "bit \(bit)") }
        }
    }

    @Test("Its offsets survive reopening, and the synced ones wait for a sync")
    func offsets() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("feed.cache")
        let begun: OffsetVector = [0: LogPosition(incarnation: 1, n: 2), 3: LogPosition(incarnation: 9, n: 0)]
        let later: OffsetVector = [0: LogPosition(incarnation: 1, n: 5), 3: LogPosition(incarnation: 9, n: 8)]
        let cache = try FeedCache.create(
            path, capacity: 4, room: FeedCache.Room(feeds: 4, units: 8), vector: begun, shared: false, context: context)
        try cache.publish(as: path, context: context)
        #expect(cache.applied == begun && cache.synced == begun)
        try cache.setApplied(later)
        let other = try #require(FeedCache(opening: path, writable: true, context: context))
        #expect(other.applied == later && other.synced == begun)
        try other.sync()
        #expect(cache.synced == later)
        // A file of an earlier boot holds no more than what was synced.
        try cache.setApplied([0: LogPosition(incarnation: 1, n: 7)])
        try cache.map.store(BootIdentity.current &+ 1, at: 32)
        #expect(cache.applied == later)
        try cache.setApplied(later)
        #expect(cache.applied == later && cache.map.load(at: 32) == BootIdentity.current)
    }

    @Test("No file, an empty one and one cut short are no cache")
    func notWhole() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("feed.cache")
        #expect(FeedCache(opening: path, writable: false, context: context) == nil)
        try FileSystem().replace(path, with: [])
        #expect(FeedCache(opening: path, writable: false, context: context) == nil)
        _ = try make(path, 4, room: 4, from: nil)
        let bytes = try FileSystem().contents(of: path)
        for size in [1, 63, 64, 100, bytes.count / 2, bytes.count - 1] {
            try FileSystem().replace(path, with: Array(bytes.prefix(size)))
            #expect(FeedCache(opening: path, writable: false, context: context) == nil, "\(size) bytes")
        }
    }

    private func make(_ path: String, _ capacity: Int, room: Int, from old: FeedCache?) throws -> FeedCache {
        let cache = try FeedCache.create(
            path, capacity: capacity, room: FeedCache.Room(feeds: room, units: 4 * room),
            vector: [0: LogPosition(incarnation: 1, n: 0)], shared: false,
            context: context)
        for reader in old?.readers ?? [] {
            if case .found(let record)? = old?.record(of: reader) { #expect(try cache.replace(record)) }
        }
        try cache.publish(as: path, context: context)
        return cache
    }

    private func record(_ feed: NaiveFeed, _ reader: UserID) -> FeedRecord {
        var record = feed.record
        record.reader = reader
        return record
    }
}
