// Counts put where they stood in another network. A count is known by its resource, kind, audience and day, and what is
// there of it in any shard must be the same: so the same counts are never added twice, however often they come.

extension Analytics {
    /// Puts counts, of which no two are of the same resource, kind, audience and day; one transaction a shard.
    ///
    /// A day of which nothing is told stands in for another where days of the resource were forgotten: it may be one.
    /// - Parameters:
    ///   - replacing: whether they take the place of others.
    ///   - take: is told what has become of which of them, before that is durable.
    package func restore(
        _ counts: [CountRecord], replacing: Bool, _ take: (Int, Restored) throws -> Void
    ) throws {
        let groups = Analytics.groups(counts)
        var known = try presence(of: counts, groups)
        var replaced: Set<Int> = []
        if replacing {
            replaced = try removeOthers(than: counts, groups, known)
            known = try presence(of: counts, groups)
        }
        for shard in router.shards {
            let isHere = counts.map { router.shard(of: Analytics.slot(of: $0.resource.name)) == shard }
            if !isHere.contains(true) { continue }
            try write(shard) { transaction in
                // What is here may be more than it was, and what was taken over since is counted here.
                let here = try [transaction.incarnation()] + transaction.adopted()
                let elsewhere = known.filter { !here.contains($0.incarnation) }
                for group in groups {
                    let places = group.filter { isHere[$0] }
                    let own = try transaction.counts(of: places.map { counts[$0] })
                    var new: [CountRecord] = []
                    for (place, own) in zip(places, own) {
                        var present = Analytics.sum(of: [own] + elsewhere.map { $0.counts[place] })
                        if replaced.contains(place) {
                            present.wasForgotten = false
                            // A dry run has removed nothing.
                            if context.isDryRun { present.count = nil }
                        }
                        let isFree = present.count == nil && !present.wasForgotten
                        if isFree { new.append(counts[place]) }
                        try take(place, isFree ? .added : present.count == counts[place] ? .present : .differs)
                    }
                    try transaction.add(new)
                }
            }
        }
    }

    /// The places of counts that lie in the same pages.
    private static func groups(_ counts: [CountRecord]) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        for place in counts.indices {
            if let last = groups.last, counts[last.lowerBound].key == counts[place].key {
                groups[groups.count - 1] = last.lowerBound..<place + 1
            } else {
                groups.append(place..<place + 1)
            }
        }
        return groups
    }

    /// What is there of a count, and whether days of it were forgotten.
    typealias Presence = (count: CountRecord?, wasForgotten: Bool)

    private static func sum(of parts: [Presence]) -> Presence {
        var sum: Presence = (nil, parts.contains { $0.wasForgotten })
        for part in parts {
            guard let more = part.count else { continue }
            if sum.count == nil { sum.count = more } else { sum.count?.merge(more) }
        }
        return sum
    }

    /// What is there of some counts in each of the shards' records.
    private func presence(
        of counts: [CountRecord], _ groups: [Range<Int>]
    ) throws -> [(incarnation: UInt64, counts: [Presence])] {
        try gather { transaction in
            (try transaction.incarnation(), try groups.flatMap { try transaction.counts(of: Array(counts[$0])) })
        }
    }

    /// Removes from all shards what stands in the place of other counts.
    ///
    /// - Returns: the places of those counts.
    private func removeOthers(
        than counts: [CountRecord], _ groups: [Range<Int>], _ known: [(incarnation: UInt64, counts: [Presence])]
    ) throws -> Set<Int> {
        var others: Set<Int> = []
        for place in counts.indices {
            let present = Analytics.sum(of: known.map { $0.counts[place] }).count
            if present != nil, present != counts[place] { others.insert(place) }
        }
        if others.isEmpty { return [] }
        for shard in try shards() {
            try write(shard) { transaction in
                for group in groups { try transaction.remove(group.filter(others.contains).map { counts[$0] }) }
            }
        }
        return others
    }

    /// Puts how far a log was counted; what it brought is counted by its days.
    package func restore(_ source: SourceRecord, replacing: Bool) throws -> Restored {
        var place = router.shard(of: Slot(masking: Int64(bitPattern: source.head)))
        for shard in try shards() {
            let known = try records[shard].read { try $0.sources() } ?? []
            if known.contains(where: source.isPlaced(like:)) { place = shard }
        }
        return try write(place) { transaction in
            var source = source
            var counted: Int64 = 0
            if let known = try transaction.sources().first(where: source.isPlaced(like:)) {
                // Which file it is differs from machine to machine.
                (source.id, source.device, source.inode) = (known.id, known.device, known.inode)
                if source == known { return .present }
                guard replacing else { return .differs }
                counted = Int64(known.events)
            }
            try transaction.put(source)
            // All that was put is counted as if it came without a log, and now some of it has one.
            try transaction.addRecorded(counted - Int64(source.events))
            return .added
        }
    }

    /// Puts idempotency keys under which something was counted.
    ///
    /// - Parameter take: is told what has become of which of them, before that is durable.
    package func restore(
        _ keys: [(key: String, fingerprint: UInt64)], replacing: Bool, _ take: (Int, Restored) throws -> Void
    ) throws {
        // What another shard has taken over lies there.
        let elsewhere = try gather { transaction in try keys.map { try transaction.operation($0.key) } }
        for shard in router.shards {
            let places = keys.indices.filter { router.shard(of: Analytics.slot(of: keys[$0].key)) == shard }
            if places.isEmpty { continue }
            try write(shard) { transaction in
                for place in places {
                    let own = try transaction.operation(keys[place].key)
                    let known = own ?? elsewhere.lazy.compactMap { $0[place] }.first
                    let isFree = known == nil || replacing && known != keys[place].fingerprint
                    if isFree {
                        try transaction.note(
                            keys[place].key, fingerprint: keys[place].fingerprint, replacing: replacing)
                    }
                    try take(place, isFree ? .added : known == keys[place].fingerprint ? .present : .differs)
                }
            }
        }
    }
}

extension SourceRecord {
    /// Whether another can only be this one at another time.
    fileprivate func isPlaced(like other: SourceRecord) -> Bool {
        head == other.head && headBytes == other.headBytes && name == other.name && firstAt == other.firstAt
    }
}

extension RecordsTransaction {
    /// What is there of some counts, which lie in the same pages.
    fileprivate func counts(of counts: [CountRecord]) throws -> [Analytics.Presence] {
        var found: [Analytics.Presence] = Array(repeating: (nil, false), count: counts.count)
        guard let key = counts.first?.key else { return found }
        // In the order of the numbers, so that each chunk of a page is read once.
        let numbers = try counts.indices.compactMap { index in
            try number(of: counts[index].resource).map { (index: index, number: $0) }
        }.sorted { $0.number < $1.number }
        if numbers.isEmpty { return found }
        func look(_ key: RollupKey, _ visit: (Int, RollupEntry, RollupGrain) -> Void) throws {
            for size in try pageSizes(like: key) {
                guard let stored = try page(size.id) else { continue }
                var reader = try reader(stored)
                for (index, number) in numbers {
                    guard let place = try reader.place(of: number) else { continue }
                    visit(index, try reader.entry(at: place), size.grain)
                }
            }
        }
        try look(key) { index, entry, grain in
            var count = found[index].count ?? CountRecord(counts[index].resource, key.kind, key.audience, key.span)
            count.add(entry, grain)
            found[index].count = count
        }
        if key.span == .before { return found }
        try look(RollupKey(key.kind, key.audience, .before, .day)) { index, _, _ in found[index].wasForgotten = true }
        return found
    }

    /// Adds counts that lie in the same pages.
    fileprivate func add(_ counts: [CountRecord]) throws {
        guard let key = counts.first?.key else { return }
        var pages: [RollupPage] = []
        for grain in RollupGrain.allCases {
            var entries: [RollupEntry] = []
            for count in counts {
                for part in count.parts where part.grain == grain {
                    var entry = part.entry
                    entry.resource = try numbered(count.resource)
                    entries.append(entry)
                }
            }
            if entries.isEmpty { continue }
            entries.sort { $0.resource < $1.resource }
            pages.append(RollupPage(summing: entries, RollupKey(key.kind, key.audience, key.span, grain)))
        }
        try add(pages + RollupBuilder.summed(pages))
        try addRecorded(pages.reduce(0) { $0.addingClamped($1.events) })
    }

    /// Removes what is there of some counts, which lie in the same pages.
    fileprivate func remove(_ counts: [CountRecord]) throws {
        guard let key = counts.first?.key else { return }
        let numbers = Set(try counts.compactMap { try number(of: $0.resource) })
        var removed: Int64 = 0
        for size in try pageSizes(like: key) {
            guard let stored = try page(size.id) else { continue }
            var reader = try reader(stored)
            var entries: [RollupEntry] = []
            var events: Int64 = 0
            while let place = try reader.next() {
                if place.resource == .all { continue }
                if numbers.contains(place.resource) {
                    events = events.addingClamped(place.tally.count)
                } else {
                    entries.append(try reader.entry(at: place))
                }
            }
            if events == 0 { continue }
            removed = removed.addingClamped(events)
            try removePage(size.id)
            if !entries.isEmpty { try insert(RollupPage(summing: entries, stored.page.key)) }
        }
        if removed == 0 { return }
        // Viewers cannot be taken out of a sum, so all time is added up again.
        var readers: [RollupPageReader] = []
        try forEachPage(from: .before, through: .day(.max), kinds: [key.kind], audience: key.audience) { stored in
            if stored.page.key.span != .ever { readers.append(try reader(stored)) }
        }
        let ever = RollupKey(key.kind, key.audience, .ever, .day)
        for size in try pageSizes(like: ever) { try removePage(size.id) }
        if !readers.isEmpty { try insert(RollupPage.merged(readers, into: ever)) }
        try addRecorded(-removed)
    }
}

extension RollupPage {
    /// Packs entries, which are in ascending order of their resources, with the sum of them.
    fileprivate init(summing entries: [RollupEntry], _ key: RollupKey) {
        var all = RollupEntry(resource: .all, buckets: [], viewers: [])
        for entry in entries { all.merge(entry) }
        self.init(key, [all] + entries)
    }
}
