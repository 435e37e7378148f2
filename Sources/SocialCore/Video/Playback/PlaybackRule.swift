// How a player decides. Before each segment a rule is asked for a quality, and while a segment is loading whether to go
// on with it.

/// What a rule sees when it is asked.
struct PlaybackView {
    /// The next segment to be appended.
    let segment: Int
    /// How long can be played without anything more arriving, in milliseconds.
    let level: Double
    /// What is expected of the network, in kbit/s and milliseconds.
    let throughput: Double
    let latency: Double
}

/// What a rule decides.
struct PlaybackChoice {
    /// The quality in which to load the next segment.
    let quality: Int
    /// How long to wait before, in milliseconds.
    var wait = 0.0
}

/// How far a download is.
struct PlaybackProgress {
    let segment: Int
    let quality: Int
    /// All and what has arrived, in bits.
    let size: Double
    let received: Double
    /// The time since the request, and until the first bit, in milliseconds.
    let time: Double
    let latency: Double

    var left: Double { size - received }
    /// What has arrived since the first bit, in kbit/s.
    var throughput: Double { received / (time - latency) }
}

/// A way to choose qualities.
protocol PlaybackRule {
    /// The first segment has arrived.
    mutating func began(_ progress: PlaybackProgress)

    /// What to load next.
    mutating func choose(_ view: PlaybackView) -> PlaybackChoice

    /// The quality to go to instead, if a download is to be given up.
    mutating func abandon(_ progress: PlaybackProgress, _ view: PlaybackView) -> Int?

    /// The player waited, for the buffer was full.
    mutating func waited(_ milliseconds: Double)

    /// A download has ended, or was given up for another quality.
    mutating func ended(_ progress: PlaybackProgress, abandonedTo: Int?, level: Double)
}

extension PlaybackRule {
    mutating func began(_ progress: PlaybackProgress) {}
    mutating func abandon(_ progress: PlaybackProgress, _ view: PlaybackView) -> Int? { nil }
    mutating func waited(_ milliseconds: Double) {}
    mutating func ended(_ progress: PlaybackProgress, abandonedTo: Int?, level: Double) {}
}

extension PlaybackFilm {
    /// What a segment of which some has arrived may be in another quality, in bits: in proportion to the bit rates.
    func sizeGuess(_ progress: PlaybackProgress, _ quality: Int) -> Double {
        progress.size * bitrates[quality] / bitrates[progress.quality]
    }

    /// The highest quality of which a segment would arrive within the time that it plays.
    func quality(_ segment: Int, within throughput: Double, latency: Double) -> Int {
        let time = durations[segment]
        var quality = 0
        while quality + 1 < qualities, latency + time * bitrates[quality + 1] / throughput <= time { quality += 1 }
        return quality
    }
}
