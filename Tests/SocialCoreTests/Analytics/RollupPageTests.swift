// Pages of counts beside a naive model: the same accesses, added up one by one.

import TestKit
import Testing

@testable import SocialCore

/// What pages must say, added up access by access.
private struct NaiveCounts {
    struct Row: Hashable {
        var key: RollupKey
        var resource: ResourceNumber
        var bucket: Int
    }

    var tallies: [Row: Tally] = [:]
    var viewers: [Row: Set<UInt64>] = [:]

    mutating func add(_ key: RollupKey, _ resource: ResourceNumber, minute: Int, viewer: UInt64?, amount: Int64) {
        for resource in [resource, .all] {
            let bucket = minute / Int(key.grain.rawValue)
            let tally = Tally(count: 1, amount: amount)
            tallies[Row(key: key, resource: resource, bucket: bucket), default: Tally()] += tally
            let hour = key.grain == .day ? 0 : minute / 60
            if let viewer { viewers[Row(key: key, resource: resource, bucket: hour), default: []].insert(viewer) }
        }
    }
}

@Suite("Pages of counts")
struct RollupPageTests {
    /// Made-up accesses, in a model and as pages of several builders.
    private static func made(
        _ chance: Chance, grain: RollupGrain, days: Int, parts: Int
    ) throws -> (model: NaiveCounts, pages: [RollupPage]) {
        var model = NaiveCounts()
        var pages: [RollupPage] = []
        let kinds = [AccessKind.view, .download]
        let resources = 1 + chance.below(700)
        for _ in 0..<parts {
            var builder = RollupBuilder()
            for _ in 0..<chance.below(1_500) {
                let resource = ResourceNumber(serial: Int64(1 + chance.below(resources)), .post)
                let (kind, audience) = (kinds[chance.below(2)], chance.isOne(in: 4) ? Audience.bots : .people)
                let (day, minute) = (Int64(20_000 + chance.below(days)), chance.below(1_440))
                let viewer = chance.isOne(in: 5) ? nil : UInt64(chance.below(300))
                let amount = Int64(chance.below(10_000))
                let within = Int64(minute) * 60_000 + Int64(chance.below(60_000))
                let time = Timestamp(milliseconds: day * 86_400_000 + within)
                builder.add(
                    resource, kind, audience, viewer: viewer.map { ViewerKey(rawValue: $0) }, at: time, amount: amount)
                let key = RollupKey(kind, audience, .day(day), grain)
                model.add(key, resource, minute: minute, viewer: viewer, amount: amount)
                let ever = RollupKey(kind, audience, .ever, .day)
                model.add(ever, resource, minute: 0, viewer: viewer, amount: amount)
            }
            pages += try builder.pages()
        }
        return (model, pages)
    }

    /// One page for each key, of the grain that is asked for.
    private static func merged(_ pages: [RollupPage], _ grain: RollupGrain) throws -> [RollupPage] {
        var keys: [RollupKey] = []
        for page in pages {
            var key = page.key
            if key.span != .ever { key.grain = grain }
            if !keys.contains(key) { keys.append(key) }
        }
        return try keys.map { key in
            let group = pages.filter { $0.key.isLike(key) }
            return try RollupPage.merged(group.map { try $0.reader() }, into: key)
        }
    }

    @Test("say what a naive count says, however they were merged and coarsened", arguments: RollupGrain.allCases)
    func model(grain: RollupGrain) throws {
        let chance = Chance("pages by the \(grain)")
        for _ in 0..<TestRun.times(6, usually: 3) {
            let (model, pages) = try Self.made(chance, grain: grain, days: 3, parts: 1 + chance.below(5))
            var found = NaiveCounts()
            for page in try Self.merged(pages.shuffled(using: &Self.order), grain) {
                for entry in try page.entries() {
                    for bucket in entry.buckets {
                        let row = NaiveCounts.Row(key: page.key, resource: entry.resource, bucket: bucket.index)
                        found.tallies[row] = bucket.tally
                    }
                    for part in entry.viewers {
                        let row = NaiveCounts.Row(key: page.key, resource: entry.resource, bucket: part.hour)
                        found.viewers[row] = Set(part.sketch.keys)
                    }
                }
            }
            #expect(found.tallies == model.tallies, "seed \(chance.seed)")
            #expect(found.viewers == model.viewers, "seed \(chance.seed)")
        }
    }

    nonisolated(unsafe) private static var order = SystemRandomNumberGenerator()

    @Test("let an entry be found among many")
    func finding() throws {
        let chance = Chance("entries")
        let (_, pages) = try Self.made(chance, grain: .minute, days: 1, parts: 1)
        for page in pages {
            let entries = try page.entries()
            var reader = try page.reader()
            for _ in 0..<200 {
                let number = ResourceNumber(serial: Int64(chance.below(900)), .post)
                let place = try reader.place(of: number)
                let expected = entries.first { $0.resource == number }
                #expect(try place.map { try reader.entry(at: $0) } == expected)
            }
            let all = try reader.place(of: .all)
            #expect(try all.map { try reader.entry(at: $0) } == entries.first)
        }
    }

    @Test("are refused with any flipped bit, and under any other key")
    func damage() throws {
        let chance = Chance("damaged pages")
        let (_, pages) = try Self.made(chance, grain: .minute, days: 1, parts: 1)
        for page in pages.prefix(4) where !page.chunks.isEmpty {
            for _ in 0..<60 {
                var other = page
                switch chance.below(4) {
                case 0: other.totals[chance.below(page.totals.count)] ^= UInt8(1 << chance.below(8))
                case 1:
                    let chunk = chance.below(page.chunks.count)
                    other.chunks[chunk].buckets[chance.below(page.chunks[chunk].buckets.count)] ^= 1
                case 2:
                    let chunk = chance.below(page.chunks.count)
                    other.chunks[chunk].viewers[chance.below(page.chunks[chunk].viewers.count)] ^= 1
                default: other.key.span = .day(1 + Int64(chance.below(100)))
                }
                #expect(throws: StorageError.self, "seed \(chance.seed)") { _ = try other.entries() }
            }
        }
    }
}
