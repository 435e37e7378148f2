// All counts, for whoever wants to ask other questions than these: a row for each resource, kind, audience and bucket,
// as finely as it is kept. Column stores read them as they are.

/// One row of an export of counts.
package struct CountRow: Sendable {
    /// What was accessed.
    package var resource: AccessedResource
    /// How.
    package var kind: AccessKind
    /// By whom.
    package var audience: Audience
    /// When the bucket begins; nil for what is no longer told by days.
    package var start: Timestamp?
    /// How long the bucket is, in minutes; 0 where it has no beginning.
    package var minutes: Int64
    /// How often, and how much.
    package var tally: Tally
    /// How many different viewers there were in the hour, or the day, that begins with this bucket; nil where a row is
    /// not the first of its hour.
    package var viewers: Int64?
}

extension Analytics {
    /// Visits all counts: shard by shard, by days, kinds, audiences, resources and buckets.
    ///
    /// - Parameters:
    ///   - filter: which.
    ///   - grain: buckets are added up to this where they are finer.
    ///   - visit: returns false to end early.
    package func forEachRow(
        _ filter: AccessFilter, grain: RollupGrain, _ visit: (CountRow) throws -> Bool
    ) throws {
        var isGoing = true
        _ = try gather { transaction in
            let chosen = try SelectedResources(filter.resources, transaction)
            var names: [AccessedResource?] = Array(repeating: nil, count: try transaction.lastSerial() + 1)
            try transaction.forEachResource { number, resource in
                if names.indices.contains(number.serial) { names[number.serial] = resource }
            }
            for key in try transaction.keys(filter) where isGoing {
                let page = try transaction.merged(key, grain: grain)
                var reader = try page.reader()
                while isGoing, let place = try reader.next() {
                    guard place.resource != .all, chosen.contains(place.resource),
                        names.indices.contains(place.resource.serial), let name = names[place.resource.serial]
                    else { continue }
                    isGoing = try Analytics.rows(of: reader.entry(at: place), name, &reader, filter, visit)
                }
            }
        }
    }

    private static func rows(
        of entry: RollupEntry, _ name: AccessedResource, _ reader: inout RollupPageReader, _ filter: AccessFilter,
        _ visit: (CountRow) throws -> Bool
    ) throws -> Bool {
        let key = reader.page.key
        let perHour = key.grain == .day ? 1 : Int(60 / key.grain.rawValue)
        var hour = -1
        for bucket in entry.buckets {
            var viewers: Int64?
            if bucket.index / perHour != hour {
                hour = bucket.index / perHour
                viewers = entry.viewers.first { $0.hour == hour }?.sketch.count ?? 0
            }
            var start: Timestamp?
            if case .day(let day) = key.span {
                let minutes = Int64(bucket.index) * key.grain.rawValue
                start = Timestamp(milliseconds: day * AccessFilter.dayMilliseconds + minutes * 60_000)
                guard let middle = reader.middle(ofBucket: bucket.index), filter.contains(middle) else { continue }
            }
            let row = CountRow(
                resource: name, kind: key.kind, audience: key.audience, start: start,
                minutes: start == nil ? 0 : key.grain.rawValue, tally: bucket.tally, viewers: viewers)
            if try !visit(row) { return false }
        }
        return true
    }
}

extension RecordsTransaction {
    /// The keys of the pages that tell of days, each kind, audience and day once.
    func keys(_ filter: AccessFilter) throws -> [RollupKey] {
        let days = filter.days ?? 0...Int64.max
        var keys: [RollupKey] = []
        for page in try pageSizes() {
            let key = page.key
            switch key.span {
            case .ever: continue
            case .before: if filter.since != nil { continue }
            case .day(let day): if !days.contains(day) { continue }
            }
            if let kinds = filter.kinds, !kinds.contains(key.kind) { continue }
            if let audience = filter.audience, audience != key.audience { continue }
            if let last = keys.last, last.isLike(key) { continue }
            keys.append(key)
        }
        return keys
    }

    /// All pages of a span, kind and audience as one, which is not stored.
    func merged(_ key: RollupKey, grain: RollupGrain) throws -> RollupPage {
        let sizes = try pageSizes(like: key)
        let coarsest = max(grain, sizes.map(\.grain).max() ?? grain)
        let readers = try sizes.compactMap { size in try page(size.id).map { try reader($0) } }
        return try RollupPage.merged(readers, into: RollupKey(key.kind, key.audience, key.span, coarsest))
    }
}
