// The sound of a film, which is cut at the times at which the pictures are.

internal import Formats

extension FilmCutter {

    func addSound(
        _ audios: [MovieTrack], to prepared: inout Prepared, _ source: Quality, _ times: [Int64]
    ) throws {
        let times = times.dropFirst().map { MovieTime($0, source.video.timescale) }
        try addSound(audios, of: source.file, source.movie, to: &prepared, times, source.origin)
    }

    private func addSound(
        _ audios: [MovieTrack], of file: FilmFile, _ movie: Movie, to prepared: inout Prepared, _ times: [MovieTime],
        _ origin: MovieTime? = nil
    ) throws {
        for (number, audio) in audios.enumerated() {
            var (track, movie, file) = (audio, movie, file)
            if let refusal = audio.refusal {
                guard let encoder = FilmEncoder(context: context) else { throw FilmError(refusal, in: file.label) }
                let path = "\(workFolder)/sound-\(number).mp4"
                try encoder.encodeSound(
                    file.path, number: number, channels: audio.entry.channels, to: path,
                    milliseconds: Int64(MovieTime(audio.presentedDuration, audio.timescale).seconds * 1_000))
                let encoded = try FilmFile(path, label: file.label)
                do { movie = try Movie(reading: encoded) } catch { throw FilmError(error, in: file.label) }
                guard let first = movie.tracks.first else { throw FilmError(refusal, in: file.label) }
                (track, file) = (first, encoded)
            }
            do {
                let packager = try MoviePackager(
                    movie, from: file, tracks: [track], cuts: [], times: times, origin: origin)
                prepared.parts.append(
                    Part(
                        name: number == 0 ? "audio" : "audio-\(number + 1)", kind: track.filmKind, track: track,
                        label: file.label, packager: packager))
            } catch { throw FilmError(error, in: file.label) }
        }
    }

    /// A film that only sounds is cut evenly.
    func prepareSound(_ file: FilmFile, _ movie: Movie, _ audios: [MovieTrack]) throws -> Prepared {
        guard let first = audios.first else {
            throw FilmError(.badFilm, "\"\(file.label)\" has neither pictures nor sound")
        }
        var prepared = Prepared()
        let length = Int64(MovieTime(first.presentedDuration, first.timescale).seconds * 1_000)
        let target = max(1, request.plan.targetMilliseconds)
        var times = Array(stride(from: target, to: max(target, length), by: Int(target)))
        // What is left over is not cut off when it is shorter than a segment may be.
        if let last = times.last, length - last < request.plan.leastMilliseconds { times.removeLast() }
        prepared.cuts =
            [Film.Cut(milliseconds: 0, reason: .start)]
            + times.map { Film.Cut(milliseconds: $0, reason: .target) }
        try addSound(audios, of: file, movie, to: &prepared, times.map { MovieTime($0, 1_000) })
        return prepared
    }
}
