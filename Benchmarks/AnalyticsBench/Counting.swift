// How fast accesses are counted.

import Formats
import Glibc
import SocialCore

/// Counts a log, or made-up accesses.
enum Counting {
    /// Counts a log twice: the second time nothing is new.
    static func log(_ path: String, into directory: String) throws {
        let network = try AnalyticsBench.network(directory)
        var work = AccessLogImport()
        work.rules.user = { try network.accounts.account($0)?.id }
        for round in ["first", "again"] {
            var summary = AccessLogImport.Summary(name: path)
            let before = AnalyticsBench.processorSeconds
            let seconds = try AnalyticsBench.seconds {
                summary = try work.run(path, BadRows(.skip, file: path), network.analytics)
            }
            AnalyticsBench.say(
                "count \(round)",
                [
                    ("lines", .integer(Int64(summary.lines))), ("events", .integer(Int64(summary.events))),
                    ("rejected", .integer(Int64(summary.rejected))), ("seconds", .number(seconds)),
                    ("lines_per_second", .number(Double(summary.lines) / seconds)),
                    ("processor_seconds", .number(AnalyticsBench.processorSeconds - before)),
                ])
        }
        try sizes(network)
    }

    /// Counts accesses to resources of which few are asked for often, over some days, by as many viewers as resources.
    static func made(_ events: Int, of resources: Int, days: Int, into directory: String) throws {
        let network = try AnalyticsBench.network(directory)
        let path = "\(directory)/made.log"
        try write(events, of: resources, days: days, to: path)
        var summary = AccessLogImport.Summary(name: path)
        let seconds = try AnalyticsBench.seconds {
            summary = try AccessLogImport().run(path, BadRows(.stop, file: path), network.analytics)
        }
        AnalyticsBench.say(
            "make",
            [
                ("events", .integer(Int64(summary.events))), ("seconds", .number(seconds)),
                ("lines_per_second", .number(Double(summary.lines) / seconds)),
                ("log_bytes", .integer(Int64(FileSystem().size(of: path)))),
            ])
        try FileSystem().remove(path)
        try sizes(network)
    }

    private static func sizes(_ network: Network) throws {
        let status = try network.analytics.status(isDeep: false)
        AnalyticsBench.say(
            "records",
            [
                ("events", .integer(status.events)), ("resources", .integer(Int64(status.resources))),
                ("pages", .integer(Int64(status.pages))), ("bytes", .integer(Int64(status.sizeBytes))),
                ("bytes_per_event", .number(Double(status.sizeBytes) / Double(max(1, status.events)))),
            ])
    }

    /// Writes a log in which the n-th resource is asked for about 1/n as often as the first.
    private static func write(_ events: Int, of resources: Int, days: Int, to path: String) throws {
        guard let file = fopen(path, "w") else { throw StorageError(errno: errno, while: "write \"\(path)\"") }
        defer { fclose(file) }
        let random = SeededGenerator(seed: 9)
        let last = Context().clock.now.milliseconds / 86_400_000 * 86_400
        let first = last - Int64(days) * 86_400
        let logarithm = log(Double(resources))
        for number in 0..<events {
            let share = Double(random.next() >> 11) / Double(1 << 53)
            let resource = min(resources - 1, Int(exp(share * logarithm)) - 1)
            let viewer = Int(random.next() % UInt64(resources))
            let second = first + Int64(Double(number) / Double(events) * Double(days) * 86_400)
            let (day, month, year) = date(second / 86_400)
            let time = second % 86_400
            let address = "10.\(viewer >> 16 & 255).\(viewer >> 8 & 255).\(viewer & 255)"
            let clock = [time / 3_600, time / 60 % 60, time % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
            let line =
                "\(address) - - [\(day < 10 ? "0" : "")\(day)/\(month)/\(year):\(clock.joined(separator: ":")) +0000] "
                + "\"GET /page/\(resource) HTTP/1.1\" 200 512 \"-\" \"Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0\"\n"
            fputs(line, file)
        }
    }

    private static func date(_ days: Int64) -> (Int, String, Int) {
        let text = RFC3339.format(milliseconds: days * 86_400_000)
        let parts = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return (parts[2], months[parts[1] - 1], parts[0])
    }
}
