// What a network delivers over time: a recorded one, or one that was made up. At its end a trace begins again.

/// The bandwidth and latency of a network over time.
package struct BandwidthTrace: Sendable {
    /// A stretch of time with one bandwidth.
    package struct Period: Hashable, Sendable {
        /// How long it lasts, in milliseconds; the only period of a trace, or its last, may last for ever.
        package let duration: Double
        /// How much arrives, in kbit/s, which is bits a millisecond.
        package let bandwidth: Double
        /// How long a request takes until its first bit arrives, in milliseconds.
        package let latency: Double

        /// A stretch of time.
        package init(duration: Double, bandwidth: Double, latency: Double) {
            (self.duration, self.bandwidth, self.latency) = (duration, bandwidth, latency)
        }
    }

    /// The stretches, at least one.
    package let periods: [Period]

    /// A trace of stretches that have been checked: positive durations, and nothing negative.
    package init(_ periods: [Period]) { self.periods = periods }

    /// The same with one latency throughout, in milliseconds.
    package func with(latency: Double) -> BandwidthTrace {
        BandwidthTrace(periods.map { Period(duration: $0.duration, bandwidth: $0.bandwidth, latency: latency) })
    }

    /// Whether it delivers enough for a film to be played within a reasonable number of periods.
    package func canDeliver(_ film: PlaybackFilm) -> Bool {
        guard let last = periods.last else { return false }
        if last.duration == .infinity { return last.bandwidth > 0 }
        let bits = periods.reduce(0) { $0 + $1.duration * $1.bandwidth }
        // What passes while the player waits for room or for the first bits counts too.
        let time = periods.reduce(0) { $0 + $1.duration }
        let waiting = film.milliseconds / time
        return (film.bits / bits + waiting) * Double(periods.count) <= PlaybackLimits.passedPeriods
    }
}
