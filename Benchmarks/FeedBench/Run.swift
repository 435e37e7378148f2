// One run of a scenario: the directory, the options, the clock, and where figures go.

import Formats
import Glibc
import SocialCore

/// What a scenario is given.
struct Run {
    /// The data directory.
    let directory: String
    /// Words after it: `--name value`.
    let options: [String]

    /// The number of an option.
    func number(_ name: String, _ usual: Int) -> Int {
        guard let index = options.firstIndex(of: "--\(name)"), index + 1 < options.count else { return usual }
        return Int(options[index + 1]) ?? usual
    }

    /// Opens the directory as a fresh process would, with a seed, so that two runs do the same.
    ///
    /// - Parameter now: stands still there; nil: the time goes on.
    func open(at now: Timestamp? = nil) throws -> Network {
        var context = Context(
            clock: now.map { .fixed($0) } ?? .system, random: .seeded(SeededGenerator(seed: seed)))
        context.isLongRunning = true
        return try Network(opening: directory, context: context)
    }

    /// The seed of all chance in this run.
    var seed: UInt64 { UInt64(number("seed", 1)) }

    /// Chance of this run.
    var chance: SplitMix { SplitMix(seed: seed) }

    /// Prints a figure.
    func say(_ figure: String, _ values: [(String, JSONValue)]) {
        let members = [JSONValue.Member("figure", .string(figure))] + values.map { JSONValue.Member($0.0, $0.1) }
        print(JSONValue.object(members).text)
        fflush(nil)
    }

    /// Prints the percentiles of what was timed.
    func say(_ figure: String, _ times: LatencyHistogram, _ more: [(String, JSONValue)] = []) {
        say(
            figure,
            [
                ("count", .count(times.count)), ("p50_us", .microseconds(times.nanoseconds(at: 0.5))),
                ("p90_us", .microseconds(times.nanoseconds(at: 0.9))),
                ("p99_us", .microseconds(times.nanoseconds(at: 0.99))),
                ("p999_us", .microseconds(times.nanoseconds(at: 0.999))), ("max_us", .microseconds(times.largest)),
            ] + more)
    }

    /// How long something took, in nanoseconds.
    static func timed<Result>(_ body: () throws -> Result) rethrows -> (nanoseconds: Int, result: Result) {
        let start = now
        let result = try body()
        return (now - start, result)
    }

    /// A clock that only goes on, in nanoseconds.
    static var now: Int {
        var time = timespec()
        // Safety: the pointer is to a local that lives for the call.
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// The most memory that this process has held.
    static var peakKibibytes: Int {
        var usage = rusage()
        // Safety: the pointer is to a local that lives for the call.
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}

extension JSONValue {
    /// How many.
    static func count(_ number: Int) -> JSONValue { .integer(Int64(number)) }

    /// How many a second.
    static func rate(_ count: Int, in nanoseconds: Int) -> JSONValue {
        .integer(Int64(Double(count) / Double(max(1, nanoseconds)) * 1e9))
    }

    /// One number over another.
    static func ratio(_ one: Int, to other: Int) -> JSONValue { .number(Double(one) / Double(max(1, other))) }

    /// Nanoseconds as microseconds.
    static func microseconds(_ nanoseconds: Int) -> JSONValue { .number(Double(nanoseconds / 10) / 100) }

    /// Nanoseconds as seconds.
    static func seconds(_ nanoseconds: Int) -> JSONValue { .number(Double(nanoseconds / 1_000) / 1_000_000) }
}

/// What a scenario found wrong: a figure of work that is not right is none.
struct Wrong: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension SplitMix {
    /// A number from 0 up to a limit, which is left out.
    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
}
