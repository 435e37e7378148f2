// The charts of `analytics`: what stands above them, and where they go.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

/// What a selection is called in a chart.
struct SelectionTitle {
    /// What was accessed.
    let title: String
    /// How it was accessed, in the plural.
    let unit: String

    init(_ session: Session, _ filter: AccessFilter) throws {
        switch filter.resources {
        case .all: title = "everything"
        case .types(let types): title = types.map(\.name).joined(separator: ", ")
        case .named(let resources):
            if let author = session.invocation[AnalyticsNoun.author] {
                title = "all by \(author.display)"
            } else {
                let names = try ResourceNames.names(of: Array(resources.prefix(3)), session.network()).map(\.title)
                title = names.joined(separator: ", ") + (resources.count > 3 ? " …" : "")
            }
        }
        let asked = session.invocation[AnalyticsNoun.kind].map(\.name)
        let noun = asked.isEmpty ? "views" : asked.joined(separator: ", ")
        unit = filter.audience.map { "\(noun) by \($0)" } ?? noun
    }
}

extension ResourceNames.Name {
    /// What people know it by.
    var title: String { label ?? name }
}

/// Makes the chart of a series.
struct SeriesChart {
    private let title: SelectionTitle
    private let calendar: LocalCalendar
    private let buckets: TimeBuckets

    init(_ session: Session, _ selection: AccessSelection, _ buckets: TimeBuckets) throws {
        title = try SelectionTitle(session, selection.filter)
        calendar = selection.calendar
        self.buckets = buckets
    }

    /// The chart of what was counted, and of what was counted before.
    func chart(_ times: [CountedTime], _ previous: [CountedTime]?) -> TimeChart {
        let points = times.indices.map { index in
            let count = times[index].count
            return TimeChart.Point(
                calendar.chartTime(times[index].start), Double(count.people), secondary: Double(count.bots),
                previous: previous.map { Double($0[index].count.count) })
        }
        let hasBots = times.contains { $0.count.bots > 0 }
        let names = TimeChart.Names(
            value: hasBots ? "people" : nil, secondary: hasBots ? "bots" : nil,
            previous: previous == nil ? nil : "the time before")
        return TimeChart(
            title: title.title, subtitle: subtitle, unit: title.unit, interval: buckets.unit.rawValue, points: points,
            names: names)
    }

    private var subtitle: String {
        guard let span = buckets.span else { return "" }
        return "\(calendar.label(span.lowerBound)) to \(calendar.label(span.upperBound)), \(calendar.name)"
    }
}

extension Session {
    /// Draws a series with characters, or as a picture where that is asked for.
    func draw(_ chart: TimeChart, _ target: FileOrDash?) throws {
        if target != nil { return try writeText(SeriesDrawing(chart).text, to: target) }
        try writeText(chart.text(columns: world.terminal.columns, usesColor: usesColor), to: nil)
    }

    /// Draws a ranking with characters, or as a picture where that is asked for.
    func draw(_ chart: TopChart, _ target: FileOrDash?) throws {
        if target != nil { return try writeText(TopDrawing(chart).text, to: target) }
        try writeText(chart.text(columns: world.terminal.columns, usesColor: usesColor), to: nil)
    }

    private func writeText(_ text: String, to target: FileOrDash?) throws {
        try writeBytes(to: target) { try $0(Array(text.utf8)[...]) }
    }
}
