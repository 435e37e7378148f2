// Weighs each quality by what may come of it: its size is known, the network's next moments are a few cases with
// probabilities, and what is left in the buffer afterwards has a value. The rule that is used unless another is named.

internal import Glibc

/// Stochastic model-predictive control: one step with real sizes, then a value function.
///
/// In the manner of Yin, Jindal, Sekar and Sinopoli, "A Control-Theoretic Approach for Dynamic Adaptive Video Streaming
/// over HTTP" (SIGCOMM 2015), with probabilities as in Yan et al., "Learning in situ" (NSDI 2020).
struct HybridRule: PlaybackRule {
    /// How often a download that may come too late is thought over, in milliseconds.
    private static let thought = 250.0

    private let film: PlaybackFilm
    private let value: BufferValue
    private var forecast = ThroughputForecast()
    private var home = 0
    private var nextThought = thought
    /// The quality for which a download was given up just now; going back from it would never end.
    private var agreed: Int?

    init(_ film: PlaybackFilm, bufferTime: Double) {
        self.film = film
        value = BufferValue(film, bufferTime: bufferTime)
    }

    mutating func began(_ progress: PlaybackProgress) { forecast.add(progress) }

    mutating func choose(_ view: PlaybackView) -> PlaybackChoice {
        let logarithm = logarithm
        forecast.begin(logarithm)
        home = value.home(bits: forecast.seen.bits, time: forecast.seen.time)
        nextThought = Self.thought
        if let agreed { return PlaybackChoice(quality: agreed) }
        let pace = exp(-logarithm)
        var best = 0
        var worth = -Double.infinity
        for quality in 0..<film.qualities {
            let other = self.worth(
                quality, of: view.segment, time: film.size(view.segment, quality) * pace, latency: view.latency,
                level: view.level, logarithm)
            if other > worth {
                (best, worth) = (quality, other)
            } else if quality > best + 1 {
                // Utility grows more slowly than size: it gets no better.
                break
            }
        }
        return PlaybackChoice(quality: best)
    }

    mutating func abandon(_ progress: PlaybackProgress, _ view: PlaybackView) -> Int? {
        guard progress.received > 0 else { return nil }
        forecast.add(progress)
        guard progress.time >= nextThought, progress.left > view.level * forecast.throughput else { return nil }
        nextThought = progress.time + Self.thought
        let logarithm = logarithm
        let pace = exp(-logarithm)
        var best: Int?
        var worth = self.worth(
            progress.quality, of: progress.segment, time: progress.left * pace, latency: 0, level: view.level,
            logarithm)
        for quality in 0..<progress.quality {
            let size = film.size(progress.segment, quality)
            guard size < progress.left else { break }
            let other = self.worth(
                quality, of: progress.segment, time: size * pace, latency: progress.latency, level: view.level,
                logarithm)
            if other > worth { (best, worth) = (quality, other) }
        }
        return best
    }

    mutating func ended(_ progress: PlaybackProgress, abandonedTo: Int?, level: Double) {
        forecast.add(progress)
        agreed = abandonedTo
        if abandonedTo == nil { forecast.end(progress) }
    }

    /// The logarithm of the throughput.
    private var logarithm: Double { max(log(forecast.throughput), value.lowest) }

    /// What a quality is worth if its download takes so long, as things are now.
    private func worth(
        _ quality: Int, of segment: Int, time: Double, latency: Double, level: Double, _ logarithm: Double
    ) -> Double {
        let duration = film.durations[segment]
        return film.utilities[quality] * duration
            + value.expected(
                forecast.cases, time: time, latency: latency, level: level, duration: duration, logarithm: logarithm,
                home: home, segmentsLeft: film.count - segment - 1)
    }
}
