// How playings of films are printed: a row each, or a row for all of them, with each segment where that is asked for.

internal import CommandSpec
internal import Formats
internal import SocialCore

extension VideoSegmentSimulate {
    static let fields = [
        Field("rule", .string, "how qualities were chosen"),
        Field("trace", .string, nullable: true, "the trace's file, or the bandwidths; null for a summary"),
        Field("sessions", .integer, "how many sessions the row stands for"),
        Field("score", .number, "mean utility a second, less 5 for each second of stalling"),
        Field("utility", .number, "mean utility a second"),
        Field("bitrate_kbps", .number, "mean bit rate of what was played, over all the time"),
        Field("stall_ratio", .number, "the share of the time in which the player stood still"),
        Field("startup_ms", .integer, "time until the first picture"),
        Field("stalls", .integer, "how often the player stood still afterwards"),
        Field("stall_ms", .integer, "how long it did"),
        Field("switches", .integer, "how often the quality changed"),
        Field("abandoned", .integer, "downloads that were given up"),
        Field("bytes", .integer, "what was loaded"),
        Field("time_ms", .integer, "time from the first request to the end"),
        Field("film_ms", .integer, "how long the film is"),
        Field("segments", .array, nullable: true, "what became of each segment, with --segments"),
    ]

    /// The cells of a row for some sessions with one rule: means of what is an average, sums of all else.
    static func cells(
        _ outcomes: [PlaybackOutcome], _ film: PlaybackFilm, _ rule: PlaybackRuleName, trace: String?
    ) -> [Cell] {
        func sum(_ number: (PlaybackOutcome) -> Double) -> Double { outcomes.reduce(0) { $0 + number($1) } }
        func mean(_ number: (PlaybackOutcome) -> Double) -> Cell {
            .number((sum(number) / Double(outcomes.count) * 1_000_000).rounded() / 1_000_000)
        }
        func total(_ number: (PlaybackOutcome) -> Double) -> Cell { .integer(whole(sum(number))) }
        let segments = outcomes.count == 1 && !outcomes[0].segments.isEmpty ? Self.segments(outcomes[0], film) : nil
        return [
            .text(rule.rawValue), .text(orNull: trace), .integer(Int64(outcomes.count)), mean(\.score),
            mean(\.averageUtility), mean(\.averageBitrate), mean(\.stallRatio), total(\.startup),
            total { Double($0.stalls) }, total(\.stalled), total { Double($0.switches) },
            total { Double($0.abandoned) }, total { $0.bits / 8 }, total(\.time), total(\.filmTime),
            segments.map { .json(.array($0)) } ?? .null,
        ]
    }

    /// What became of each segment.
    private static func segments(_ outcome: PlaybackOutcome, _ film: PlaybackFilm) -> [JSONValue] {
        outcome.segments.enumerated().map { index, segment in
            func number(_ value: Double) -> JSONValue { .integer(whole(value)) }
            let isSwitched = index > 0 && segment.quality != outcome.segments[index - 1].quality
            return .object([
                .init("segment", .integer(Int64(index))), .init("start_ms", number(film.starts[index])),
                .init("quality", .integer(Int64(segment.quality))),
                .init("bitrate_kbps", .number(film.bitrates[segment.quality])),
                .init("bytes", number(segment.bits / 8)), .init("requested_ms", number(segment.requested)),
                .init("arrived_ms", number(segment.arrived)), .init("shown_ms", number(segment.shown)),
                .init("throughput_kbps", .number((segment.throughput * 10).rounded() / 10)),
                .init("buffer_before_ms", number(segment.levelBefore)),
                .init("buffer_after_ms", number(segment.levelAfter)), .init("stall_ms", number(segment.stalled)),
                .init("abandoned", .integer(Int64(segment.abandoned))), .init("switched", .bool(isSwitched)),
            ])
        }
    }

    private static func whole(_ number: Double) -> Int64 { Int64(number.rounded()) }
}

/// Bandwidths as they were written.
struct BandwidthSchedule: Sendable {
    /// The text.
    let text: String
    /// What it means, without latency.
    let trace: BandwidthTrace
}

extension ValueType where Value == BandwidthSchedule {
    /// Bandwidths from times on: `3M,1M@20s`.
    static var bandwidthSchedule: ValueType<BandwidthSchedule> {
        ValueType(
            .custom("bandwidth"), placeholder: "RATE[@TIME],…",
            expecting: "bandwidths such as 3M or 3M,500K@20s,5M@1m, the last above 0", format: \.text
        ) { (word) throws(ValueError) in
            guard let trace = BandwidthTrace(schedule: word) else { throw ValueError() }
            return BandwidthSchedule(text: word, trace: trace)
        }
    }
}

extension ValueType where Value == PlaybackCapacity {
    /// A duration, or a number of segments.
    static var playbackBuffer: ValueType<PlaybackCapacity> {
        ValueType(
            .custom("buffer"), placeholder: "DURATION|N",
            expecting: "a duration such as 25s, or a number of segments such as 3", format: \.text
        ) { (word) throws(ValueError) in
            if let count = Int(word), PlaybackLimits.bufferSegments ~= count { return .segments(count) }
            guard let time = DurationText.parse(word), PlaybackLimits.bufferMilliseconds ~= time else {
                throw ValueError()
            }
            return .milliseconds(Double(time))
        }
    }
}

extension PlaybackCapacity {
    /// The buffer as it is written.
    fileprivate var text: String {
        switch self {
        case .segments(let count): "\(count)"
        case .milliseconds(let time): DurationText.format(Int64(time))
        }
    }
}
