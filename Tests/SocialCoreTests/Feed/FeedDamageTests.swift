// A cache file that is damaged in any way: what is read is still the definition, nothing traps, regenerating repairs.
//
// Flipped and overwritten files are rebuilt between rounds. The index has no checksum: damage that hides a record, and
// later damage (or a new reader in the hole) that uncovers it, brings back what the record held before.

import TestKit
import Testing

@testable import SocialCore

@Suite("A damaged cache is never believed")
struct FeedDamageTests {
    static let rounds = TestRun.times(60, usually: 24)
    static let boots = TestRun.times(12)

    @Test("Flipped bytes anywhere in the file", arguments: [1, 3])
    func flips(shards: Int) throws {
        let world = try made("flips on \(shards)", shards: shards)
        for round in 0..<FeedDamageTests.rounds {
            let path = path(world, round % shards)
            var bytes = try FileSystem().contents(of: path)
            // Small files: the header and the sources, the index and the records are all hit often.
            let end = [64, 64 + 64 * shards, 1_024, bytes.count][world.chance.below(4)]
            for _ in 0...world.chance.below(6) {
                bytes[world.chance.below(min(end, bytes.count))] ^= UInt8(1 << world.chance.below(8))
            }
            try TemporaryDirectory.write(bytes, to: path)
            try use(world, "round \(round)")
            _ = try world.network.feeds.regenerate(nil, .init(isFull: true))
        }
        try world.expectSound()
    }

    @Test("Bytes replaced by zeros or ones in blocks")
    func blocks() throws {
        let world = try made("blocks", shards: 2)
        for round in 0..<FeedDamageTests.rounds / 2 {
            let path = path(world, round % 2)
            var bytes = try FileSystem().contents(of: path)
            let start = world.chance.below(bytes.count)
            let value: UInt8 = world.chance.isOne(in: 2) ? 0 : 255
            for offset in start..<min(bytes.count, start + 8 * (1 + world.chance.below(64))) { bytes[offset] = value }
            try TemporaryDirectory.write(bytes, to: path)
            try use(world, "round \(round)")
            _ = try world.network.feeds.regenerate(nil, .init(isFull: true))
        }
        try world.expectSound()
    }

    @Test("A file that is cut short, empty, missing, another shard's or an older copy")
    func files() throws {
        let world = try made("files", shards: 2)
        var older = try FileSystem().contents(of: path(world, 0))
        for round in 0..<FeedDamageTests.rounds / 2 {
            let path = path(world, 0)
            let bytes = try FileSystem().contents(of: path)
            switch world.chance.below(5) {
            case 0: try TemporaryDirectory.write(Array(bytes.prefix(world.chance.below(bytes.count))), to: path)
            case 1: try TemporaryDirectory.write([], to: path)
            case 2: try FileSystem().remove(path)
            case 3: try TemporaryDirectory.write(try FileSystem().contents(of: self.path(world, 1)), to: path)
            default:
                try TemporaryDirectory.write(older, to: path)
                older = bytes
            }
            try use(world, "round \(round)")
        }
        try world.expectSound()
    }

    @Test("Offsets set back, an earlier boot, and a reader who is marked incomplete")
    func offsets() throws {
        let world = try made("offsets", shards: 2)
        for round in 0..<FeedDamageTests.boots {
            do {
                let cache = try #require(
                    FeedCache(opening: path(world, round % 2), writable: true, context: world.context))
                if var vector = cache.applied {
                    for entry in vector.entries {
                        let back = Int64(world.chance.below(Int(min(entry.position.n, 60)) + 1))
                        vector[entry.shard]?.n = entry.position.n - back
                    }
                    try cache.setApplied(vector)
                }
                if world.chance.isOne(in: 3) { try cache.map.store(UInt64(round), at: 32) }
                if let reader = world.chance.one(of: cache.readers), case .found(var record) = cache.record(of: reader)
                {
                    record.isIncomplete = true
                    record.entries = []
                    #expect(try cache.replace(record))
                }
            }
            try use(world, "round \(round)")
        }
        try world.expectSound()
    }

    // MARK: Parts

    private func made(_ name: String, shards: Int) throws -> FeedWorld {
        let world = try FeedWorld(shards: shards, placement: .user, chance: Chance(name))
        for _ in 0..<14 { try world.createAccount() }
        for _ in 0..<60 { try world.change() }
        try world.network.publish()
        return world
    }

    private func path(_ world: FeedWorld, _ shard: Int) -> String {
        "\(DataDirectory.shardPath(world.directory.file("data"), shard: shard))/feed.cache"
    }

    /// Reads as a fresh process, goes on changing and publishing, and now and then regenerates.
    private func use(_ world: FeedWorld, _ note: String) throws {
        try world.reopen()
        try world.expectAllFeeds("\(note), damaged")
        for _ in 0..<world.chance.below(6) { try world.change() }
        try world.expectFeeds("\(note), changed")
        try world.network.publish()
        try world.expectFeeds("\(note), published")
        if world.chance.isOne(in: 3) {
            _ = try world.network.feeds.regenerate()
            try world.expectFeeds("\(note), regenerated")
            try world.expectVerified(note)
        }
    }
}
