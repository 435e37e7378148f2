// How long answers take, in a process that has the network open.

import Formats
import SocialCore

/// Asks what dashboards ask.
enum Questions {
    private static let rounds = 51

    static func run(_ directory: String) throws {
        let network = try Network(opening: directory, context: Context())
        let analytics = network.analytics
        var views = AccessFilter()
        views.kinds = [.view]
        guard let range = try analytics.timeRange(views), let first = try analytics.top(views, limit: 1).first else {
            return
        }
        let last = try analytics.top(views, limit: 1_000).last ?? first
        let day: Int64 = 86_400_000
        let days = stride(
            from: range.first.milliseconds / day, through: range.last.milliseconds / day + 1, by: 1
        ).map { Timestamp(milliseconds: $0 * day) }
        let hours = stride(
            from: range.first.milliseconds / 3_600_000, through: range.last.milliseconds / 3_600_000 + 1, by: 1
        ).map { Timestamp(milliseconds: $0 * 3_600_000) }
        func filter(_ change: (inout AccessFilter) -> Void) -> AccessFilter {
            var filter = views
            change(&filter)
            return filter
        }
        let one = filter { $0.resources = .named([first.resource]) }
        let rare = filter { $0.resources = .named([last.resource]) }
        let week = filter { $0.since = range.last.advanced(byMilliseconds: -7 * day) }
        try say("how often was X accessed") { _ = try analytics.count(one, countsViewers: false) }
        try say("how often, and by how many") { _ = try analytics.count(one) }
        try say("how often was a rare X accessed in the last week") {
            var filter = rare
            filter.since = week.since
            _ = try analytics.count(filter, countsViewers: false)
        }
        try say("everything, with viewers") { _ = try analytics.count(views) }
        try say("top 10") { _ = try analytics.top(views, limit: 10) }
        try say("top 10 of the last week") { _ = try analytics.top(week, limit: 10) }
        try say("X by day") { _ = try analytics.series(one, edges: days) }
        try say("X by hour") { _ = try analytics.series(one, edges: hours) }
        try say("everything by hour") { _ = try analytics.series(views, edges: hours) }
        try say("everything by day, with viewers") {
            _ = try analytics.series(views, edges: days, countsViewers: true)
        }
    }

    private static func say(_ question: String, _ body: () throws -> Void) throws {
        var times: [Double] = []
        for _ in 0..<rounds { times.append(try AnalyticsBench.seconds(body) * 1_000) }
        times.sort()
        AnalyticsBench.say(
            "ask",
            [
                ("question", .string(question)), ("median_ms", .number(times[rounds / 2])),
                ("least_ms", .number(times[0])), ("p95_ms", .number(times[rounds * 95 / 100])),
            ])
    }
}
