// BOLA-E: BOLA that also works while the buffer is short. Where the player had to wait, or has just begun, a
// placeholder stands for buffer that could have been there (Spiteri, Sitaraman and Sparacio, MMSys 2018).

/// BOLA-E with dash.js's rule of the insufficient buffer.
struct BolaERule: PlaybackRule {
    /// The lowest level to aim at, in milliseconds, and how much each quality adds.
    private static let levelMin = 10_000.0
    private static let levelPerQuality = 2_000.0

    private let utility: BufferUtility
    private var caution = ShortBufferCaution()
    /// The buffer that could have been there, in milliseconds.
    private var placeholder = 0.0
    private var last = 0
    private var isStarting = true

    init(_ film: PlaybackFilm, bufferTime: Double) {
        let target = max(Self.levelMin + Self.levelPerQuality * Double(film.qualities), bufferTime)
        let highest = film.utilities[film.qualities - 1]
        // With one quality there is nothing to weigh.
        let base = highest > 0 ? highest / (target / Self.levelMin - 1) : 1
        // Here the lowest quality has utility 1.
        utility = BufferUtility(film: film, weight: Self.levelMin / base, base: base + 1)
    }

    mutating func choose(_ view: PlaybackView) -> PlaybackChoice {
        let film = utility.film
        let sustained = film.quality(view.segment, within: view.throughput, latency: view.latency)
        if isStarting {
            isStarting = false
            placeholder = max(0, lowestLevel(sustained) - view.level)
            return PlaybackChoice(quality: sustained)
        }
        var quality = utility.quality(at: view.level + placeholder)
        if quality > last, quality > sustained { quality = max(last, sustained) + 1 }
        var wait = max(0, view.level + placeholder - utility.highestLevel(quality))
        let taken = min(wait, placeholder)
        placeholder -= taken
        wait -= taken
        if quality == film.qualities - 1 { wait = 0 }
        let safe = caution.limit(quality, film, view)
        if safe < quality {
            wait = 0
            placeholder = min(max(0, lowestLevel(safe) - view.level), placeholder)
        }
        return PlaybackChoice(quality: safe, wait: wait)
    }

    mutating func abandon(_ progress: PlaybackProgress, _ view: PlaybackView) -> Int? {
        guard progress.received > 0 else { return nil }
        // A new request has to wait for its first bit; by then this download would be further.
        let level = max(0, view.level + placeholder - progress.latency)
        let rest = progress.left - progress.latency * progress.throughput
        return rest > 0 ? utility.quality(insteadOf: progress, rest: rest, at: level) : nil
    }

    mutating func waited(_ milliseconds: Double) { placeholder += milliseconds }

    mutating func ended(_ progress: PlaybackProgress, abandonedTo: Int?, level: Double) {
        last = progress.quality
        if let quality = abandonedTo {
            let wanted = quality > 0 ? lowestLevel(quality) : Self.levelMin
            placeholder = min(placeholder, max(0, wanted - level))
            return
        }
        let before = level + progress.time
        placeholder = min(placeholder, max(0, utility.highestLevel(progress.quality) - before))
        if level > 0 { placeholder = max(placeholder, lowestLevel(progress.quality) - before) }
    }

    /// The level from which on a quality is preferred to all lower ones, in milliseconds.
    private func lowestLevel(_ quality: Int) -> Double {
        let film = utility.film
        let rate = film.bitrates[quality]
        let value = film.utilities[quality]
        var level = 0.0
        for lower in 0..<quality {
            let other = film.bitrates[lower]
            let crossing = (rate * film.utilities[lower] - other * value) / (rate - other)
            level = max(level, utility.weight * (utility.base + crossing))
        }
        return level
    }
}
