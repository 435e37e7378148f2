// The simulator against Sabre, against a plain one, against hand counts, and against what must always hold.

import TestKit
import Testing

@testable import SocialCore

@Suite("Simulated playing")
struct PlaybackSessionTests {
    @Test(
        "results are Sabre's, to the rounding of the last digits",
        arguments: [
            // What src/sabre.py at 09b03bb says of this film and trace: score, rebuffering in seconds, events,
            // play time in seconds, bit rate.
            (PlaybackRuleName.bola, 1.3891274469101738, 1.9935597852599112, 1, 182.40022645192656, 1333.8799229184303),
            (.bolaE, 1.4938303368634729, 0.32482711663706504, 1, 180.7314937833037, 1281.0772220894976),
            (.throughput, 1.3128838567957783, 2.737558238720811, 1, 183.14422490538746, 998.5572850821588),
            (.dynamic, 1.3365199085598962, 2.737558238720811, 1, 183.1442249053874, 1204.3786808672203),
            (.dynamicDash, 1.3963492888661886, 2.737558238720811, 1, 183.14422490538746, 1237.729445834859),
        ])
    func sabre(
        rule: PlaybackRuleName, score: Double, stalled: Double, stalls: Int, time: Double, bitrate: Double
    ) {
        let player = PlaybackSimulation(PlaybackWorld.film, rule, buffer: .milliseconds(25_000))
        let outcome = player.play(over: PlaybackWorld.trace)
        #expect(abs(outcome.score - score) < 1e-9)
        #expect(abs(outcome.stalled / 1_000 - stalled) < 1e-9)
        #expect(outcome.stalls == stalls)
        #expect(abs(outcome.time / 1_000 - time) < 1e-9)
        #expect(abs(outcome.averageBitrate - bitrate) < 1e-6)
    }

    @Test("a plain player comes to the same")
    func naive() {
        var abandoned = 0
        for number in 0..<TestRun.times(120) {
            let chance = Chance(case: number)
            let film = PlaybackWorld.film(chance)
            let trace = PlaybackWorld.trace(chance)
            let capacity = PlaybackWorld.capacity(chance, film)
            let rule = ScriptedRule(qualities: film.qualities, salt: chance.below(1_000))
            let expected = NaivePlayer(film: film, trace: trace, capacity: capacity).play(rule)
            var session = PlaybackSession(film, trace, capacity, rule, logs: true)
            let outcome = session.play()
            abandoned += outcome.abandoned
            func isNear(_ one: Double, _ other: Double) -> Bool { abs(one - other) <= 1e-6 * max(1, abs(other)) }
            #expect(outcome.segments.map(\.quality) == expected.qualities, "case \(number)")
            #expect(isNear(outcome.time, expected.time), "case \(number)")
            #expect(abs(outcome.stalled - expected.stalled) < 1e-3, "case \(number)")
            #expect(isNear(outcome.utility, expected.utility), "case \(number)")
            #expect(isNear(outcome.bits, expected.bits), "case \(number)")
        }
        #expect(abandoned > 0)
        TestRun.report("\(abandoned) downloads were given up")
    }

    @Test("two segments of a second over a network that needs a second and a tenth for each")
    func byHand() {
        let film = PlaybackWorld.plainFilm(segments: 2, milliseconds: 1_000, bitrate: 1_000)
        let player = PlaybackSimulation(film, .throughput, buffer: .milliseconds(5_000))
        let outcome = player.play(over: PlaybackWorld.steady(1_000, latency: 100), logs: true)
        #expect(outcome.startup == 1_100)
        #expect(outcome.segments.map(\.requested) == [0, 1_100])
        #expect(outcome.segments.map(\.arrived) == [1_100, 2_200])
        #expect(outcome.segments.map(\.shown) == [1_100, 2_200])
        #expect(outcome.segments.map(\.levelBefore) == [0, 1_000])
        #expect(outcome.segments.map(\.levelAfter) == [1_000, 1_000])
        #expect(outcome.segments.map(\.stalled) == [0, 100])
        #expect((outcome.stalls, outcome.stalled, outcome.time) == (1, 100, 3_200))
        #expect(abs(outcome.score - -5 * 100 / 3_200) < 1e-12)
        #expect(outcome.bits == 2_000_000)
    }

    @Test("with room for so many segments no more than those lie behind the one that plays")
    func fewSegments() {
        let film = PlaybackWorld.plainFilm(segments: 8, milliseconds: 1_000, bitrate: 100)
        let player = PlaybackSimulation(film, .buffer, buffer: .segments(3))
        // A segment takes 10 ms: at once the first three are there with one that plays, then one comes each second.
        let outcome = player.play(over: PlaybackWorld.steady(10_000), logs: true)
        #expect(outcome.segments.map(\.requested) == [0, 10, 20, 30, 1_010, 2_010, 3_010, 4_010])
        #expect(outcome.stalls == 0)
    }

    @Test("what must hold holds for every rule, and every playing ends", arguments: PlaybackRuleName.allCases)
    func invariants(rule: PlaybackRuleName) {
        for number in 0..<TestRun.times(75, usually: 25) {
            let chance = Chance(case: number)
            let film = PlaybackWorld.film(chance)
            let trace = PlaybackWorld.trace(chance)
            let capacity = PlaybackWorld.capacity(chance, film)
            let outcome = PlaybackSimulation(film, rule, buffer: capacity).play(over: trace, logs: true)
            #expect(outcome.segments.count == film.count)
            // All time is the start, the film or a stall.
            #expect(abs(outcome.time - (outcome.startup + film.milliseconds + outcome.stalled)) < 1e-3)
            let stalled = outcome.segments.reduce(0) { $0 + $1.stalled }
            #expect(abs(stalled - outcome.stalled) < 1e-3)
            // No more arrives than the network delivers.
            var delivered = 0.0
            var rest = outcome.time
            var index = 0
            while rest > 0 {
                let period = trace.periods[index % trace.periods.count]
                delivered += min(rest, period.duration) * period.bandwidth
                rest -= period.duration
                index += 1
            }
            #expect(outcome.bits <= delivered + 1e-3)
            #expect(outcome.bits >= outcome.segments.reduce(0) { $0 + $1.bits } - 1e-3)
            var last = 0.0
            for (index, segment) in outcome.segments.enumerated() {
                #expect(segment.bits == film.size(index, segment.quality))
                #expect(segment.requested >= last && segment.arrived > segment.requested)
                #expect(segment.shown >= segment.arrived - 1e-6)
                last = segment.arrived
                let started = outcome.segments.filter { $0.shown <= segment.arrived + 1e-6 }.count
                switch capacity {
                case .milliseconds(let most): #expect(segment.levelAfter <= most + 1e-6)
                case .segments(let count): #expect(index + 1 - started <= count)
                }
            }
            #expect(outcome.abandoned == outcome.segments.reduce(0) { $0 + $1.abandoned })
        }
    }

    @Test("the same input gives the same, with or without a log", arguments: PlaybackRuleName.allCases)
    func determinism(rule: PlaybackRuleName) {
        let player = PlaybackSimulation(PlaybackWorld.film, rule, buffer: .segments(6))
        let first = player.play(over: PlaybackWorld.trace)
        _ = player.play(over: PlaybackWorld.steady(500))
        let again = player.play(over: PlaybackWorld.trace, logs: true)
        #expect(first.score == again.score && first.bits == again.bits && first.switches == again.switches)
        #expect(first.segments.isEmpty && again.segments.count == PlaybackWorld.film.count)
    }

    @Test("the score of segments of equal length is Sabre's average over segments")
    func score() {
        let film = PlaybackWorld.film
        let outcome = PlaybackSimulation(film, .bola, buffer: .milliseconds(25_000)).play(
            over: PlaybackWorld.trace, logs: true)
        let utilities = outcome.segments.reduce(0) { $0 + film.utilities[$1.quality] }
        let average = (utilities - 5 * outcome.stalled / 3_000) / (outcome.time / 3_000)
        #expect(abs(outcome.score - average) < 1e-12)
    }
}
