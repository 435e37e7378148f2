// How a playing of a film went, in the terms in which players are compared.

/// What one playing of a film came to.
package struct PlaybackOutcome: Sendable {
    /// What a second without picture costs, in seconds of utility.
    private static let stallCost = 5.0

    /// The time until the first picture, in milliseconds.
    package var startup = 0.0
    /// The time from the request of the first segment to the end, in milliseconds.
    package var time = 0.0
    /// How long the film is, in milliseconds.
    package var filmTime = 0.0
    /// The utility of what was played, times milliseconds.
    package var utility = 0.0
    /// The bit rate of what was played, in kbit/s times milliseconds.
    package var bitrate = 0.0
    /// How long the player stood still after the first picture, in milliseconds.
    package var stalled = 0.0
    /// How often it did.
    package var stalls = 0
    /// How often the quality changed.
    package var switches = 0
    /// By how much it changed altogether, in kbit/s.
    package var change = 0.0
    /// What was loaded, in bits.
    package var bits = 0.0
    /// How many downloads were given up.
    package var abandoned = 0

    /// What became of each segment, where that was asked for.
    package var segments: [Segment] = []

    /// What became of one segment; times are milliseconds since the request of the first one.
    package struct Segment: Sendable {
        /// The quality, from 0.
        package let quality: Int
        /// The size in bits.
        package let bits: Double
        /// When it was asked for, with success.
        package let requested: Double
        /// When all of it was there.
        package let arrived: Double
        /// When it began to be shown.
        package let shown: Double
        /// How fast it came after its first bit, in kbit/s.
        package let throughput: Double
        /// The level of the buffer at the request, in milliseconds.
        package let levelBefore: Double
        /// The level when it had arrived, with it.
        package let levelAfter: Double
        /// How long the player stood still since the segment before had arrived.
        package let stalled: Double
        /// How many downloads of it were given up.
        package let abandoned: Int
    }

    /// The time-average score: utility per second, less 5 for each second of stalling.
    package var score: Double { (utility - Self.stallCost * stalled) / time }
    /// The share of the time in which the player stood still.
    package var stallRatio: Double { stalled / time }
    /// The bit rate over all the time, in kbit/s.
    package var averageBitrate: Double { bitrate / time }
    /// The utility over all the time.
    package var averageUtility: Double { utility / time }
}
