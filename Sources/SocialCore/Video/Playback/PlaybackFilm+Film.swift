// A film that was cut, as a player sees it: its qualities with the sound that is loaded beside them.

extension PlaybackFilm {
    /// The segments of a film that was cut.
    ///
    /// Each quality is as large as its pictures and the first sound together; one that is no better than a smaller one
    /// is left out. A film that only sounds has one quality.
    package init(_ film: Film) {
        var tracks: [Film.Track] = []
        let pictures = film.videoTracks
        for track in pictures.isEmpty ? Array(film.audioTracks.prefix(1)) : pictures
        where track.bitsPerSecond > (tracks.last?.bitsPerSecond ?? 0) {
            tracks.append(track)
        }
        let sound = pictures.isEmpty ? nil : film.audioTracks.first
        var durations: [Double] = []
        var sizes: [Double] = []
        for index in tracks.first?.segments.indices ?? 0..<0 {
            let beside = sound.map { index < $0.segments.count ? $0.segments[index].part.sizeBytes : 0 } ?? 0
            for track in tracks { sizes.append(Double(8 * (track.segments[index].part.sizeBytes + beside))) }
            durations.append(Double(tracks[0].segments[index].duration) * 1_000 / Double(tracks[0].timescale))
        }
        self.init(durations: durations, bitrates: tracks.map { $0.bitsPerSecond / 1_000 }, sizes: sizes)
    }
}

extension Film.Track {
    /// How many bits a second it has, without its header.
    fileprivate var bitsPerSecond: Double {
        let bytes = segments.reduce(0) { $0 + $1.part.sizeBytes }
        return Double(8 * bytes) * Double(timescale) / Double(max(1, duration))
    }
}
