// What a track of a film is, for those who play it.

internal import Formats

extension MovieTrack {
    /// The pixels of the pictures as they are shown.
    var shownSize: (width: Int, height: Int) {
        let isTurned = matrix.count == 9 && matrix[0] == 0 && matrix[4] == 0
        let size = (width: entry.displayWidth, height: entry.height)
        return isTurned ? (size.height, size.width) : size
    }

    /// What it is, for those who play it.
    var filmKind: Film.Track.Kind {
        if kind == .audio { return .audio(channels: entry.channels, sampleRate: entry.sampleRate) }
        let size = shownSize
        let (frames, per) = frameRate
        return .video(width: size.width, height: size.height, frames: frames, perSeconds: per)
    }

    /// Pictures a second, as a fraction: exact where all last equally long.
    private var frameRate: (Int, Int) {
        let (count, duration) = (Int64(samples.count), samples.duration)
        guard count > 0, duration > 0 else { return (0, 1) }
        let length = duration / count
        let isEven = length > 0 && abs(duration - length * count) <= length
        // Otherwise rounded to a thousandth of a picture.
        let value = isEven ? Int64(timescale) : Int64(MovieTime(count * 1_000, 1).value * Int64(timescale) / duration)
        let per = isEven ? length : 1_000
        let divisor = Self.commonDivisor(value, per)
        return (Int(value / divisor), Int(per / divisor))
    }

    private static func commonDivisor(_ one: Int64, _ other: Int64) -> Int64 {
        other == 0 ? max(1, one) : commonDivisor(other, one % other)
    }
}
