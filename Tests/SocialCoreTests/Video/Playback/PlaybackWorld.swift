// Films and networks to play with: made up by chance, or by formulas that another program can repeat.

import TestKit

@testable import SocialCore

/// Films and traces for tests.
enum PlaybackWorld {
    /// A film by formula, of which Sabre's results are known.
    static let film: PlaybackFilm = {
        let bitrates = [230.0, 477, 991, 2_056, 5_027]
        var sizes: [Double] = []
        for segment in 0..<60 {
            for quality in bitrates.indices {
                let percent = Double(80 + (segment * 37 + quality * 11) % 45)
                sizes.append((3_000 * bitrates[quality] * percent / 100).rounded(.down))
            }
        }
        return PlaybackFilm(durations: [Double](repeating: 3_000, count: 60), bitrates: bitrates, sizes: sizes)
    }()

    /// A trace by formula.
    static let trace: BandwidthTrace = {
        let bandwidths = [1_800, 2_600, 700, 120, 0, 350, 5_200, 900, 3_100, 60, 1_500]
        let latencies = [100, 60, 180]
        var periods: [BandwidthTrace.Period] = []
        for index in 0..<40 {
            let duration = 1_000 + (index * 617) % 2_500
            let bandwidth = bandwidths[index % 11] + (index * 53) % 97 * 3
            let latency = latencies[index % 3]
            periods.append(
                BandwidthTrace.Period(
                    duration: Double(duration), bandwidth: Double(bandwidth), latency: Double(latency)))
        }
        return BandwidthTrace(periods)
    }()

    /// A film of one quality and equal segments whose size is what they play at their bit rate.
    static func plainFilm(segments: Int, milliseconds: Double, bitrate: Double) -> PlaybackFilm {
        PlaybackFilm(
            durations: [Double](repeating: milliseconds, count: segments), bitrates: [bitrate],
            sizes: [Double](repeating: milliseconds * bitrate, count: segments))
    }

    /// A network that does not change.
    static func steady(_ bandwidth: Double, latency: Double = 0) -> BandwidthTrace {
        BandwidthTrace([BandwidthTrace.Period(duration: .infinity, bandwidth: bandwidth, latency: latency)])
    }

    /// Any film: segments of equal or different lengths, also a single one, and 1 to 6 qualities.
    static func film(_ chance: Chance) -> PlaybackFilm {
        let isUniform = chance.isOne(in: 3)
        let length = Double(500 + chance.below(6_000))
        let durations = (0..<1 + chance.below(40)).map { _ in
            isUniform ? length : Double(300 + chance.below(8_000))
        }
        var bitrates = [Double(100 + chance.below(400))]
        for _ in 0..<chance.below(6) {
            bitrates.append(bitrates[bitrates.count - 1] * Double(110 + chance.below(150)) / 100)
        }
        let sizes = durations.flatMap { duration in
            bitrates.map { max(1, (duration * $0 * Double(30 + chance.below(150)) / 100).rounded()) }
        }
        return PlaybackFilm(durations: durations, bitrates: bitrates, sizes: sizes)
    }

    /// Any trace: short and long periods, outages, and latencies that come and go.
    static func trace(_ chance: Chance) -> BandwidthTrace {
        let periods = (0..<1 + chance.below(30)).map { index in
            BandwidthTrace.Period(
                duration: chance.isOne(in: 4) ? Double(1 + chance.below(40)) : Double(50 + chance.below(6_000)),
                bandwidth: index > 0 && chance.isOne(in: 4) ? 0 : Double(40 + chance.below(4_000)),
                latency: chance.isOne(in: 3) ? 0 : Double(chance.below(400)))
        }
        return BandwidthTrace(periods)
    }

    /// A network as one meets it on the way: throughput wanders, and at times there is hardly any.
    static func mobileTrace(_ chance: Chance) -> BandwidthTrace {
        var throughput = Double(400 + chance.below(2_000))
        var outage = 0
        return BandwidthTrace(
            (0..<400).map { _ in
                throughput = min(max(throughput * Double(85 + chance.below(32)) / 100, 100), 6_000)
                outage = outage > 0 ? outage - 1 : chance.isOne(in: 60) ? 3 + chance.below(15) : 0
                return BandwidthTrace.Period(
                    duration: 1_000, bandwidth: outage > 0 ? Double(chance.below(60)) : throughput, latency: 100)
            })
    }

    /// Any buffer with room for every segment.
    static func capacity(_ chance: Chance, _ film: PlaybackFilm) -> PlaybackCapacity {
        if chance.isOne(in: 2) { return .segments(1 + chance.below(5)) }
        return .milliseconds((film.durations.max() ?? 0) + Double(chance.below(30_000)))
    }
}
