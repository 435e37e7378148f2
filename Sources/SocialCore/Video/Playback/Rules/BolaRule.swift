// BOLA: the buffer weighs quality against the risk of a stall, and no forecast is needed. The throughput only keeps the
// quality from rising for a moment (Spiteri, Urgaonkar and Sitaraman, "BOLA: Near-Optimal Bitrate Adaptation for Online
// Videos", INFOCOM 2016).

/// The weighing that BOLA and BOLA-E share.
struct BufferUtility {
    let film: PlaybackFilm
    /// What a millisecond of utility is worth in milliseconds of buffer; the paper's V, times the segment's duration.
    var weight: Double
    /// What it is worth that anything is played at all; the paper's γp.
    let base: Double

    /// The level up to which a quality is worth loading, in milliseconds.
    func highestLevel(_ quality: Int) -> Double { weight * (base + film.utilities[quality]) }

    /// The quality that is worth most for its size at a level in milliseconds.
    func quality(at level: Double) -> Int {
        var best = 0
        var score = (highestLevel(0) - level) / film.bitrates[0]
        for quality in 1..<max(1, film.qualities) {
            let other = (highestLevel(quality) - level) / film.bitrates[quality]
            if other > score { (best, score) = (quality, other) }
        }
        return best
    }

    /// The lower quality that is worth more for its size than the rest of a download, of so many bits; nil if none is.
    ///
    /// None may be larger than the rest either: at a high level that would not follow by itself.
    func quality(insteadOf progress: PlaybackProgress, rest: Double, at level: Double) -> Int? {
        var best: Int?
        var score = (highestLevel(progress.quality) - level) / rest
        for quality in 0..<progress.quality {
            let size = film.sizeGuess(progress, quality)
            let other = (highestLevel(quality) - level) / size
            if size < rest, other > score { (best, score) = (quality, other) }
        }
        return best
    }
}

/// BOLA-U with the buffer that grows at the beginning and shrinks towards the end of a film.
struct BolaRule: PlaybackRule {
    private static let base = 5.0
    /// The buffer counts for no less than so many segments.
    private static let segmentsMin = 3.0

    private let bufferTime: Double
    private var utility: BufferUtility
    private var last = 0

    init(_ film: PlaybackFilm, bufferTime: Double) {
        self.bufferTime = bufferTime
        utility = BufferUtility(film: film, weight: 0, base: Self.base)
    }

    mutating func choose(_ view: PlaybackView) -> PlaybackChoice {
        let film = utility.film
        let duration = film.durations[view.segment]
        let begun = film.starts[view.segment]
        let time = max(min(begun, film.milliseconds - begun) / 2, Self.segmentsMin * duration)
        let highest = film.utilities[film.qualities - 1]
        utility.weight = (min(bufferTime, time) - duration) / (highest + utility.base)
        var quality = utility.quality(at: view.level)
        if quality > last {
            let sustained = film.quality(view.segment, within: view.throughput, latency: view.latency)
            if quality > sustained { quality = last > sustained ? last : sustained + 1 }
        }
        last = quality
        return PlaybackChoice(quality: quality)
    }

    mutating func abandon(_ progress: PlaybackProgress, _ view: PlaybackView) -> Int? {
        guard progress.received > 0, utility.highestLevel(progress.quality) >= view.level else { return nil }
        let quality = utility.quality(insteadOf: progress, rest: progress.left, at: view.level)
        if let quality { last = quality }
        return quality
    }
}
