// Time makes counts coarser: minutes become hours, hours become days, and what is told of single days is forgotten at
// last. Sums stay what they are: nothing is lost but when exactly it was.

extension Analytics {
    /// How long counts are kept how finely.
    package struct Retention: Equatable, Sendable {
        /// By the minute.
        package var minutesMilliseconds: Int64
        /// By the hour.
        package var hoursMilliseconds: Int64
        /// By the day; nil for ever.
        package var daysMilliseconds: Int64?

        /// How long counts are kept how finely.
        package init(minutesMilliseconds: Int64, hoursMilliseconds: Int64, daysMilliseconds: Int64?) {
            self.minutesMilliseconds = minutesMilliseconds
            self.hoursMilliseconds = hoursMilliseconds
            self.daysMilliseconds = daysMilliseconds
        }

        /// Minutes for a week, hours for 400 days, days for ever.
        package static let standard = Retention(
            minutesMilliseconds: 7 * AccessFilter.dayMilliseconds,
            hoursMilliseconds: 400 * AccessFilter.dayMilliseconds, daysMilliseconds: nil)

        /// How finely a day is kept; nil when it is forgotten.
        func grain(of day: Int64, at now: Timestamp) -> RollupGrain? {
            let (start, overflow) = (day + 1).multipliedReportingOverflow(by: AccessFilter.dayMilliseconds)
            let age = overflow ? 0 : now.milliseconds - start
            if let days = daysMilliseconds, age >= days { return nil }
            if age >= hoursMilliseconds { return .day }
            return age >= minutesMilliseconds ? .hour : .minute
        }
    }

    /// What pruning did.
    package struct Pruning: Equatable, Sendable {
        /// Pages that were made coarser or merged.
        package var pagesBefore = 0
        /// Pages that came of them.
        package var pagesAfter = 0
        /// Days that were forgotten.
        package var forgottenDays = 0

        /// Nothing done.
        package init() {}
    }

    /// Makes counts coarser that are old, and merges the pages of each day.
    ///
    /// Each day is a transaction of its own, so others wait for one day at most, and what was stopped goes on.
    package func prune(_ retention: Retention) throws -> Pruning {
        var pruning = Pruning()
        for shard in try shards() {
            let store = records[shard]
            let keys = try store.read { transaction in try Analytics.pruned(transaction.pageSizes(), retention, context)
            }
            var last: Int64?
            for work in keys ?? [] {
                let (before, after) = try store.write { try $0.prune(work.from, into: work.to) }
                pruning.pagesBefore += before
                pruning.pagesAfter += after
                if work.to.span == .before, work.from.span.rawValue != last {
                    pruning.forgottenDays += 1
                    last = work.from.span.rawValue
                }
            }
            if !(keys ?? []).isEmpty, !context.isDryRun { try store.compact() }
        }
        return pruning
    }

    /// Which pages become which.
    private static func pruned(
        _ pages: [(id: Int64, key: RollupKey, events: Int64)], _ retention: Retention, _ context: Context
    ) -> [(from: RollupKey, to: RollupKey)] {
        var work: [(from: RollupKey, to: RollupKey)] = []
        var index = 0
        while index < pages.count {
            let key = pages[index].key
            var end = index
            while end < pages.count, pages[end].key.isLike(key) { end += 1 }
            let group = pages[index..<end]
            index = end
            guard case .day(let day) = key.span else {
                // The newest pages of all time go on growing; one is enough after this.
                if group.count > 1 { work.append((key, RollupKey(key.kind, key.audience, key.span, .day))) }
                continue
            }
            guard let grain = retention.grain(of: day, at: context.clock.now) else {
                work.append((key, RollupKey(key.kind, key.audience, .before, .day)))
                continue
            }
            if group.count > 1 || group.contains(where: { $0.key.grain < grain }) {
                let coarsest = max(grain, group.map(\.key.grain).max() ?? grain)
                work.append((key, RollupKey(key.kind, key.audience, key.span, coarsest)))
            }
        }
        return work
    }
}

extension RollupKey {
    /// Whether both tell of the same accesses, however finely.
    func isLike(_ other: RollupKey) -> Bool {
        kind == other.kind && audience == other.audience && span == other.span
    }
}

extension RecordsTransaction {
    /// Puts one page in the place of all of a span, kind and audience.
    ///
    /// - Returns: how many pages there were and are.
    func prune(_ from: RollupKey, into key: RollupKey) throws -> (before: Int, after: Int) {
        let sizes = try pageSizes(like: from)
        var ids = sizes.map(\.id)
        if ids.isEmpty { return (0, 0) }
        // Another process may have added coarser pages, or done this already.
        var key = key
        for size in sizes where key.grain < size.grain { key.grain = size.grain }
        if key.span == .before, from.span != .before { ids += try pageSizes(like: key).map(\.id) }
        try mergePages(ids, into: key)
        return (ids.count, 1)
    }
}
