// Chooses by the buffer alone: the fuller it is, the higher the quality.

/// The rate map of BBA-0 (Huang, Johari, McKeown, Trunnell and Watson, "A Buffer-Based Approach to Rate Adaptation",
/// SIGCOMM 2014).
struct BufferRule: PlaybackRule {
    /// Up to this share of the level at which the buffer is full only the lowest quality is loaded.
    private static let reservoir = 0.4
    /// From this share on the highest is.
    private static let full = 0.95

    private let film: PlaybackFilm
    private let bufferTime: Double
    private var quality = 0

    init(_ film: PlaybackFilm, bufferTime: Double) {
        self.film = film
        self.bufferTime = bufferTime
    }

    mutating func choose(_ view: PlaybackView) -> PlaybackChoice {
        let most = bufferTime - film.durations[view.segment]
        let share = (view.level - most * Self.reservoir) / (most * (Self.full - Self.reservoir))
        let lowest = film.bitrates[0]
        let highest = film.bitrates[film.qualities - 1]
        let rate = lowest + (highest - lowest) * min(max(share, 0), 1)
        // The quality stays until the map has passed the next one.
        while quality + 1 < film.qualities, rate >= film.bitrates[quality + 1] { quality += 1 }
        while quality > 0, rate <= film.bitrates[quality - 1] { quality -= 1 }
        return PlaybackChoice(quality: quality)
    }
}
