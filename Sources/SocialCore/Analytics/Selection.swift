// How a question walks through the pages of a shard: which pages it needs, which of their entries, and which buckets of
// these. A bucket belongs to the time in which its middle lies, so every access is counted in exactly one place,
// however finely it is still told.

/// The numbers of the resources that a question is about, in one shard.
struct SelectedResources {
    private enum Choice {
        case all
        case types([Bool])
        case few([ResourceNumber])
        /// By serial number.
        case many([Bool])
    }

    private let choice: Choice

    /// Up to so many resources are looked up one by one.
    private static let few = 16

    init(_ resources: AccessFilter.Resources, _ transaction: RecordsTransaction) throws {
        switch resources {
        case .all: choice = .all
        case .types(let types): choice = .types((0..<16).map { number in types.contains { $0.rawValue == number } })
        case .named(let names):
            let numbers = try names.compactMap { try transaction.number(of: $0) }
            if numbers.count <= SelectedResources.few {
                var distinct: [ResourceNumber] = []
                for number in numbers where !distinct.contains(number) { distinct.append(number) }
                choice = .few(distinct)
            } else {
                var isChosen = Array(repeating: false, count: try transaction.lastSerial() + 1)
                for number in numbers where isChosen.indices.contains(number.serial) { isChosen[number.serial] = true }
                choice = .many(isChosen)
            }
        }
    }

    /// Calls a closure for each entry of a page that is chosen; everything has one entry.
    func forEach(
        _ reader: inout RollupPageReader,
        _ visit: (inout RollupPageReader, RollupPageReader.Place) throws -> Void
    ) throws {
        switch choice {
        case .all:
            if let place = try reader.place(of: .all) { try visit(&reader, place) }
        case .few(let numbers):
            for number in numbers {
                if let place = try reader.place(of: number) { try visit(&reader, place) }
            }
        case .types(let isChosen):
            while let place = try reader.next() {
                if place.resource != .all, isChosen[Int(place.resource.type.rawValue)] { try visit(&reader, place) }
            }
        case .many(let isChosen):
            while let place = try reader.next() {
                let serial = place.resource.serial
                if place.resource != .all, isChosen.indices.contains(serial), isChosen[serial] {
                    try visit(&reader, place)
                }
            }
        }
    }

    /// Whether an entry that is not that of everything is chosen.
    func contains(_ number: ResourceNumber) -> Bool {
        switch choice {
        case .all: true
        case .few(let numbers): numbers.contains(number)
        case .types(let isChosen): isChosen[Int(number.type.rawValue)]
        case .many(let isChosen): isChosen.indices.contains(number.serial) && isChosen[number.serial]
        }
    }
}

extension RecordsTransaction {
    /// Calls a closure for each page that a question needs.
    ///
    /// - Parameter visit: is told whether all buckets of the page are asked for.
    func forEachPage(
        _ filter: AccessFilter, byDay: Bool = false,
        _ visit: (inout RollupPageReader, _ isWhole: Bool) throws -> Void
    ) throws {
        guard let days = filter.days ?? (byDay ? 0...Int64.max : nil) else {
            return try forEachPage(from: .ever, through: .ever, kinds: filter.kinds, audience: filter.audience) {
                var reader = try reader($0)
                try visit(&reader, true)
            }
        }
        if filter.since == nil {
            try forEachPage(from: .before, through: .before, kinds: filter.kinds, audience: filter.audience) {
                var reader = try reader($0)
                try visit(&reader, true)
            }
        }
        try forEachPage(
            from: .day(days.lowerBound), through: .day(days.upperBound), kinds: filter.kinds, audience: filter.audience
        ) { stored in
            guard case .day(let day) = stored.page.key.span else { return }
            var reader = try reader(stored)
            try visit(&reader, filter.containsAll(of: day))
        }
    }
}

extension RollupPageReader {
    /// The middle of a bucket, in milliseconds; nil in a page of no day.
    func middle(ofBucket index: Int) -> Int64? { middle(index, minutes: page.key.grain.rawValue) }

    /// When those came who are told together, in milliseconds: in an hour, of which any part counts, or on a day, of
    /// which the middle counts; nil in a page of no day.
    func visit(inHour hour: Int) -> ClosedRange<Int64>? {
        let half: Int64 = 30 * 60_000
        if page.key.grain == .day { return middle(0, minutes: RollupGrain.day.rawValue).map { $0...$0 } }
        return middle(hour, minutes: 60).map { $0 - half...$0 + half - 1 }
    }

    private func middle(_ index: Int, minutes: Int64) -> Int64? {
        guard case .day(let day) = page.key.span else { return nil }
        let length = minutes * 60_000
        let (start, overflow) = day.multipliedReportingOverflow(by: AccessFilter.dayMilliseconds)
        return overflow ? nil : start.addingClamped(Int64(index) * length + length / 2)
    }

    /// What an entry sums up to in the time of a filter.
    mutating func tally(at place: Place, in filter: AccessFilter, isWhole: Bool) throws -> Tally {
        if isWhole { return place.tally }
        var tally = Tally()
        for bucket in try buckets(at: place) {
            if let middle = middle(ofBucket: bucket.index), filter.contains(middle) { tally += bucket.tally }
        }
        return tally
    }

    /// Adds those of an entry's viewers who came in the time of a filter.
    mutating func addViewers(
        at place: Place, in filter: AccessFilter, isWhole: Bool, to sketch: inout ViewerSketch
    ) throws {
        for part in try viewers(at: place) {
            if isWhole || visit(inHour: part.hour).map(filter.overlaps) ?? false { sketch.merge(part.sketch) }
        }
    }
}
