// How fast a log in memory is read.

import Formats

/// Times the parser, alone or with what every count of views needs besides.
enum Parsing {
    static func run(_ words: inout [String], isCounting: Bool) throws {
        let times = try LogBench.option("--times", in: &words).map { Int($0) ?? 0 } ?? 1
        let name = try LogBench.option("--format", in: &words) ?? "auto"
        guard words.count == 1, times > 0, let format = AccessLogFormat(rawValue: name) else { throw Misuse() }
        let file = try LogBench.bytes(words[0])
        var log: [UInt8] = []
        log.reserveCapacity(file.count * times)
        for _ in 0..<times { log += file }
        for _ in 0..<3 {
            var tally = Tally()
            let time = ContinuousClock().measure {
                log.withUnsafeBytes { isCounting ? tally.count($0, format) : tally.parse($0, format) }
            }
            report(tally, bytes: log.count, time / .seconds(1), isCounting ? "count" : "parse")
        }
    }

    private static func report(_ tally: Tally, bytes: Int, _ seconds: Double, _ figure: String) {
        let statuses = tally.statuses.enumerated().filter { $0.element > 0 }
        LogBench.say(
            figure,
            [
                ("lines", Double(tally.lines)), ("bad", Double(tally.bad)), ("bytes_sent", Double(tally.bytesSent)),
                ("bots", Double(tally.bots)), ("path_bytes", Double(tally.pathBytes)), ("seconds", seconds),
                ("lines_per_second", (Double(tally.lines + tally.bad) / seconds).rounded()),
                ("megabytes_per_second", (Double(bytes) / seconds / 1e6).rounded()),
            ] + statuses.map { ("status_\($0.offset)", Double($0.element)) })
    }
}

/// What is counted, so that no field is read for nothing.
struct Tally {
    private(set) var lines = 0
    private(set) var bad = 0
    private(set) var bytesSent: Int64 = 0
    private(set) var statuses = [Int](repeating: 0, count: 1_000)
    private(set) var bots = 0
    private(set) var pathBytes = 0
    private var lastTime: Int64 = 0

    mutating func parse(_ log: UnsafeRawBufferPointer, _ format: AccessLogFormat) {
        var parser = AccessLogParser(format)
        parser.parse(log) { line in
            add(line)
        } bad: { _, _ in
            bad += 1
        }
    }

    mutating func count(_ log: UnsafeRawBufferPointer, _ format: AccessLogFormat) {
        var parser = AccessLogParser(format)
        var agents = UserAgents()
        var path: [UInt8] = []
        parser.parse(log) { line in
            add(line)
            if agents.isBot(line.userAgent) { bots += 1 }
            path.removeAll(keepingCapacity: true)
            if LogPath.append(line.path, to: &path) { pathBytes += path.count }
        } bad: { _, _ in
            bad += 1
        }
    }

    private mutating func add(_ line: borrowing AccessLogLine) {
        lines += 1
        bytesSent &+= line.bytesSent
        statuses[line.status] += 1
        lastTime = max(lastTime, line.timeMilliseconds)
    }
}
