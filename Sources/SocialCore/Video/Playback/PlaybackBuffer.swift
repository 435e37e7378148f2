// What a player has and has not yet shown. Time passes here: segments are played out, and when there is nothing left
// the player stalls.

/// The buffer of a player, with what it has played so far.
struct PlaybackBuffer {
    /// Where playing and loading stand.
    private(set) var head = 0
    private(set) var end = 0
    /// How much of the segment at `head` has been played, in milliseconds.
    private(set) var played = 0.0
    private let film: PlaybackFilm
    /// The quality of each segment that has arrived.
    private(set) var qualities: [Int]

    /// The time since the beginning, in milliseconds.
    private(set) var now = 0.0
    /// What was played, each segment by its utility and its duration in milliseconds.
    private(set) var utility = 0.0
    /// Likewise by its bit rate.
    private(set) var bitrate = 0.0
    /// How long the player stood still since it began to play, in milliseconds, and how often.
    private(set) var stalled = 0.0
    private(set) var stalls = 0
    /// How often the quality changed, and by how much in kbit/s.
    private(set) var switches = 0
    private(set) var change = 0.0

    init(_ film: PlaybackFilm) {
        self.film = film
        qualities = [Int](repeating: 0, count: film.count)
    }

    /// How long can be played without anything more arriving, in milliseconds.
    var level: Double { film.starts[end] - film.starts[head] - played }

    /// How long there is no room for the next segment, in milliseconds; not positive if there is.
    func waitForRoom(_ capacity: PlaybackCapacity) -> Double {
        switch capacity {
        case .milliseconds(let most): return level + film.durations[end] - most
        case .segments(let count): return end - head > count ? film.starts[end - count] - film.starts[head] - played : 0
        }
    }

    /// The next segment has arrived.
    mutating func append(_ quality: Int) {
        qualities[end] = quality
        end += 1
    }

    /// Time passes before there is anything to play.
    mutating func start(_ milliseconds: Double) { now += milliseconds }

    /// Plays for so long, or stalls.
    mutating func play(_ milliseconds: Double) {
        var time = milliseconds
        if head == end {
            stalled += time
            now += time
            return
        }
        if played > 0 {
            let duration = film.durations[head]
            if time + played < duration {
                played += time
                now += time
                return
            }
            time -= duration - played
            now += duration - played
            head += 1
            played = 0
        }
        while time > 0, head < end {
            begin()
            let duration = film.durations[head]
            if time >= duration {
                head += 1
                now += duration
                time -= duration
            } else {
                played = time
                now += time
                time = 0
            }
        }
        if time > 0 {
            stalled += time
            now += time
            stalls += 1
        }
    }

    /// Plays all that is there.
    mutating func playOut() {
        play(level)
        head = end
        played = 0
    }

    /// A segment begins to be shown.
    private mutating func begin() {
        let quality = qualities[head]
        utility += film.utilities[quality] * film.durations[head]
        bitrate += film.bitrates[quality] * film.durations[head]
        guard head > 0, quality != qualities[head - 1] else { return }
        switches += 1
        change += abs(film.bitrates[quality] - film.bitrates[qualities[head - 1]])
    }
}
