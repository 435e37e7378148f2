// The stretches of time of a series: hours, days, weeks or months of a calendar, none left out.

internal import CommandSpec
internal import SocialCore
internal import Terminal

/// The stretches that a line asks for.
struct TimeBuckets {
    static let unit = Option("by", .choice(of: CalendarUnit.self), help: "A row for each hour, day, week or month")

    /// What a stretch is.
    let unit: CalendarUnit
    /// Where they begin, and where the last one ends; empty when there are none.
    let edges: [Timestamp]
    /// The same for as many before them, where that is asked for.
    private(set) var previousEdges: [Timestamp]?
    /// The time in which they lie; nil when there are none.
    var span: ClosedRange<Timestamp>? { edges.first.flatMap { first in edges.last.map { first...$0 } } }

    /// The stretches of a selection.
    ///
    /// They begin with the first access unless `--since` says when, and end with the last one unless `--until` does:
    /// but whoever gives an age wants to know how it is now.
    init(_ session: Session, _ selection: AccessSelection) throws {
        let line = session.invocation
        let calendar = selection.calendar
        let filter = selection.filter
        var (since, until) = (filter.since, filter.until)
        let isAge = line[AnalyticsNoun.since].map(\.isAge) ?? false
        if since == nil || until == nil, let range = try session.network().analytics.timeRange(filter) {
            since = since ?? range.first
            until = until ?? (isAge ? nil : range.last.advanced(byMilliseconds: 1))
        }
        let end = until ?? session.now.advanced(byMilliseconds: 1)
        guard let since, since < end else {
            (unit, edges) = (line[TimeBuckets.unit] ?? .day, [])
            return
        }
        unit = line[TimeBuckets.unit] ?? TimeBuckets.unit(since, end)
        let first = calendar.start(of: unit, containing: since)
        var edges = [filter.since == nil || isAge ? first : since]
        var next = calendar.start(of: unit, after: first)
        while next < end {
            edges.append(next)
            next = calendar.start(of: unit, after: next)
            guard edges.count <= Limits.seriesRows else { throw TimeBuckets.tooMany(line, unit) }
        }
        edges.append(filter.until ?? next)
        self.edges = edges
        guard selection.comparesPrevious else { return }
        var before = [first]
        while before.count < edges.count, let start = before.last {
            before.append(calendar.start(of: unit, containing: start.advanced(byMilliseconds: -1)))
        }
        previousEdges = before.reversed()
    }

    /// Few enough to be looked at, many enough to say something.
    private static func unit(_ since: Timestamp, _ until: Timestamp) -> CalendarUnit {
        let day: Int64 = 86_400_000
        if until <= since.advanced(byMilliseconds: 3 * day) { return .hour }
        return until <= since.advanced(byMilliseconds: 120 * day) ? .day : .week
    }

    private static func tooMany(_ line: Invocation, _ unit: CalendarUnit) -> UsageError {
        line.error(
            .invalidValue, "there are more than \(Limits.seriesRows.grouped) \(unit.rawValue)s",
            about: TimeBuckets.unit,
            hint: unit == .month ? "give --since and --until" : "give --since and --until, or a longer --by")
    }
}

extension ZonedMoment {
    /// Whether the time was written as an age.
    var isAge: Bool {
        if case .moment(.age) = self { true } else { false }
    }
}
