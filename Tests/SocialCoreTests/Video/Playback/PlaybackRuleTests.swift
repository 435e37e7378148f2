// What each rule is known for.

import TestKit
import Testing

@testable import SocialCore

@Suite("Rules of playing")
struct PlaybackRuleTests {
    private func play(
        _ rule: PlaybackRuleName, _ trace: BandwidthTrace, film: PlaybackFilm = PlaybackWorld.film
    ) -> PlaybackOutcome {
        PlaybackSimulation(film, rule, buffer: .milliseconds(25_000)).play(over: trace, logs: true)
    }

    @Test("where the network delivers far more than is needed, the highest quality comes soon and nothing stalls")
    func plenty() {
        for rule in PlaybackRuleName.allCases {
            let outcome = play(rule, PlaybackWorld.steady(60_000, latency: 20))
            #expect(outcome.stalls == 0, "\(rule)")
            let highest = outcome.segments.filter { $0.quality == 4 }.count
            #expect(highest > (rule == .throughput || rule == .hybrid ? 57 : 30), "\(rule): \(highest)")
        }
    }

    @Test("where the network hardly delivers the lowest quality, that is what comes")
    func scarcity() {
        for rule in PlaybackRuleName.allCases {
            let outcome = play(rule, PlaybackWorld.steady(235, latency: 20))
            let lowest = outcome.segments.filter { $0.quality == 0 }.count
            #expect(lowest > 50, "\(rule): \(lowest)")
        }
    }

    @Test("a download that would not end for long is given up for a smaller one")
    func abandoning() {
        // At first there is plenty, then hardly anything.
        let trace = BandwidthTrace([
            BandwidthTrace.Period(duration: 6_000, bandwidth: 8_000, latency: 50),
            BandwidthTrace.Period(duration: .infinity, bandwidth: 400, latency: 50),
        ])
        for rule in [PlaybackRuleName.throughput, .bola, .bolaE, .hybrid] {
            #expect(play(rule, trace).abandoned > 0, "\(rule)")
        }
        #expect(play(.buffer, trace).abandoned == 0)
    }

    @Test("over networks that come and go as mobile ones do, hybrid scores best, and does not stall longer")
    func best() {
        let traces = (0..<30).map { PlaybackWorld.mobileTrace(Chance(seed: $0)) }
        func mean(_ rule: PlaybackRuleName) -> (score: Double, stalled: Double) {
            let outcomes = traces.map { play(rule, $0) }
            let sums = outcomes.reduce((0.0, 0.0)) { ($0.0 + $1.score, $0.1 + $1.stalled) }
            return (sums.0 / Double(traces.count), sums.1 / Double(traces.count))
        }
        let ours = mean(.hybrid)
        for rule in PlaybackRuleName.allCases where rule != .hybrid {
            let other = mean(rule)
            #expect(ours.score > other.score, "\(rule)")
            // Who hardly dares anything stalls still less.
            #expect(ours.stalled <= other.stalled || rule == .throughput, "\(rule)")
        }
    }

    @Test("hybrid looks at the sizes of segments, not at their nominal bit rates")
    func sizes() {
        // The highest quality is named 4 Mbit/s, and its segments are small: each second one comes in it.
        let small = PlaybackFilm(
            durations: [Double](repeating: 2_000, count: 40), bitrates: [300, 4_000],
            sizes: (0..<40).flatMap { [600_000, $0 % 2 == 0 ? 700_000 : 30_000_000] })
        let outcome = play(.hybrid, PlaybackWorld.steady(1_000), film: small)
        for (index, segment) in outcome.segments.enumerated().dropFirst(2) {
            #expect(segment.quality == (index % 2 == 0 ? 1 : 0), "segment \(index)")
        }
        #expect(outcome.stalls == 0)
    }

    @Test("the value of a buffer grows with its level and with the throughput")
    func values() {
        let value = BufferValue(PlaybackWorld.film, bufferTime: 25_000)
        let still = [ThroughputForecast.Case(change: 0, probability: 1)]
        func worth(_ level: Double, _ rate: Double, _ left: Int) -> Double {
            value.expected(
                still, time: 0, latency: 0, level: level, duration: 0, logarithm: value.lowest + rate,
                home: 1, segmentsLeft: left)
        }
        for left in [1, 5, 20, 1_000] {
            for step in 1..<20 {
                let (level, rate) = (Double(step) * 1_000, Double(step) / 4)
                #expect(worth(level, 3, left) >= worth(level - 1_000, 3, left))
                #expect(worth(9_000, rate, left) >= worth(9_000, rate - 0.25, left))
            }
        }
        #expect(worth(10_000, 3, 0) == 0)
    }

    @Test("a forecast follows the last second, and learns how wrong it is")
    func forecast() {
        var forecast = ThroughputForecast()
        func load(_ rate: Double) {
            let progress = PlaybackProgress(
                segment: 0, quality: 0, size: rate * 2_000, received: rate * 2_000, time: 2_050, latency: 50)
            forecast.add(progress)
        }
        load(1_000)
        #expect(abs(forecast.throughput - 1_000) < 1e-9)
        forecast.begin(0)
        load(4_000)
        // Two seconds count two thirds.
        #expect(forecast.throughput > 3_000 && forecast.throughput < 4_000)
        let before = forecast.cases[0].change
        for _ in 0..<100 {
            forecast.begin(4)
            forecast.end(
                PlaybackProgress(segment: 0, quality: 0, size: 1, received: 54.6, time: 1, latency: 0))
        }
        forecast.begin(4)
        #expect(forecast.cases[0].change > before / 2)
    }
}
