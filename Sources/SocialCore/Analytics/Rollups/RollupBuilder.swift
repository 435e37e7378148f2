// Many accesses become few pages: they are collected as rows, sorted once, and walked through once.

/// Collects accesses until they are worth a page.
struct RollupBuilder {
    /// One access: page, resource and minute in one number, to be sorted by.
    private struct Row {
        var order: UInt64
        /// `ViewerSketch.nobody` where it is not known whose access it was.
        var viewer: UInt64
        var amount: Int64
    }

    private static let minuteBits: UInt64 = 11
    private static let resourceBits: UInt64 = 36
    /// Pages, and serial numbers of resources, that fit into a row.
    private static let pagesMax = 1 << 16
    /// Stands for a viewer that is not known.
    private static let nobody = UInt64.max

    private var rows: [Row] = []
    private var keys: [RollupKey] = []
    private var places: [RollupKey: Int] = [:]
    private var lastKey: (kind: AccessKind, audience: Audience, day: Int64, place: Int)?

    /// A builder without accesses.
    init() {}

    /// How many accesses there are.
    var count: Int { rows.count }
    /// Whether pages should be made of them before more are added.
    var isFull: Bool { rows.count >= Limits.rollupRows || keys.count >= RollupBuilder.pagesMax - 1 }

    /// Adds an access.
    ///
    /// - Parameter time: not before 1970.
    @inline(__always)
    mutating func add(
        _ resource: ResourceNumber, _ kind: AccessKind, _ audience: Audience, viewer: ViewerKey?, at time: Timestamp,
        amount: Int64
    ) {
        let minutes = max(0, time.milliseconds) / 60_000
        let day = minutes / 1_440
        let order =
            UInt64(place(kind, audience, day)) << (RollupBuilder.resourceBits + RollupBuilder.minuteBits)
            | UInt64(resource.rawValue) << RollupBuilder.minuteBits | UInt64(minutes % 1_440)
        rows.append(Row(order: order, viewer: viewer?.rawValue ?? RollupBuilder.nobody, amount: max(0, amount)))
    }

    /// Replaces serial numbers that the caller has made up by the numbers of resources.
    ///
    /// - Parameter numbers: by serial number.
    mutating func renumber(_ numbers: [ResourceNumber]) {
        let mask: UInt64 = (1 << RollupBuilder.resourceBits - 1) << RollupBuilder.minuteBits
        for index in rows.indices {
            let old = ResourceNumber(rawValue: Int64((rows[index].order & mask) >> RollupBuilder.minuteBits))
            let new = UInt64(numbers[old.serial].rawValue) << RollupBuilder.minuteBits
            rows[index].order = rows[index].order & ~mask | new
        }
    }

    private mutating func place(_ kind: AccessKind, _ audience: Audience, _ day: Int64) -> Int {
        if let last = lastKey, last.day == day, last.audience == audience, last.kind == kind { return last.place }
        let key = RollupKey(kind, audience, .day(day), .minute)
        let place = places[key] ?? keys.count
        if place == keys.count {
            keys.append(key)
            places[key] = place
        }
        lastKey = (kind, audience, day, place)
        return place
    }

    /// The pages of all accesses, those of the days and those of all time; the builder is empty afterwards.
    mutating func pages() throws -> [RollupPage] {
        defer { self = RollupBuilder() }
        rows.sort { $0.order < $1.order }
        var pages: [RollupPage] = []
        var start = 0
        while start < rows.count {
            let number = rows[start].order >> (RollupBuilder.resourceBits + RollupBuilder.minuteBits)
            var end = start + 1
            let limit = (number + 1) << (RollupBuilder.resourceBits + RollupBuilder.minuteBits)
            while end < rows.count, rows[end].order < limit { end += 1 }
            pages.append(page(keys[Int(number)], rows[start..<end]))
            start = end
        }
        return pages + (try RollupBuilder.summed(pages))
    }

    /// The pages of all time that some pages of days make.
    static func summed(_ pages: [RollupPage]) throws -> [RollupPage] {
        var groups: [(key: RollupKey, pages: [RollupPage])] = []
        for page in pages {
            let key = RollupKey(page.key.kind, page.key.audience, .ever, .day)
            if let place = groups.firstIndex(where: { $0.key == key }) {
                groups[place].pages.append(page)
            } else {
                groups.append((key, [page]))
            }
        }
        return try groups.map { group in
            try RollupPage.merged(group.pages.map { try $0.reader() }, into: group.key)
        }
    }

    // MARK: One page

    private func page(_ key: RollupKey, _ rows: ArraySlice<Row>) -> RollupPage {
        var writer = RollupPageWriter(key)
        writer.add(everything(rows))
        var start = rows.startIndex
        while start < rows.endIndex {
            let resource = rows[start].order >> RollupBuilder.minuteBits
            var end = start + 1
            while end < rows.endIndex, rows[end].order >> RollupBuilder.minuteBits == resource { end += 1 }
            let number = Int64(resource & (1 << RollupBuilder.resourceBits - 1))
            writer.add(entry(ResourceNumber(rawValue: number), rows[start..<end]))
            start = end
        }
        return writer.page()
    }

    /// The entry of one resource, whose rows are in the order of their minutes.
    private func entry(_ resource: ResourceNumber, _ rows: ArraySlice<Row>) -> RollupEntry {
        var entry = RollupEntry(resource: resource, buckets: [], viewers: [])
        var viewers: [UInt64] = []
        var hour = -1
        func endHour() {
            if viewers.isEmpty { return }
            entry.viewers.append(RollupEntry.Viewers(hour: hour, sketch: ViewerSketch(of: &viewers)))
            viewers.removeAll(keepingCapacity: true)
        }
        for row in rows {
            let minute = Int(row.order & (1 << RollupBuilder.minuteBits - 1))
            if minute / 60 != hour {
                endHour()
                hour = minute / 60
            }
            if row.viewer != RollupBuilder.nobody { viewers.append(row.viewer) }
            let tally = Tally(count: 1, amount: row.amount)
            if let last = entry.buckets.indices.last, entry.buckets[last].index == minute {
                entry.buckets[last].tally += tally
            } else {
                entry.buckets.append(RollupEntry.Bucket(index: minute, tally: tally))
            }
        }
        endHour()
        return entry
    }

    /// The sum of all entries of a page.
    private func everything(_ rows: ArraySlice<Row>) -> RollupEntry {
        var minutes = Array(repeating: Tally(), count: 1_440)
        var viewers: [[UInt64]] = Array(repeating: [], count: 24)
        var sketches = Array(repeating: ViewerSketch(), count: 24)
        for row in rows {
            let minute = Int(row.order & (1 << RollupBuilder.minuteBits - 1))
            minutes[minute] += Tally(count: 1, amount: row.amount)
            guard row.viewer != RollupBuilder.nobody else { continue }
            viewers[minute / 60].append(row.viewer)
            if viewers[minute / 60].count == RollupBuilder.heldViewers {
                sketches[minute / 60].merge(ViewerSketch(of: &viewers[minute / 60]))
                viewers[minute / 60].removeAll(keepingCapacity: true)
            }
        }
        for hour in 0..<24 { sketches[hour].merge(ViewerSketch(of: &viewers[hour])) }
        return RollupEntry(
            resource: .all,
            buckets: minutes.indices.compactMap { index in
                minutes[index].count == 0 ? nil : RollupEntry.Bucket(index: index, tally: minutes[index])
            },
            viewers: sketches.indices.compactMap { hour in
                sketches[hour].isEmpty ? nil : RollupEntry.Viewers(hour: hour, sketch: sketches[hour])
            })
    }

    /// Viewers of an hour that are sorted at a time.
    private static let heldViewers = 8_192
}

extension ViewerSketch {
    /// The set of some keys, which are sorted on the way.
    init(of keys: inout [UInt64]) {
        keys.sort()
        var kept = 0
        for index in keys.indices where kept == 0 || keys[index] != keys[kept - 1] {
            keys[kept] = keys[index]
            kept += 1
        }
        self.init(ascending: keys[..<kept])
    }
}
