// `analytics series`: how often over time.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum AnalyticsSeries {
    static let resource = Operand(
        optional: "RESOURCE", .resource, help: "Of what, as \"analytics count\" names it; otherwise of everything")
    static let viewers = Switch("viewers", help: "Count in each row the different viewers too")
    static let chart = Switch("chart", help: "Draw the counts over time with characters")
    static let drawing = Option(
        "svg", .fileOrDash, configurable: false, help: "Draw them into this file as SVG; - writes to the output")

    static let command = Command(
        ["analytics", "series"], "Tell how often something was accessed, over time",
        discussion: """
            There is a row for each hour, day, week (from Monday) or month of the time zone, also when nothing \
            happened; without --by hours of up to three days, days of up to 120, otherwise weeks. Days on which clocks \
            change have 23 or 25 hours, and each hour has one row.

            Without --since the first row is that of the first access. Without --until the last one is that of the \
            last access, or that of now if --since is an age such as 7d, of which the first row is whole too; a moment \
            cuts the row in which it lies. With --compare previous each row is compared with the one as many rows \
            before as there are.

            \(AnalyticsNoun.defaultKinds)
            """,
        operands: [resource],
        options: AnalyticsNoun.filters + [
            AnalyticsNoun.resource, TimeBuckets.unit, AnalyticsNoun.compare, viewers, chart, drawing,
        ],
        groups: [
            ExclusiveGroup(resource, AnalyticsNoun.author),
            ExclusiveGroup(AnalyticsNoun.resource, AnalyticsNoun.author),
            ExclusiveGroup(chart, drawing), ExclusiveGroup(chart, Globals.json, Globals.format),
        ],
        examples: [
            Example("social analytics series --since 24h --chart", "Draw the last day, hour by hour"),
            Example("social analytics series user/ana --by day --since 7d --viewers", "See who comes to a profile"),
            Example(
                "social analytics series --by week --since 28d --compare previous --svg series.svg",
                "Draw four weeks and the four before"),
        ],
        fields: [
            Field("start", .time, "when it begins"), Field("end", .time, "when it ends"),
            Field("label", .string, "its beginning as clocks of the time zone show it"), CountOutput.count,
            CountOutput.people, CountOutput.bots,
            Field("viewers", .integer, nullable: true, "how many different viewers are known; null without --viewers"),
            CountOutput.amount,
            Field("previous", .integer, nullable: true, "how often in the row before it; null without --compare"),
        ],
        exits: [AnalyticsNoun.misnamed, AnalyticsNoun.missing], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let named = try line[resource].map { [$0] } ?? []
        let selection = try AccessSelection(session, operands: named)
        let buckets = try TimeBuckets(session, selection)
        let analytics = try session.network().analytics
        let times = try analytics.series(selection.filter, edges: buckets.edges, countsViewers: line.isOn(viewers))
        let previous = try buckets.previousEdges.map { try analytics.series(selection.filter, edges: $0) }
        if line.isOn(chart) || line.isGiven(drawing) {
            let drawn = try SeriesChart(session, selection, buckets).chart(times, previous)
            return try session.draw(drawn, line[drawing])
        }
        let most = times.map(\.count.count).max() ?? 0
        let bar = Session.DrawnColumn(field: Field("bar", .string, "the count as a bar")) { row in
            TextBar.text(Double(times[row].count.count), of: Double(most), cells: 12)
        }
        try session.printTable(command.fields, bar, count: times.count) { row in
            let time = times[row]
            return [
                .time(time.start.text), .time(time.end.text), .text(selection.calendar.label(time.start)),
                .integer(time.count.count), .integer(time.count.people), .integer(time.count.bots),
                line.isOn(viewers) ? .integer(time.viewers.count) : .null, .integer(time.count.amount),
                .integer(orNull: previous?[row].count.count),
            ]
        }
    }
}

extension Session {
    /// A column of small drawings.
    struct DrawnColumn {
        let field: Field
        /// Draws a row.
        let draw: (Int) -> String
    }

    /// Prints a list, on a terminal with a column of small drawings at its end unless fields are chosen.
    func printTable(
        _ fields: [Field], _ drawn: DrawnColumn, count: Int, _ cells: (Int) throws -> [Cell]
    ) throws {
        let isDrawn = drawsTables
        try printList(isDrawn ? fields + [drawn.field] : fields) { emit in
            for row in 0..<count {
                guard try emit(try cells(row) + (isDrawn ? [.text(drawn.draw(row))] : [])) else { return }
            }
        }
    }

    /// Whether a table is shown to somebody, with whatever the verb thinks fit.
    var drawsTables: Bool {
        format == .table && world.terminal.isOutput && invocation[Globals.fields] == nil
    }

    /// Whether what goes to the output is coloured.
    var usesColor: Bool {
        (When(rawValue: invocation[Globals.color]) ?? .auto).usesColor(
            isTerminal: world.terminal.isOutput, environment: world.environment)
    }
}
