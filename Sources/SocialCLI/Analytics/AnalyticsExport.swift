// `analytics export`: all counts as rows, for whoever wants to ask other questions.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum AnalyticsExport {
    enum Grain: String, CaseIterable, Sendable {
        case minute, hour, day

        var grain: RollupGrain {
            switch self {
            case .minute: .minute
            case .hour: .hour
            case .day: .day
            }
        }
    }

    static let grain = Option(
        "by", .choice(of: Grain.self), default: .minute, help: "Add up what is told more finely than this")

    static let command = Command(
        ["analytics", "export"], "Print all counts as rows",
        discussion: """
            A row for each resource, kind, audience and stretch of time in which there was an access, as finely as \
            counts are kept. In several shards the same stretch may have several rows: counts and amounts are to be \
            added up. As CSV or NDJSON column stores read it as it is, for example DuckDB: select resource, \
            sum(count) from 'counts.csv' group by resource.
            """,
        options: [grain, AnalyticsNoun.resource] + AnalyticsNoun.filters,
        examples: [
            Example("social analytics export --format csv > counts.csv", "Hand everything to a column store"),
            Example("social analytics export --by day --kind view --since 30d --format ndjson", "Print days"),
        ],
        fields: [
            Field("at", .time, nullable: true, "when the stretch begins; null for days that were forgotten"),
            Field("minutes", .integer, "how long it is; 0 for days that were forgotten"),
            Field("resource", .string, "what was accessed; accounts by their ids"),
            Field("type", .string, "what that is"),
            Field("kind", .string, "how it was accessed"), Field("audience", .string, "by people or by bots"),
            Field("count", .integer, "how often"), Field("amount", .integer, "bytes, or milliseconds of films"),
            Field(
                "viewers", .integer, nullable: true,
                "how many different viewers its hour had, or its day; null but in the first row of it"),
        ],
        exits: [AnalyticsNoun.misnamed, AnalyticsNoun.missing], handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let selection = try AccessSelection(session, countsLooks: false)
        let grain = session.invocation[grain].grain
        try session.printList(command.fields) { emit in
            try session.network().analytics.forEachRow(selection.filter, grain: grain) { row in
                try emit(cells(row))
            }
        }
    }

    private static func cells(_ row: CountRow) -> [Cell] {
        let start: Cell = row.start.map { .time($0.text) } ?? .null
        let viewers: Cell = row.viewers.map { .integer($0) } ?? .null
        return [
            start, .integer(row.minutes), .text(row.resource.name), .text(row.resource.type.name),
            .text(row.kind.name), .text("\(row.audience)"), .integer(row.tally.count), .integer(row.tally.amount),
            viewers,
        ]
    }
}
