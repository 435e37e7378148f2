// Counts of a network: what is recorded is found, in whichever shard it lies and however old it has become.

import TestKit
import Testing

@testable import SocialCore

/// A network with a fixed clock.
final class CountedNetwork {
    let directory: TemporaryDirectory
    var context: Context
    private(set) var network: Network

    static let now = Timestamp(milliseconds: 20_000 * 86_400_000 + 12 * 3_600_000)

    init(shards: Int = 1) throws {
        directory = try TemporaryDirectory()
        context = Context(clock: .fixed(Self.now), random: .seeded(SeededGenerator(seed: 1)))
        try Network.create(directory.file("data"), Network.Plan(shards: shards), context: context)
        network = try Network(opening: directory.file("data"), context: context)
    }

    var analytics: Analytics { network.analytics }

    /// Opens the network again, at another time.
    func reopen(at time: Timestamp = CountedNetwork.now, isDryRun: Bool = false) throws {
        context.clock = .fixed(time)
        context.isDryRun = isDryRun
        network = try Network(opening: directory.file("data"), context: context)
    }

    func count(_ change: (inout AccessFilter) -> Void = { _ in }) throws -> Int64 {
        var filter = AccessFilter()
        change(&filter)
        return try analytics.count(filter).reduce(0) { $0 + $1.count.count }
    }
}

@Suite("Counts of accesses")
struct AnalyticsTests {
    private func post(_ number: Int64) -> AccessedResource { .post(PostID(rawValue: number)) }

    @Test("What is recorded is counted, by kind, audience, resource and time")
    func counting() throws {
        let world = try CountedNetwork()
        let hour: Int64 = 3_600_000
        var accesses: [CountedAccess] = []
        for index in 0..<100 {
            let time = CountedNetwork.now.advanced(byMilliseconds: -Int64(index) * hour)
            accesses.append(
                CountedAccess(
                    post(Int64(1 + index % 4)), index % 10 == 0 ? .like : .view,
                    viewer: ViewerKey("v\(index % 7)"), at: time, audience: index % 5 == 1 ? .bots : .people, amount: 3)
            )
        }
        #expect(try world.analytics.record(accesses))
        try world.reopen()
        let kinds = try world.analytics.count(AccessFilter())
        #expect(kinds.map(\.kind.name) == ["like", "view"])
        #expect(kinds.map(\.count.count) == [10, 90])
        #expect(kinds.map(\.count.bots) == [0, 20])
        #expect(kinds.map { $0.viewers.count } == [7, 7])
        #expect(kinds.map(\.count.amount) == [30, 270])
        #expect(try world.count { $0.resources = .named([post(2)]) } == 25)
        #expect(try world.count { $0.resources = .named([post(2), post(2), post(3), post(9)]) } == 50)
        #expect(try world.count { $0.resources = .types([.user]) } == 0)
        #expect(try world.count { $0.since = CountedNetwork.now.advanced(byMilliseconds: -24 * hour) } == 25)
        #expect(try world.count { $0.until = CountedNetwork.now.advanced(byMilliseconds: -24 * hour) } == 75)
        #expect(try world.count { $0.audience = .bots } == 20)
        let top = try world.analytics.top(AccessFilter(), limit: 3)
        #expect(top.map(\.resource.name) == ["post/1", "post/2", "post/3"])
        #expect(top.map(\.count.count) == [25, 25, 25])
    }

    @Test("Stretches of time have what fell into them, also where there was nothing")
    func series() throws {
        let world = try CountedNetwork()
        let chance = Chance("series")
        var times: [Int64] = []
        for _ in 0..<500 { times.append(CountedNetwork.now.milliseconds - Int64(chance.below(5 * 86_400_000))) }
        try world.analytics.record(
            times.map { CountedAccess(post(1), .view, viewer: nil, at: Timestamp(milliseconds: $0)) })
        let minute: Int64 = 60_000
        var edges: [Int64] = [CountedNetwork.now.milliseconds / minute * minute - 6 * 86_400_000]
        while let last = edges.last, last < CountedNetwork.now.milliseconds {
            edges.append(last + Int64(1 + chance.below(900)) * minute)
        }
        let found = try world.analytics.series(AccessFilter(), edges: edges.map { Timestamp(milliseconds: $0) })
        let expected = zip(edges, edges.dropFirst()).map { start, end in
            Int64(times.count { start <= $0 && $0 < end })
        }
        #expect(found.map(\.count.count) == expected, "seed \(chance.seed)")
    }

    @Test("An idempotency key counts once")
    func keys() throws {
        let world = try CountedNetwork()
        let access = CountedAccess(post(1), .view, viewer: nil, at: CountedNetwork.now)
        #expect(try world.analytics.record([access], idempotencyKey: "k"))
        #expect(try !world.analytics.record([access], idempotencyKey: "k"))
        #expect(throws: AnalyticsError.self) {
            try world.analytics.record([access, access], idempotencyKey: "k")
        }
        #expect(try world.count() == 1)
    }

    @Test("An idempotency key counts once, also when its shard has gone")
    func keysOfRemovedShards() throws {
        let world = try CountedNetwork(shards: 3)
        let access = CountedAccess(post(1), .view, viewer: nil, at: CountedNetwork.now)
        func record() throws {
            for key in 0..<9 { try world.analytics.record([access], idempotencyKey: "key \(key)") }
        }
        try record()
        for shard in [2, 0] {
            _ = try world.network.removeShard(shard)
            try record()
            #expect(try world.count() == 9)
        }
        #expect(throws: AnalyticsError.self) {
            try world.analytics.record([access, access], idempotencyKey: "key 0")
        }
    }

    @Test("What lies in the future, or before 1970, is refused whole")
    func refusals() throws {
        let world = try CountedNetwork()
        let good = CountedAccess(post(1), .view, viewer: nil, at: CountedNetwork.now)
        for time in [-1, CountedNetwork.now.milliseconds + 120_000] {
            let bad = CountedAccess(post(1), .view, viewer: nil, at: Timestamp(milliseconds: time))
            #expect(throws: AnalyticsError.self) { try world.analytics.record([good, bad]) }
        }
        #expect(try world.count() == 0)
    }

    @Test("A dry run counts nothing")
    func dryRun() throws {
        let world = try CountedNetwork()
        let access = CountedAccess(post(1), .view, viewer: nil, at: CountedNetwork.now)
        try world.reopen(isDryRun: true)
        #expect(try world.analytics.record([access]))
        try world.reopen()
        #expect(try world.count() == 0)
        try world.analytics.record([access])
        try world.reopen(isDryRun: true)
        #expect(try world.analytics.record([access]))
        try world.reopen()
        #expect(try world.count() == 1)
    }

    @Test("Sums over shards are those of one shard, and stay when shards come and go")
    func shards() throws {
        let chance = Chance("counts over shards")
        let one = try CountedNetwork()
        let many = try CountedNetwork(shards: 3)
        func compare(_ step: String) throws {
            let all = [one, many].map { world in
                (
                    try? world.analytics.top(AccessFilter(), limit: nil).map { "\($0.resource.name) \($0.count)" },
                    try? world.analytics.count(AccessFilter()).map { "\($0.kind.name) \($0.count) \($0.viewers)" }
                )
            }
            #expect(all[0].0 == all[1].0 && all[0].1 == all[1].1, "\(step), seed \(chance.seed)")
            #expect(all[0].0 != nil && all[0].1 != nil)
            for world in [one, many] {
                #expect(try world.analytics.status(isDeep: true).problems.map(\.message) == [], "\(step)")
            }
        }
        for step in 0..<TestRun.times(12) {
            let accesses = (0..<(1 + chance.below(60))).map { _ in
                CountedAccess(
                    post(Int64(1 + chance.below(40))), chance.isOne(in: 3) ? .like : .view,
                    viewer: ViewerKey(rawValue: UInt64(chance.below(2_000))),
                    at: CountedNetwork.now.advanced(byMilliseconds: -Int64(chance.below(3 * 86_400_000))))
            }
            try one.analytics.record(accesses)
            try many.analytics.record(accesses)
            if step % 4 == 2 { _ = try many.network.addShard(weight: 1, in: nil) }
            if step % 4 == 3, let first = many.network.router.shards.first {
                _ = try many.network.removeShard(first)
            }
            if step % 5 == 4 { try many.reopen() }
            try compare("step \(step)")
        }
    }

    @Test("Removals that were begun and not ended lose no count, whichever shard goes in the end")
    func interruptedRemovals() throws {
        let world = try CountedNetwork(shards: 3)
        let access = CountedAccess(post(1), .view, viewer: nil, at: CountedNetwork.now)
        var count: Int64 = 0
        func record() throws {
            for number in 0..<12 {
                try world.analytics.record([access], idempotencyKey: "\(count) \(number)")
            }
            count += 12
            #expect(try world.count() == count)
            #expect(try world.analytics.status(isDeep: true).problems.map(\.message) == [])
        }
        try record()
        for shard in [0, 1, 0, 2, 1] {
            // The counts have been taken over, and the shard is still there.
            try world.analytics.adopt(shard)
            #expect(try world.count() == count, "after \(shard)")
            try record()
            try world.reopen()
        }
        _ = try world.network.removeShard(0)
        try record()
        _ = try world.network.removeShard(1)
        try record()
        #expect(try world.analytics.top(AccessFilter(), limit: nil).map(\.count.count) == [count])
    }

    @Test("Pruning keeps every sum, and loses only when exactly it was")
    func pruning() throws {
        let chance = Chance("pruned counts")
        let world = try CountedNetwork()
        let day: Int64 = 86_400_000
        var times: [Int64] = []
        for _ in 0..<30 {
            let accesses = (0..<20).map { _ in
                let time = CountedNetwork.now.advanced(byMilliseconds: -Int64(chance.below(40 * 86_400_000)))
                times.append(time.milliseconds)
                return CountedAccess(
                    post(Int64(1 + chance.below(9))), .view, viewer: ViewerKey(rawValue: UInt64(chance.below(50))),
                    at: time)
            }
            try world.analytics.record(accesses)
        }
        func sums() throws -> [String] {
            try world.analytics.top(AccessFilter(), limit: nil).map { "\($0.resource.name) \($0.count)" }
                + world.analytics.count(AccessFilter()).map { "\($0.count) \($0.viewers.count)" }
        }
        let before = try sums()
        let retention = Analytics.Retention(
            minutesMilliseconds: 2 * day, hoursMilliseconds: 10 * day, daysMilliseconds: 30 * day)
        let pruning = try world.analytics.prune(retention)
        #expect(pruning.pagesBefore > pruning.pagesAfter && pruning.forgottenDays > 0)
        #expect(try sums() == before)
        #expect(try world.analytics.status(isDeep: true).problems.map(\.message) == [])
        // Whole days are told of as long as days are kept.
        let midnight = CountedNetwork.now.milliseconds / day * day
        for age in 0..<25 {
            let start = midnight - Int64(age) * day
            let found = try world.count {
                $0.since = Timestamp(milliseconds: start)
                $0.until = Timestamp(milliseconds: start + day)
            }
            #expect(found == Int64(times.count { start <= $0 && $0 < start + day }), "day \(age), seed \(chance.seed)")
        }
        let again = try world.analytics.prune(retention)
        #expect(again.pagesBefore == 0)
    }

    @Test("A row for each bucket adds up to everything")
    func exporting() throws {
        let world = try CountedNetwork(shards: 2)
        let chance = Chance("exported counts")
        for _ in 0..<8 {
            try world.analytics.record(
                (0..<40).map { _ in
                    CountedAccess(
                        post(Int64(1 + chance.below(9))), .view, viewer: nil,
                        at: CountedNetwork.now.advanced(byMilliseconds: -Int64(chance.below(3 * 86_400_000))), amount: 2
                    )
                })
        }
        for grain in RollupGrain.allCases {
            var sum = Tally()
            try world.analytics.forEachRow(AccessFilter(), grain: grain) { row in
                sum += row.tally
                #expect(row.minutes == grain.rawValue)
                return true
            }
            #expect(sum == Tally(count: 320, amount: 640))
        }
    }

    @Test("A flipped bit in the records is found, and nothing wrong is told")
    func damage() throws {
        let world = try CountedNetwork()
        for step in 0..<6 {
            try world.analytics.record(
                (0..<50).map { number in
                    CountedAccess(
                        post(Int64(1 + number)), .view, viewer: ViewerKey("\(number)"), at: CountedNetwork.now,
                        amount: Int64(step))
                })
        }
        let path = world.directory.file("data/shards/0000/records.sqlite")
        _ = try world.analytics.prune(.standard)
        try world.analytics.records[0].compact()
        try world.reopen()
        let expected = try world.analytics.top(AccessFilter(), limit: nil).map { "\($0)" }
        let viewers = try world.analytics.count(AccessFilter())[0].viewers
        let good = try FileSystem().contents(of: path)
        let chance = Chance("flipped records")
        var (found, harmless) = (0, 0)
        for _ in 0..<TestRun.times(60) {
            var bad = good
            bad[100 + chance.below(good.count - 100)] ^= UInt8(1 << chance.below(8))
            try TemporaryDirectory.write(bad, to: path)
            try world.reopen()
            do {
                let told = try world.analytics.top(AccessFilter(), limit: nil).map { "\($0)" }
                let seen = try world.analytics.count(AccessFilter()).first?.viewers
                if told != expected || seen != viewers {
                    let problems = try world.analytics.status(isDeep: true).problems
                    #expect(!problems.isEmpty, "seed \(chance.seed)")
                    found += 1
                } else {
                    harmless += 1
                }
            } catch { found += 1 }
        }
        #expect(found > 0, "\(harmless) were harmless")
    }
}
