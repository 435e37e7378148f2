// Films and traces from text: every format, every mistake with its place, and nothing that makes a simulation hang.

import Formats
import TestKit
import Testing

@testable import SocialCore

@Suite("Films and traces from files")
struct PlaybackReadingTests {
    private func fault(_ body: () throws(DataError) -> Void) -> String? {
        do { try body() } catch { return error.description }
        return nil
    }

    private func film(_ text: String) throws(DataError) -> PlaybackFilm { try PlaybackFilm(manifest: Array(text.utf8)) }

    private func trace(_ text: String) throws(DataError) -> BandwidthTrace {
        try BandwidthTrace(text: Array(text.utf8))
    }

    @Test("a film has one duration for all segments, or one for each")
    func films() throws {
        let uniform = try film(
            """
            {"segment_duration_ms": 2000, "bitrates_kbps": [100, 250.5], "segment_sizes_bits": [[1, 2], [3, 4.5]]}
            """)
        #expect(uniform.durations == [2_000, 2_000])
        #expect(uniform.bitrates == [100, 250.5])
        #expect(uniform.sizes == [1, 2, 3, 4.5])
        #expect(uniform.starts == [0, 2_000, 4_000])
        let uneven = try film(
            """
            {"bitrates_kbps": [7], "other": null, "segment_sizes_bits": [[1], [2]], "segment_durations_ms": [10, 20.5]}
            """)
        #expect(uneven.starts == [0, 10, 30.5])
    }

    @Test("what is wrong with a film is said with its place")
    func badFilms() {
        func fault(_ durations: String, _ rates: String, _ sizes: String) -> String? {
            self.fault { () throws(DataError) in
                _ = try film("{\n\"bitrates_kbps\": \(rates),\n\"segment_sizes_bits\": \(sizes)\(durations)}")
            }
        }
        let time = ",\n\"segment_duration_ms\": 1000"
        #expect(fault(time, "[1, 2]", "[[1, 2]]") == nil)
        #expect(fault(time, "[1, 2]", "[[1, 2],\n [1]]")?.hasPrefix("4:2: expected an array of 2 sizes") == true)
        #expect(fault(time, "[1, 2]", "[[1, 0]]")?.hasPrefix("3:24: expected sizes in bits, and 0 is none") == true)
        #expect(fault(time, "[1, 2]", "[[1, 1e300]]")?.contains("is none") == true)
        #expect(fault(time, "[1, 2]", "[[1, null]]")?.contains("null is none") == true)
        #expect(fault(time, "[2, 2]", "[[1, 2]]")?.contains("2 does not fit") == true)
        #expect(fault(time, "[]", "[[]]")?.contains("1 to 64 bit rates") == true)
        #expect(fault(time, "[-1]", "[[1]]")?.contains("-1 does not fit") == true)
        #expect(fault(time, "3", "[[1]]")?.contains("must be an array of bit rates") == true)
        #expect(fault(time, "[1]", "[]")?.contains("an array for each segment") == true)
        #expect(fault(time, "[1]", "{}")?.contains("an array for each segment") == true)
        #expect(fault("", "[1]", "[[1]]")?.contains("must be there") == true)
        #expect(fault(time + ", \"segment_durations_ms\": [1]", "[1]", "[[1]]")?.contains("must be there") == true)
        #expect(fault(", \"segment_duration_ms\": 0", "[1]", "[[1]]")?.contains("from 1 to 3600000") == true)
        #expect(fault(", \"segment_durations_ms\": [1, 2]", "[1]", "[[1]]")?.contains("with 1 numbers") == true)
        #expect(
            fault(",\n\"segment_durations_ms\": [\"1\"]", "[1]", "[[1]]")?.hasPrefix("4:26: expected milliseconds")
                == true)
        let large = "[" + [String](repeating: "[1e11]", count: 11).joined(separator: ",") + "]"
        #expect(fault(time, "[1]", large)?.contains("too large") == true)
        for text in ["", "[]", "{", "{\"bitrates_kbps\": [1]", "nonsense", "{\"a\": 1, \"a\": 2}"] {
            #expect(self.fault { () throws(DataError) in _ = try film(text) } != nil, "\(text)")
        }
    }

    @Test("a film is cut or repeated to a length, up to the end of a segment")
    func lengths() throws {
        let film = PlaybackFilm(durations: [1_000, 2_000], bitrates: [1], sizes: [10, 20])
        #expect(film.lasting(1)?.durations == [1_000])
        #expect(film.lasting(1_000)?.durations == [1_000])
        #expect(film.lasting(3_001)?.sizes == [10, 20, 10])
        #expect(film.lasting(0) == nil)
        #expect(film.lasting(1e12) == nil)
    }

    @Test("a trace is an array of periods")
    func jsonTraces() throws {
        let read = try trace("\n [{\"duration_ms\": 5, \"bandwidth_kbps\": 7.5, \"latency_ms\": 0}]\n")
        #expect(read.periods == [BandwidthTrace.Period(duration: 5, bandwidth: 7.5, latency: 0)])
        func fault(_ text: String) -> String? { self.fault { () throws(DataError) in _ = try trace(text) } }
        let good = "{\"duration_ms\": 5, \"bandwidth_kbps\": 7, \"latency_ms\": 0}"
        #expect(fault("[\(good),\n  {\"duration_ms\": 5}]") == "2:3: \"bandwidth_kbps\" must be a number in its limits")
        #expect(
            fault("[{\"duration_ms\": 0, \"bandwidth_kbps\": 7, \"latency_ms\": 0}]")?.contains("duration_ms") == true)
        #expect(
            fault("[{\"duration_ms\": 1, \"bandwidth_kbps\": -7, \"latency_ms\": 0}]")?.contains("bandwidth") == true)
        #expect(fault("[1]")?.contains("duration_ms") == true)
        #expect(fault("[\(good)")?.contains("expected `,` or `]`") == true)
        #expect(fault("[]")?.contains("never delivers") == true)
        #expect(fault("[{\"duration_ms\": 1, \"bandwidth_kbps\": 0, \"latency_ms\": 0}]")?.contains("never") == true)
        #expect(fault("")?.hasPrefix("1:1: expected a JSON array") == true)
        #expect(fault("x")?.hasPrefix("1:1: expected a JSON array") == true)
    }

    @Test("a line of mahimahi is a packet that arrives by a millisecond")
    func packets() throws {
        let read = try trace("2\n2\n3\r\n\n7\n")
        let expected: [(Double, Double)] = [(1, 0), (1, 24_000), (1, 12_000), (3, 0), (1, 12_000)]
        #expect(read.periods.map(\.duration) == expected.map(\.0))
        #expect(read.periods.map(\.bandwidth) == expected.map(\.1))
        #expect(read.periods.allSatisfy { $0.latency == 100 })
        // Packet after packet is one period.
        #expect(try trace("0\n2\n3\n").periods.map(\.duration) == [3])
        func fault(_ text: String) -> String? { self.fault { () throws(DataError) in _ = try trace(text) } }
        #expect(fault("3\n2\n") == "2:1: the milliseconds must not fall")
        for text in ["1\n-2", "1\n+2", "1\n2.5", "1\n 2", "1\n9999999999999"] {
            #expect(fault(text) == "2:1: expected a whole number of milliseconds", "\(text)")
        }
    }

    @Test("bandwidths are written one after the other")
    func schedules() throws {
        let trace = try #require(BandwidthTrace(schedule: "3M,500K@20s,1.5G@1m"))
        #expect(trace.periods.map(\.bandwidth) == [3_000, 500, 1_500_000])
        #expect(trace.periods.map(\.duration) == [20_000, 40_000, .infinity])
        #expect(BandwidthTrace(schedule: "64000")?.periods.map(\.bandwidth) == [64])
        #expect(BandwidthTrace(schedule: "0,1M@5s,0@6s,1M@7s")?.periods.count == 4)
        let wrong = [
            "", "0", "M", "1M,", "1M@1s", "1M,2M", "1M,0@5s", "1M,2M@5s,3M@5s", "1M,2M@x", "-1M", "1e3", "1T",
            "9999999G",
        ]
        for text in wrong { #expect(BandwidthTrace(schedule: text) == nil, "\(text)") }
    }

    @Test("a trace that would take for ever to deliver a film is known beforehand")
    func starving() throws {
        let film = PlaybackWorld.film
        #expect(PlaybackWorld.trace.canDeliver(film))
        #expect(PlaybackWorld.steady(1).canDeliver(film))
        let slow = BandwidthTrace([BandwidthTrace.Period(duration: 1, bandwidth: 0.0001, latency: 0)])
        #expect(!slow.canDeliver(film))
        let shortPeriods = BandwidthTrace([BandwidthTrace.Period(duration: 0.001, bandwidth: 1e9, latency: 0)])
        #expect(!shortPeriods.canDeliver(film))
    }

    @Test("damaged text is refused or read, and never traps")
    func hostile() {
        let texts = [
            "{\"segment_duration_ms\": 2000, \"bitrates_kbps\": [100, 250], \"segment_sizes_bits\": [[1, 2], [3, 4]]}",
            "[{\"duration_ms\": 5, \"bandwidth_kbps\": 7.5, \"latency_ms\": 0}]", "2\n2\n3\n7\n",
        ].map { Array($0.utf8) }
        var read = 0
        for number in 0..<TestRun.times(3_000) {
            let chance = Chance(case: number)
            var text = texts[chance.below(texts.count)]
            for _ in 0...chance.below(3) where !text.isEmpty {
                let place = chance.below(text.count)
                switch chance.below(3) {
                case 0: text.remove(at: place)
                case 1: text[place] = UInt8(chance.below(256))
                default: text.insert(text[chance.below(text.count)], at: place)
                }
            }
            if let film = try? PlaybackFilm(manifest: text) {
                read += 1
                #expect(film.count > 0 && film.sizes.count == film.count * film.qualities)
            }
            if let trace = try? BandwidthTrace(text: text) {
                read += 1
                #expect(trace.periods.contains { $0.bandwidth > 0 })
            }
        }
        #expect(read > 0)
    }
}
