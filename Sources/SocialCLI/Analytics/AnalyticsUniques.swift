// `analytics uniques`: how many different viewers there were.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum AnalyticsUniques {
    static let command = Command(
        ["analytics", "uniques"], "Tell how many different viewers there were",
        discussion: """
            One number for the whole time, or with --by one a row as in "analytics series". Rows do not add up: who \
            comes on two days is one viewer of the week. Below \(ViewerSketch.exactViewers.grouped) the number is \
            exact; otherwise error says by which part of it it is wrong, as a standard error. Viewers are accounts, or \
            whatever a log tells them apart by; accesses of nobody known count as no viewer. Viewers are known by the \
            hour, or by the day where counts are: of a part of one all count or none.

            \(AnalyticsNoun.defaultKinds)
            """,
        operands: [AnalyticsSeries.resource],
        options: AnalyticsNoun.filters + [AnalyticsNoun.resource, TimeBuckets.unit, AnalyticsNoun.compare],
        groups: [
            ExclusiveGroup(AnalyticsSeries.resource, AnalyticsNoun.author),
            ExclusiveGroup(AnalyticsNoun.resource, AnalyticsNoun.author),
        ],
        examples: [
            Example("social analytics uniques user/ana --since 30d", "Count who came to a profile this month"),
            Example("social analytics uniques --by day --since 7d --json | jq 'map(.viewers)'", "Count day by day"),
        ],
        fields: [
            Field("start", .time, nullable: true, "when it begins; null without --since and --by"),
            Field("end", .time, nullable: true, "when it ends; null without --until and --by"),
            Field("label", .string, nullable: true, "its beginning as clocks of the time zone show it"),
            CountOutput.viewers, Field("exact", .boolean, "whether that is no estimate"),
            Field("error", .number, "the standard error as a part of it; 0 when it is exact"),
        ] + CountOutput.comparison,
        exits: [AnalyticsNoun.misnamed, AnalyticsNoun.missing], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let named = try line[AnalyticsSeries.resource].map { [$0] } ?? []
        let selection = try AccessSelection(session, operands: named)
        let analytics = try session.network().analytics
        let rows =
            line.isGiven(TimeBuckets.unit)
            ? try buckets(session, selection, analytics) : [try whole(selection, analytics)]
        try session.printList(command.fields) { emit in
            for row in rows {
                let label = row.start.map { selection.calendar.label($0) }
                let cells: [Cell] = [
                    .time(orNull: row.start), .time(orNull: row.end), .text(orNull: label), .integer(row.viewers.count),
                    .bool(row.viewers.isExact), .measure(row.viewers.isExact ? 0 : ViewerSketch.standardError),
                ]
                let comparison = CountOutput.cells(row.viewers.count, before: row.previous?.count)
                guard try emit(cells + comparison) else { return }
            }
        }
    }

    private typealias Row = (start: Timestamp?, end: Timestamp?, viewers: ViewerSketch, previous: ViewerSketch?)

    private static func whole(_ selection: AccessSelection, _ analytics: Analytics) throws -> Row {
        func viewers(_ filter: AccessFilter) throws -> ViewerSketch {
            try analytics.count(filter).reduce(into: ViewerSketch()) { $0.merge($1.viewers) }
        }
        return (
            selection.filter.since, selection.filter.until, try viewers(selection.filter),
            try selection.previous.map(viewers)
        )
    }

    private static func buckets(
        _ session: Session, _ selection: AccessSelection, _ analytics: Analytics
    ) throws -> [Row] {
        let buckets = try TimeBuckets(session, selection)
        let times = try analytics.series(selection.filter, edges: buckets.edges, countsViewers: true)
        let previous = try buckets.previousEdges.map {
            try analytics.series(selection.filter, edges: $0, countsViewers: true)
        }
        return times.enumerated().map { ($1.start, $1.end, $1.viewers, previous?[$0].viewers) }
    }
}
