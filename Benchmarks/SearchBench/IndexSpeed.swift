// How fast posts are indexed and found, in process.

import Formats
import SocialCore

/// Times building an index and asking it.
enum IndexSpeed {
    static func run(_ posts: [String], queries: [String]) throws {
        let queries = queries.filter { !$0.isEmpty }
        var segment: Segment?
        let seconds = SearchBench.seconds(rounds: 3) {
            var builder = SegmentBuilder(stems: true)
            for (number, text) in posts.enumerated().reversed() {
                builder.add(id: Int64(number + 1) << 22, text: text)
            }
            segment = try? builder.finish()
        }
        guard let segment else { return }
        SearchBench.say(
            "index",
            [
                ("engine", .string("social")), ("posts", .integer(Int64(posts.count))),
                ("postsPerSecond", .integer(Int64(Double(posts.count) / seconds))),
                ("bytes", .integer(Int64(segment.sizeBytes))), ("terms", .integer(Int64(segment.termCount))),
            ])
        let living = [LivingSegment(segment)]
        try time("ranked any", queries, living) { try $0.best(10).count }
        try time("ranked all", queries.map(all), living) { try $0.best(10).count }
        try time("newest any", queries, living) { try $0.newest(10).count }
        try time("phrase", queries.map { "\"\($0)\"" }, living) { try $0.best(10).count }
        try time("prefix", queries.map { String($0.prefix(3)) + "*" }, living) { try $0.best(10).count }
    }

    private static func all(_ query: String) -> String {
        query.split(separator: " ").map { "+\($0)" }.joined(separator: " ")
    }

    /// The time of each query from its text on, the median of five runs.
    private static func time(
        _ name: String, _ queries: [String], _ living: [LivingSegment], _ body: (SearchRun) throws -> Int
    ) throws {
        var times: [Double] = []
        var found = 0
        for query in queries {
            var own: [Double] = []
            for _ in 0..<5 {
                var count = 0
                let duration = try ContinuousClock().measure {
                    let parsed = try QueryParser.parse(query)
                    let plan = try SearchPlanner.plan(parsed, stems: true, now: Timestamp(milliseconds: 0)) { _ in
                        UserID(rawValue: 0)
                    }
                    count = try body(SearchRun(plan, on: living))
                }
                own.append(Double(duration.components.attoseconds) / 1e15)
                found += count
            }
            times.append(own.sorted()[2])
        }
        times.sort()
        SearchBench.say(
            "query",
            [
                ("engine", .string("social")), ("kind", .string(name)), ("queries", .integer(Int64(queries.count))),
                ("p50Milliseconds", .rounded(times[times.count / 2])),
                ("p99Milliseconds", .rounded(times[times.count * 99 / 100])), ("found", .integer(Int64(found / 5))),
            ])
    }
}
