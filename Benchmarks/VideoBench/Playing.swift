// Simulated playing: how the rules score over recorded networks as they are, and as they might have been, and how many
// sessions a second are played on one core.

import Formats
import SocialCore

/// The rules of playing.
enum Playing {
    private static let buffer = PlaybackCapacity.milliseconds(25_000)
    private static let rounds = 5

    static func run(film path: String, folder: String, seconds: Double?) throws {
        let files = FileSystem()
        let whole = try PlaybackFilm(manifest: files.contents(of: path))
        let film = seconds.flatMap { whole.lasting($0 * 1_000) } ?? whole
        let names = try files.names(in: folder).filter { $0.hasSuffix(".json") }
        let traces = try names.map { try BandwidthTrace(text: files.contents(of: "\(folder)/\($0)")) }
        for rule in PlaybackRuleName.allCases {
            let player = PlaybackSimulation(film, rule, buffer: buffer)
            for (name, trace) in zip(names, traces) {
                let outcome = player.play(over: trace)
                VideoBench.say(
                    "session",
                    [
                        ("rule", .string(rule.rawValue)), ("trace", .string(name)), ("score", .number(outcome.score)),
                        ("stall_ratio", .number(outcome.stallRatio)), ("bitrate", .number(outcome.averageBitrate)),
                    ])
            }
            for (variant, traces) in variants(traces) {
                let outcomes = traces.map { player.play(over: $0) }
                let count = Double(outcomes.count)
                VideoBench.say(
                    "mean",
                    [
                        ("rule", .string(rule.rawValue)), ("variant", .string(variant)),
                        ("score", .number(outcomes.reduce(0) { $0 + $1.score } / count)),
                        ("stall_ratio", .number(outcomes.reduce(0) { $0 + $1.stallRatio } / count)),
                        ("sessions", .integer(Int64(outcomes.count))),
                    ])
            }
            VideoBench.say(
                "speed", [("rule", .string(rule.rawValue)), ("sessions_per_second", .number(speed(player, traces)))])
        }
    }

    /// The traces as they are, each half of them, and as other networks might be.
    private static func variants(_ traces: [BandwidthTrace]) -> [(String, [BandwidthTrace])] {
        func half(_ first: Int) -> [BandwidthTrace] { stride(from: first, to: traces.count, by: 2).map { traces[$0] } }
        func scaled(_ factor: Double) -> [BandwidthTrace] {
            traces.map { trace in
                BandwidthTrace(
                    trace.periods.map {
                        BandwidthTrace.Period(
                            duration: $0.duration, bandwidth: $0.bandwidth * factor, latency: $0.latency)
                    })
            }
        }
        let shifted = traces.map { trace in
            let middle = trace.periods.count / 2
            return BandwidthTrace(Array(trace.periods[middle...] + trace.periods[..<middle]))
        }
        let shuffled = traces.map { trace in
            // Pieces of ten periods, in an order that a generator of its own decides.
            let pieces = stride(from: 0, to: trace.periods.count, by: 10).map {
                trace.periods[$0..<min($0 + 10, trace.periods.count)]
            }
            var chance = PieceOrder(state: UInt64(trace.periods.count))
            return BandwidthTrace(pieces.shuffled(using: &chance).flatMap { Array($0) })
        }
        return [
            ("as they are", traces), ("first half", half(0)), ("second half", half(1)), ("x 0.5", scaled(0.5)),
            ("x 0.75", scaled(0.75)), ("x 1.5", scaled(1.5)), ("x 2", scaled(2)), ("from the middle", shifted),
            ("in other order", shuffled),
        ]
    }

    /// Sessions a second on one core, in the fastest of some rounds; what is worked out once a film is not counted.
    private static func speed(_ player: PlaybackSimulation, _ traces: [BandwidthTrace]) -> Double {
        var least = Duration.seconds(3_600)
        for _ in 0..<rounds {
            least = min(least, ContinuousClock().measure { for trace in traces { _ = player.play(over: trace) } })
        }
        return Double(traces.count) / (Double(least.components.attoseconds) / 1e18 + Double(least.components.seconds))
    }
}

/// Xorshift, as an order of pieces needs it.
private struct PieceOrder: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
