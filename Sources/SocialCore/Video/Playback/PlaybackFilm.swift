// What a player knows of a film before it asks for a byte of it: how long each segment plays, and how large it is in
// each quality. Segments may differ in length, for boundaries by content do.

internal import Glibc

/// The segments of a film in several qualities.
package struct PlaybackFilm: Sendable {
    /// How long each segment plays, in milliseconds.
    package let durations: [Double]
    /// The nominal bit rates of the qualities, rising, in kbit/s.
    package let bitrates: [Double]
    /// The sizes in bits: those of the first segment in all qualities, those of the second, and so on.
    package let sizes: [Double]
    /// How much better than the lowest quality each one is: the logarithm of the ratio of their bit rates.
    package let utilities: [Double]
    /// When each segment begins, in milliseconds; last the end of the film.
    package let starts: [Double]

    /// Makes a film of segments that have been checked: at least one segment and one quality, positive durations and
    /// sizes, rising bit rates.
    ///
    /// A stored film enters here.
    package init(durations: [Double], bitrates: [Double], sizes: [Double]) {
        self.durations = durations
        self.bitrates = bitrates
        self.sizes = sizes
        let lowest = log(bitrates[0])
        utilities = bitrates.map { log($0) - lowest }
        var time = 0.0
        starts =
            [0]
            + durations.map {
                time += $0
                return time
            }
    }

    /// How many segments there are.
    package var count: Int { durations.count }

    /// How many qualities there are.
    package var qualities: Int { bitrates.count }

    /// How long the film plays, in milliseconds.
    package var milliseconds: Double { starts[count] }

    /// All segments in the highest quality, in bits.
    var bits: Double { (0..<count).reduce(0) { $0 + size($1, qualities - 1) } }

    /// How long a segment plays on average, in milliseconds.
    var meanDuration: Double { milliseconds / Double(count) }

    /// The size of a segment in a quality, in bits.
    func size(_ segment: Int, _ quality: Int) -> Double { sizes[segment * bitrates.count + quality] }

    /// The film, cut or repeated so that it plays for so long, up to the end of the segment that is reached.
    ///
    /// - Returns: nil if that would be no segment, or more than a film may have.
    package func lasting(_ milliseconds: Double) -> PlaybackFilm? {
        var durations: [Double] = []
        var sizes: [Double] = []
        var time = 0.0
        var segment = 0
        while time < milliseconds {
            guard durations.count < PlaybackLimits.segments else { return nil }
            durations.append(self.durations[segment])
            sizes += self.sizes[segment * qualities..<(segment + 1) * qualities]
            time += self.durations[segment]
            segment = segment + 1 == count ? 0 : segment + 1
        }
        guard !durations.isEmpty else { return nil }
        let film = PlaybackFilm(durations: durations, bitrates: bitrates, sizes: sizes)
        return film.bits <= PlaybackLimits.filmBits ? film : nil
    }
}
