// From a film that is ready to be packaged to one whose bytes are written: as objects, or as the files of a folder.

internal import Formats

extension FilmCutter.Part {
    /// The bytes of the track, as one object.
    ///
    /// - Parameter taken: gets what became of it, behind the last byte.
    func stream(taken: @escaping (TrackLayout) -> Void) -> ObjectSource {
        .stream { hand in
            // The sink is gone when this returns.
            try withoutActuallyEscaping(hand) { hand in
                var sink = TrackSink(track, isHashed: true) { bytes in try hand(Array(bytes)[...]) }
                try write(to: &sink)
                taken(sink.layout)
            }
        }
    }

    /// Writes the track's files into its folder; without one, nothing is written.
    func write(into folder: String?, isSingleFile: Bool) throws -> Film.Track {
        let output = folder.map { TrackFiles($0, isSingleFile: isSingleFile) }
        var sink = TrackSink(track, isHashed: false) {
            try output?.begin($0)
        } hand: {
            try output?.write($0)
        }
        try write(to: &sink)
        try output?.finish()
        return filmTrack(sink.layout, object: nil)
    }

    /// Writes header, index and segments.
    func write(to sink: inout TrackSink) throws {
        do {
            try sink.header(track: track.number, bytes: packager.header(of: track.number))
            try sink.index(packager.index(of: track.number))
            try packager.write(segmentsOf: track.number, to: &sink)
        } catch let error as MovieError { throw FilmError(error, in: label) }
    }

    /// The track of a film.
    func filmTrack(_ layout: TrackLayout, object: Film.StoredTrack?) -> Film.Track {
        Film.Track(
            name: name, kind: kind, codec: track.entry.codec, language: track.language, timescale: track.timescale,
            object: object, header: layout.header, index: layout.index, segments: layout.segments)
    }
}
