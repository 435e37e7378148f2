// Sums of groups of resources, against questions about each resource by itself.

import SocialCore
import TestKit
import Testing

@Suite("Groups of resources")
struct AccessGroupTests {
    private let directory: String
    private let network: Network
    private let resources: [AccessedResource]

    init() throws {
        directory = try TemporaryDirectory.make()
        let chance = Chance("groups of resources")
        let context = Context(clock: .fixed(Timestamp(milliseconds: 1_767_323_045_000)), random: chance.source)
        try Network.create("\(directory)/network", Network.Plan(shards: 2), context: context)
        network = try Network(opening: "\(directory)/network", context: context)
        resources = (0..<600).compactMap { AccessedResource("/page/\($0)") }
        var accesses: [CountedAccess] = []
        for index in 0..<3_000 {
            // The first access to each resource lies in the time that is asked about.
            let minutes = index < 600 ? 10 * 60 : chance.below(72 * 60)
            let time = context.clock.now.advanced(byMilliseconds: -Int64(minutes) * 60_000)
            accesses.append(
                CountedAccess(
                    resources[index < 600 ? index : chance.below(600)], .view, viewer: ViewerKey("\(chance.below(50))"),
                    at: time, audience: chance.isOne(in: 3) ? .bots : .people, amount: Int64(chance.below(9))))
        }
        for start in stride(from: 0, to: accesses.count, by: 500) {
            try network.analytics.record(Array(accesses[start..<start + 500]))
        }
    }

    private func filter(_ resources: [AccessedResource]) -> AccessFilter {
        var filter = AccessFilter()
        filter.since = network.context.clock.now.advanced(byMilliseconds: -48 * 3_600_000)
        filter.until = network.context.clock.now.advanced(byMilliseconds: -5 * 3_600_000)
        filter.resources = .named(resources)
        return filter
    }

    @Test("few and many, overlapping and repeated, have what their members have", arguments: [3, 590])
    func sums(size: Int) throws {
        let many = Array(resources.prefix(size))
        let groups = [
            many, [resources[1]], [resources[1], resources[2], resources[1]], [], [AccessedResource.post(.first)],
        ]
        let counted = try network.analytics.count(filter([]), of: groups)
        #expect(counted.count == groups.count)
        for (group, sum) in zip(groups, counted) {
            let alone = try network.analytics.count(filter(group)).first
            #expect(sum.count == alone?.count ?? AccessCount())
            #expect(sum.viewers == alone?.viewers ?? ViewerSketch())
        }
        #expect(counted[0].count.count > 0 && counted[1].count.count > 0)
        let plain = try network.analytics.count(filter([]), of: groups, countsViewers: false)
        #expect(plain.map(\.count) == counted.map(\.count) && plain.allSatisfy { $0.viewers.isEmpty })
    }

    @Test("over time they have what a series of each has", arguments: [3, 590])
    func times(size: Int) throws {
        let groups = [Array(resources.prefix(size)), [resources[4]], []]
        let now = network.context.clock.now
        let edges = stride(from: Int64(70), through: 0, by: -7).map { now.advanced(byMilliseconds: -$0 * 3_600_000) }
        let series = try network.analytics.series(AccessFilter(), of: groups, edges: edges)
        for (group, counts) in zip(groups, series) {
            let alone = try network.analytics.series(filter(group), edges: edges)
            #expect(counts == alone.map(\.count))
        }
        #expect(series[0].contains { $0.count > 0 })
        #expect(try network.analytics.series(AccessFilter(), of: groups, edges: []).allSatisfy(\.isEmpty))
    }
}
