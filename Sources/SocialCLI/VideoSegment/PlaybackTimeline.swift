// A playing over time, as pictures need it: which quality was shown when, how full the buffer was, what the network
// delivered.

internal import SocialCore

/// What happened at each moment of a playing.
struct PlaybackTimeline {
    /// A stretch of time, in milliseconds.
    typealias Stretch = Range<Double>

    let film: PlaybackFilm
    let trace: BandwidthTrace
    let outcome: PlaybackOutcome

    /// All the time, in milliseconds; never nothing.
    var end: Double { max(outcome.time, 1) }

    /// When each segment was shown, in their order.
    var shown: [Stretch] {
        outcome.segments.enumerated().map { index, segment in
            segment.shown..<segment.shown + film.durations[index]
        }
    }

    /// When nothing was shown, the start first.
    var gaps: [Stretch] {
        var time = 0.0
        var gaps: [Stretch] = []
        for stretch in shown {
            // Less than a millisecond is rounding.
            if stretch.lowerBound > time + 1 { gaps.append(time..<stretch.lowerBound) }
            time = stretch.upperBound
        }
        return gaps
    }

    /// The level of the buffer wherever it changes its course, in milliseconds.
    var levels: [(time: Double, level: Double)] {
        var points: [(time: Double, level: Double)] = [(0, 0)]
        var (time, level) = (0.0, 0.0)
        func pass(to next: Double) {
            if level > 0, level < next - time { points.append((time + level, 0)) }
            level = max(0, level - (next - time))
            time = next
            points.append((time, level))
        }
        for (index, segment) in outcome.segments.enumerated() {
            pass(to: segment.arrived)
            level += film.durations[index]
            points.append((time, level))
        }
        pass(to: end)
        return points
    }

    /// The mean bandwidth of so many equal parts of the time, in kbit/s.
    func bandwidths(_ count: Int) -> [Double] {
        let step = end / Double(count)
        var means: [Double] = []
        var (bits, filled) = (0.0, 0.0)
        var index = 0
        var left = trace.periods[0].duration
        while means.count < count {
            let period = trace.periods[index]
            let time = min(left, step - filled)
            bits += time * period.bandwidth
            filled += time
            left -= time
            if filled >= step {
                means.append(bits / step)
                (bits, filled) = (0, 0)
            }
            if left <= 0 {
                index = index + 1 == trace.periods.count ? 0 : index + 1
                left = trace.periods[index].duration
            }
        }
        return means
    }
}
