// Loads what the network can deliver in time, with a margin, and less while the buffer is short.

/// The quality follows the throughput, as in dash.js (Spiteri, Sitaraman and Sparacio, "From Theory to Practice:
/// Improving Bitrate Adaptation in the DASH Reference Player", MMSys 2018).
struct ThroughputRule: PlaybackRule {
    private static let margin = 0.9
    /// A download is given up when it would take so many times as long as it plays.
    private static let patience = 1.8
    /// No download is given up before, in milliseconds.
    private static let grace = 500.0

    private let film: PlaybackFilm
    private var caution = ShortBufferCaution()

    init(_ film: PlaybackFilm, bufferTime: Double) { self.film = film }

    mutating func choose(_ view: PlaybackView) -> PlaybackChoice {
        let quality = film.quality(view.segment, within: view.throughput * Self.margin, latency: view.latency)
        return PlaybackChoice(quality: caution.limit(quality, film, view))
    }

    mutating func abandon(_ progress: PlaybackProgress, _ view: PlaybackView) -> Int? {
        guard progress.time >= Self.grace, progress.time > progress.latency else { return nil }
        let rate = progress.throughput
        let patience = Self.patience * film.durations[progress.segment]
        guard progress.time + progress.left / rate > patience else { return nil }
        let quality = film.quality(progress.segment, within: rate * Self.margin, latency: view.latency)
        guard quality < progress.quality, film.sizeGuess(progress, quality) < progress.left else { return nil }
        return quality
    }
}

/// Keeps a segment so small that it should arrive before the buffer is empty: dash.js's rule of the insufficient
/// buffer.
struct ShortBufferCaution {
    private static let factorAtStart = 0.9
    private static let factorMin = 0.5

    private var factor = factorAtStart

    /// A quality that is not higher than `quality` nor than is safe.
    mutating func limit(_ quality: Int, _ film: PlaybackFilm, _ view: PlaybackView) -> Int {
        let safeBits = factor * (view.level - view.latency) * view.throughput
        factor = max(factor * Self.factorAtStart, Self.factorMin)
        let time = film.durations[view.segment]
        var safe = 0
        while safe < quality, film.bitrates[safe + 1] * time <= safeBits { safe += 1 }
        return safe
    }
}
