// How often, by how many, when, and what most.

/// How often something was accessed in one way, and by how many.
package struct CountedKind: Sendable {
    /// How.
    package var kind: AccessKind
    /// How often.
    package var count: AccessCount
    /// By whom, as far as that is known.
    package var viewers: ViewerSketch
}

/// A resource with its counts.
package struct RankedResource: Sendable {
    /// What.
    package var resource: AccessedResource
    /// How often.
    package var count: AccessCount
}

/// What happened in a stretch of time.
package struct CountedTime: Sendable {
    /// When it begins.
    package var start: Timestamp
    /// When it ends.
    package var end: Timestamp
    /// How often.
    package var count = AccessCount()
    /// By whom; empty when it was not asked for.
    package var viewers = ViewerSketch()
}

extension Analytics {
    // MARK: Sums

    /// How often, for each kind that there was, in the order of their names.
    ///
    /// - Parameter countsViewers: whether viewers are counted too.
    package func count(_ filter: AccessFilter, countsViewers: Bool = true) throws -> [CountedKind] {
        var kinds: [CountedKind] = []
        _ = try gather { transaction in
            let chosen = try SelectedResources(filter.resources, transaction)
            try transaction.forEachPage(filter) { reader, isWhole in
                let key = reader.page.key
                let index: Int
                if let known = kinds.firstIndex(where: { $0.kind == key.kind }) {
                    index = known
                } else {
                    index = kinds.count
                    kinds.append(CountedKind(kind: key.kind, count: AccessCount(), viewers: ViewerSketch()))
                }
                try chosen.forEach(&reader) { reader, place in
                    kinds[index].count.add(try reader.tally(at: place, in: filter, isWhole: isWhole), key.audience)
                    guard countsViewers else { return }
                    try reader.addViewers(at: place, in: filter, isWhole: isWhole, to: &kinds[index].viewers)
                }
            }
        }
        return kinds.filter { $0.count.count > 0 }.sorted { $0.kind < $1.kind }
    }

    // MARK: Times

    /// What happened in each of some stretches of time that follow one another.
    ///
    /// - Parameters:
    ///   - filter: whose times are not looked at.
    ///   - edges: where stretches begin, in ascending order, and where the last one ends.
    ///   - countsViewers: whether viewers are counted too.
    package func series(
        _ filter: AccessFilter, edges: [Timestamp], countsViewers: Bool = false
    ) throws -> [CountedTime] {
        guard edges.count >= 2 else { return [] }
        var times = edges.indices.dropLast().map { CountedTime(start: edges[$0], end: edges[$0 + 1]) }
        var filter = filter
        filter.since = edges[0]
        filter.until = edges[edges.count - 1]
        _ = try gather { transaction in
            let chosen = try SelectedResources(filter.resources, transaction)
            try transaction.forEachPage(filter) { reader, _ in
                let audience = reader.page.key.audience
                try chosen.forEach(&reader) { reader, place in
                    var index = 0
                    for bucket in try reader.buckets(at: place) {
                        guard let middle = reader.middle(ofBucket: bucket.index) else { continue }
                        if Analytics.move(&index, to: middle, in: times) {
                            times[index].count.add(bucket.tally, audience)
                        }
                    }
                    guard countsViewers else { return }
                    for part in try reader.viewers(at: place) {
                        guard let visit = reader.visit(inHour: part.hour) else { continue }
                        Analytics.forEach(visit, in: times) { times[$0].viewers.merge(part.sketch) }
                    }
                }
            }
        }
        for index in times.indices where times[index].count.count == 0 { times[index].viewers = ViewerSketch() }
        return times
    }

    /// Calls a closure for each of the stretches that a visit touches.
    private static func forEach(_ visit: ClosedRange<Int64>, in times: [CountedTime], _ body: (Int) -> Void) {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle].end.milliseconds <= visit.lowerBound { low = middle + 1 } else { high = middle }
        }
        while low < times.count, times[low].start.milliseconds <= visit.upperBound {
            body(low)
            low += 1
        }
    }

    /// Moves on to the stretch that holds a moment; false when none does.
    private static func move(_ index: inout Int, to moment: Int64, in times: [CountedTime]) -> Bool {
        guard moment >= times[0].start.milliseconds, moment < times[times.count - 1].end.milliseconds else {
            return false
        }
        if index == 0, times[0].end.milliseconds <= moment {
            var high = times.count
            while index < high {
                let middle = (index + high) / 2
                if times[middle].end.milliseconds <= moment { index = middle + 1 } else { high = middle }
            }
        }
        while times[index].end.milliseconds <= moment { index += 1 }
        return true
    }

    /// When the first and the last access of a filter was, as finely as that is told; nil when there was none.
    package func timeRange(_ filter: AccessFilter) throws -> (first: Timestamp, last: Timestamp)? {
        var range: (first: Int64, last: Int64)?
        _ = try gather { transaction in
            let chosen = try SelectedResources(filter.resources, transaction)
            try transaction.forEachPage(filter, byDay: true) { reader, _ in
                guard case .day(let day) = reader.page.key.span else { return }
                let minute: Int64 = 60_000
                let length = reader.page.key.grain.rawValue * minute
                try chosen.forEach(&reader) { reader, place in
                    let buckets = try reader.buckets(at: place)
                    guard let first = buckets.first?.index, let last = buckets.last?.index else { return }
                    let start = day * AccessFilter.dayMilliseconds
                    let begin = start + Int64(first) * length
                    let end = start + Int64(last + 1) * length - 1
                    range = (min(range?.first ?? begin, begin), max(range?.last ?? end, end))
                }
            }
        }
        return range.map { (Timestamp(milliseconds: $0.first), Timestamp(milliseconds: $0.last)) }
    }

    // MARK: Rankings

    /// What the resources of a filter are ranked by.
    package enum Ranking: String, CaseIterable, Sendable {
        /// How often.
        case count
        /// How much.
        case amount
    }

    /// The resources that were accessed most, exactly; equals in the order of their names.
    ///
    /// - Parameter limit: how many; nil for all.
    package func top(_ filter: AccessFilter, by ranking: Ranking = .count, limit: Int?) throws -> [RankedResource] {
        let isAlone = try shards().count == 1
        let parts = try gather { transaction in
            try ranked(try ResourceSums(filter, transaction), of: transaction, isAlone: isAlone, limit, ranking)
        }
        if isAlone, parts.count == 1 { return parts[0] }
        // What a resource has is the sum over the shards, so all of them must be known.
        var all = parts.flatMap { $0 }
        all.sort { $0.resource < $1.resource }
        var joined: [RankedResource] = []
        for next in all {
            if let last = joined.indices.last, joined[last].resource == next.resource {
                joined[last].count += next.count
            } else {
                joined.append(next)
            }
        }
        joined.sort { Analytics.isBefore($0, $1, ranking) }
        return limit.map { Array(joined.prefix($0)) } ?? joined
    }

    /// The ranked resources of one shard: only the first ones where it is the only one.
    private func ranked(
        _ sums: ResourceSums, of transaction: RecordsTransaction, isAlone: Bool, _ limit: Int?, _ ranking: Ranking
    ) throws -> [RankedResource] {
        let serials = isAlone ? sums.first(limit, by: ranking) : sums.serials
        var ranked: [RankedResource] = []
        ranked.reserveCapacity(serials.count)
        if serials.count < Analytics.namedOneByOne {
            for serial in serials {
                guard let resource = try transaction.resource(sums.number(serial)) else { continue }
                ranked.append(RankedResource(resource: resource, count: sums.counts[serial]))
            }
        } else {
            try transaction.forEachResource { number, resource in
                guard number.serial < sums.counts.count, sums.counts[number.serial].count > 0 else { return }
                ranked.append(RankedResource(resource: resource, count: sums.counts[number.serial]))
            }
        }
        guard isAlone else { return ranked }
        ranked.sort { Analytics.isBefore($0, $1, ranking) }
        return limit.map { Array(ranked.prefix($0)) } ?? ranked
    }

    /// Up to so many resources are looked up by their numbers one by one.
    private static let namedOneByOne = 4_096

    private static func isBefore(_ one: RankedResource, _ two: RankedResource, _ ranking: Ranking) -> Bool {
        let (left, right) = (ranking.value(of: one.count), ranking.value(of: two.count))
        return left == right ? one.resource < two.resource : left > right
    }
}

extension Analytics.Ranking {
    func value(of count: AccessCount) -> Int64 { self == .count ? count.count : count.amount }
}

/// The sums of all chosen resources of a shard, by serial number.
private struct ResourceSums {
    private(set) var counts: [AccessCount]
    private var types: [UInt8]

    init(_ filter: AccessFilter, _ transaction: RecordsTransaction) throws {
        let size = try transaction.lastSerial() + 1
        var counts = Array(repeating: AccessCount(), count: size)
        var types = Array(repeating: UInt8(0), count: size)
        let chosen = try SelectedResources(filter.resources, transaction)
        try transaction.forEachPage(filter) { reader, isWhole in
            let audience = reader.page.key.audience
            while let place = try reader.next() {
                let serial = place.resource.serial
                guard place.resource != .all, counts.indices.contains(serial), chosen.contains(place.resource) else {
                    continue
                }
                counts[serial].add(try reader.tally(at: place, in: filter, isWhole: isWhole), audience)
                types[serial] = place.resource.type.rawValue
            }
        }
        self.counts = counts
        self.types = types
    }

    func number(_ serial: Int) -> ResourceNumber {
        ResourceNumber(serial: Int64(serial), ResourceType(rawValue: types[serial]) ?? .path)
    }

    /// Those that were accessed.
    var serials: [Int] { counts.indices.filter { counts[$0].count > 0 } }

    /// Those that can be among the first, in no order: all that have at least as much as the last of these.
    func first(_ limit: Int?, by ranking: Analytics.Ranking) -> [Int] {
        let serials = serials
        guard let limit, limit < serials.count else { return serials }
        guard limit > 0 else { return [] }
        var best: [Int64] = []
        for serial in serials {
            let value = ranking.value(of: counts[serial])
            if best.count == limit, let least = best.last, value <= least { continue }
            best.insert(value, at: best.firstIndex { $0 < value } ?? best.count)
            if best.count > limit { best.removeLast() }
        }
        guard let least = best.last else { return [] }
        return serials.filter { ranking.value(of: counts[$0]) >= least }
    }
}
