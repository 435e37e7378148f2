// Whether counts add up, and what they take.

/// What is known of the counts as a whole.
package struct AnalyticsStatus: Sendable {
    /// Accesses that are counted.
    package var events: Int64 = 0
    /// Of these, those that came from logs.
    package var fromLogs: Int64 = 0
    /// Resources in the records of each shard, added up.
    package var resources = 0
    /// Pages of counts.
    package var pages = 0
    /// Bytes of the records.
    package var sizeBytes = 0
    /// The first and the last day that is told of; nil when there is none.
    package var days: ClosedRange<Int64>?
    /// How many pages tell of minutes, hours and days.
    package var grains: [Int] = [0, 0, 0]
    /// The logs that have been counted, the last read last.
    package var sources: [(shard: Int, source: SourceRecord)] = []
    /// What does not add up, or is damaged.
    package var problems: [(shard: Int, message: String)] = []

    /// Nothing is known.
    package init() {}
}

extension Analytics {
    /// Looks at all counts: whether each sum is that of its parts.
    ///
    /// - Parameter isDeep: whether every page is read; otherwise only what can be told at once.
    package func status(isDeep: Bool) throws -> AnalyticsStatus {
        var status = AnalyticsStatus()
        for shard in try shards() {
            status.sizeBytes += records[shard].sizeBytes
            do {
                _ = try records[shard].read { transaction in
                    try look(at: transaction, shard, isDeep, &status)
                }
            } catch let error as StorageError where error.code == .damaged {
                status.problems.append((shard, error.message))
            }
        }
        status.sources.sort { ($0.source.lastAt, $0.source.id) < ($1.source.lastAt, $1.source.id) }
        return status
    }

    private func look(
        at transaction: RecordsTransaction, _ shard: Int, _ isDeep: Bool, _ status: inout AnalyticsStatus
    ) throws {
        var (ever, days): (Int64, Int64) = (0, 0)
        for page in try transaction.pageSizes() {
            status.pages += 1
            switch page.key.span {
            case .ever: ever = ever.addingClamped(page.events)
            case .before: days = days.addingClamped(page.events)
            case .day(let day):
                days = days.addingClamped(page.events)
                status.days = min(day, status.days?.lowerBound ?? day)...max(day, status.days?.upperBound ?? day)
                status.grains[page.key.grain == .minute ? 0 : page.key.grain == .hour ? 1 : 2] += 1
            }
        }
        let sources = try transaction.sources()
        let fromLogs = sources.reduce(Int64(0)) { $0.addingClamped(Int64($1.events)) }
        let brought = fromLogs.addingClamped(try transaction.recorded())
        status.events = status.events.addingClamped(ever)
        status.fromLogs = status.fromLogs.addingClamped(fromLogs)
        status.resources += try transaction.lastSerial()
        status.sources += sources.map { (shard, $0) }
        if ever != days { status.problems.append((shard, "all time has \(ever) accesses and its days have \(days)")) }
        if ever != brought {
            status.problems.append(
                (shard, "\(ever) accesses are counted, and \(brought) came from logs and commands"))
        }
        guard isDeep else { return }
        status.problems += try transaction.engineProblems().map { (shard, $0) }
        status.problems += try transaction.sumProblems().map { (shard, $0) }
    }
}

extension RecordsTransaction {
    /// Every sum of resources that is not that of its parts.
    func sumProblems() throws -> [String] {
        var problems: [String] = []
        let size = try lastSerial() + 1
        var ever = Array(repeating: Tally(), count: size)
        var days = ever
        try forEachPage(from: .before, through: .day(.max)) { stored in
            let key = stored.page.key
            var reader = try reader(stored)
            var everything = Tally()
            var sum = Tally()
            while let place = try reader.next() {
                let entry = try reader.entry(at: place)
                if entry.tally != place.tally { problems.append("a bucket of \(key.kind.name) is missing") }
                if place.resource == .all {
                    everything = place.tally
                    continue
                }
                sum += place.tally
                guard ever.indices.contains(place.resource.serial) else {
                    problems.append("resource \(place.resource.rawValue) has no name")
                    continue
                }
                if key.span == .ever {
                    ever[place.resource.serial] += place.tally
                } else {
                    days[place.resource.serial] += place.tally
                }
            }
            if sum != everything || everything.count != stored.page.events {
                problems.append("the resources of a page of \(key.kind.name) do not add up to its sum")
            }
        }
        try forEachResource { number, resource in
            if ever[number.serial] != days[number.serial] {
                problems.append("the days of \"\(resource.name)\" do not add up to all time")
            }
        }
        return problems
    }
}
