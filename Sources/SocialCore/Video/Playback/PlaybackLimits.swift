// What a simulation accepts: enough for any film and trace, and little enough that none takes for ever.

/// The limits of simulated playing.
package enum PlaybackLimits {
    /// Segments of a film, repeated or not.
    package static let segments = 100_000
    /// Qualities of a film.
    package static let qualities = 64
    /// How long a segment plays, in milliseconds: up to an hour.
    package static let segmentMilliseconds = 1.0...3_600_000.0
    /// Bits of a segment in one quality.
    package static let segmentBits = 1.0...1e11
    /// Bits of all segments in the highest quality.
    package static let filmBits = 1e12
    /// Bit rates, in kbit/s.
    package static let bitrate = 0.001...1e9
    /// Stretches of a trace.
    package static let periods = 1_000_000
    /// How long a stretch lasts, in milliseconds.
    package static let periodMilliseconds = 0.001...1e9
    /// Bandwidths, in kbit/s.
    package static let bandwidth = 0...1e9
    /// Latencies, in milliseconds.
    package static let latencyMilliseconds = 0.0...60_000.0
    /// Packets that a trace can deliver in one millisecond.
    package static let packets = 100_000
    /// Stretches that go by while a film is loaded once in its highest quality.
    package static let passedPeriods = 1e8
    /// How much a buffer holds, in milliseconds: up to a day.
    package static let bufferMilliseconds: ClosedRange<Int64> = 1...86_400_000
    /// Segments that a buffer holds behind the one that plays.
    package static let bufferSegments = 1...10_000
}
