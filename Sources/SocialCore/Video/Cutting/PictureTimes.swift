// What is known of the pictures of a film without decoding one: how large each is, and at which a decoder can begin.

internal import Formats

/// The pictures of a film, in the order in which they are decoded.
package struct PictureTimes: Equatable, Sendable {
    /// A picture at which a decoder can begin.
    package struct Entrance: Equatable, Sendable {
        /// Its number among the pictures.
        package var picture: Int
        /// When it is shown, in units of time from the beginning of the film.
        package var time: Int64
    }

    /// How many units of time are a second.
    package var timescale: Int
    /// The bytes of each picture.
    package var sizes: [UInt32]
    /// When each picture is shown, in units of time from the beginning of the film.
    package var times: [Int64]
    /// Where decoders can begin, in order; the first is where the film begins.
    package var entrances: [Entrance]
    /// When the last picture ends.
    package var end: Int64

    /// The pictures of a film.
    ///
    /// - Parameter entrances: the numbers of the pictures at which decoders can begin, in order, none of them beyond
    ///   the last picture.
    package init(timescale: Int, sizes: [UInt32], times: [Int64], entrances: [Int], end: Int64) {
        self.timescale = timescale
        self.sizes = sizes
        self.times = times
        self.entrances = entrances.map { Entrance(picture: $0, time: times[$0]) }
        self.end = end
    }

    /// A time in milliseconds, rounded.
    package func milliseconds(_ time: Int64) -> Int64 {
        let (seconds, rest) = time.quotientAndRemainder(dividingBy: Int64(timescale))
        return seconds * 1_000 + (rest * 1_000 + Int64(timescale) / 2) / Int64(timescale)
    }

    /// Milliseconds in units of time, rounded.
    package func units(_ milliseconds: Int64) -> Int64 {
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        return seconds * Int64(timescale) + (rest * Int64(timescale) + 500) / 1_000
    }
}

extension PictureTimes {
    /// The pictures of a track.
    ///
    /// Pictures that are shown before the film begins count as shown when it begins.
    /// - Parameter origin: when the film begins, on the track's line of time.
    init(_ track: MovieTrack, origin: MovieTime) {
        let samples = track.samples
        var sizes: [UInt32] = []
        var times: [Int64] = []
        sizes.reserveCapacity(samples.count)
        times.reserveCapacity(samples.count)
        let start = origin.ticks(track.timescale)
        for sample in samples {
            sizes.append(UInt32(clamping: sample.sizeBytes))
            times.append(track.presentationTime(of: sample) - start)
        }
        var entrances = samples.isAllSync ? Array(0..<samples.count) : samples.syncSamples
        let first = track.delay.ticks(track.timescale) - start
        let end = first + track.presentedDuration
        // What is cut away by an edit list has no part in it, but for the pictures that others need.
        let before = entrances.lastIndex { times[$0] <= first } ?? 0
        entrances = entrances.dropFirst(before).filter { times[$0] < end }
        for picture in times.indices { times[picture] = max(0, times[picture]) }
        self.init(timescale: track.timescale, sizes: sizes, times: times, entrances: entrances, end: end)
    }
}

/// A place at which another scene seems to begin.
package struct SceneChange: Equatable, Sendable {
    /// The number of the first picture of the scene.
    package var picture: Int
    /// When it is shown, in milliseconds from the beginning of the film, rounded.
    package var milliseconds: Int64
    /// How much speaks for it, from 0 to 1.
    package var score: Double
    /// Whether a decoder can begin there.
    package var isEntrance: Bool

    /// A place at which another scene seems to begin.
    package init(picture: Int, milliseconds: Int64, score: Double, isEntrance: Bool) {
        self.picture = picture
        self.milliseconds = milliseconds
        self.score = score
        self.isEntrance = isEntrance
    }

    /// From which score on a place counts as a change of scene.
    package static let threshold = 0.5
}
