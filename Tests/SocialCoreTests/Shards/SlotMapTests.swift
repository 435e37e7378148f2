// The slot map and its manifest: balance, parts, round trips, damage.

import SocialCore
import TestKit
import Testing

@Suite("The slot map and the manifest")
struct SlotMapTests {
    @Test("Shards differ by at most one slot", arguments: 1...64)
    func balance(shards: Int) throws {
        let map = SlotMap(shardCount: shards)
        let counts = map.slotCounts
        #expect(counts.count == shards && counts.reduce(0, +) == Slot.count)
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
        #expect(map.runs.count == shards && map.runs.first?.slots.lowerBound == 0)
        #expect(map.runs.map(\.slots.count).reduce(0, +) == Slot.count)
        #expect((0..<shards).allSatisfy { map.version(of: $0) == 1 } && map.version(of: shards) == 0)
    }

    @Test("A map needs an owner among its shards for each slot, and shards once")
    func parts() {
        let owner = SlotOwner(shard: 0, epoch: 1)
        let halves = [SlotMap.Run(slots: 0...2_047, owner: owner), SlotMap.Run(slots: 2_048...4_095, owner: owner)]
        let entry = ShardEntry(number: 0, version: 1)
        #expect(SlotMap(shards: [entry], runs: halves) == SlotMap(shardCount: 1))
        #expect(SlotMap(shards: [entry, entry], runs: halves) == nil)
        #expect(SlotMap(shards: [entry], runs: [halves[0]]) == nil)
        #expect(SlotMap(shards: [entry], runs: [halves[1], halves[0]]) == nil)
        #expect(SlotMap(shards: [ShardEntry(number: 1, version: 1)], runs: halves) == nil)
    }

    @Test("A manifest comes back as it was written", arguments: [1, 2, 5, 64])
    func roundTrip(shards: Int) throws {
        let directory = try TemporaryDirectory()
        var manifest = Manifest(
            placement: shards % 2 == 0 ? .post : .user, isShared: shards == 5, settings: .standard,
            map: SlotMap(shardCount: shards).moving(Slot(masking: 9), toEpoch: 4, version: 3))
        try manifest.settings.set("feed.capacity", to: "17")
        try manifest.settings.set("feed.cache-window", to: "90m")
        try manifest.write(directory.path, context: Context(clock: .fixed(noon)))
        #expect(try Manifest.read(directory.path) == manifest)
    }

    @Test("Any changed byte of a manifest shows, and a newer format is told apart")
    func damage() throws {
        let directory = try TemporaryDirectory()
        #expect(refusal { _ = try Manifest.read(directory.path) } == "no_data_directory")
        let manifest = Manifest(placement: .user, isShared: false, settings: .standard, map: SlotMap(shardCount: 3))
        try manifest.write(directory.path, context: Context(clock: .fixed(noon)))
        let path = DataDirectory.manifestPath(directory.path)
        let bytes = try FileSystem().contents(of: path)
        for offset in bytes.indices {
            var changed = bytes
            changed[offset] ^= 1
            try overwrite(path, changed)
            let code = refusal { _ = try Manifest.read(directory.path) }
            #expect(code == "damaged" || code == "newer_format", "offset \(offset)")
            try overwrite(path, Array(bytes.prefix(offset)))
            #expect(refusal { _ = try Manifest.read(directory.path) } == "damaged", "cut at \(offset)")
        }
        try overwrite(path, Array("{\"format\": 3, \"other\": []}".utf8))
        #expect(refusal { _ = try Manifest.read(directory.path) } == "newer_format")
        for text in ["", "[]", "{}", "{\"format\": 0}", "{\"format\": -1}", "{\"format\": \"1\"}", "\u{0}"] {
            try overwrite(path, Array(text.utf8))
            #expect(refusal { _ = try Manifest.read(directory.path) } == "damaged", "\(text)")
        }
    }

    /// Writes without a sync: a thousand damaged files need not be durable.
    private func overwrite(_ path: String, _ bytes: [UInt8]) throws { try TemporaryDirectory.write(bytes, to: path) }
}
