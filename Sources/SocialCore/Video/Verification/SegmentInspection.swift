// Takes segments apart: whether what they say of themselves is what is said of them, and whether sound is cut where the
// pictures are.
//
// Source: ISO/IEC 23000-19 (CMAF), 7.3: a decoder begins with any segment, and each follows the one before.

internal import Formats

/// Looks into the segments of a film.
struct SegmentInspection {
    private let film: Film
    private let shelf: any FilmShelf

    init(_ film: Film, _ shelf: any FilmShelf) {
        self.film = film
        self.shelf = shelf
    }

    /// All problems; of each track the first.
    func run() throws -> [FilmProblem] {
        var problems: [FilmProblem] = []
        for (number, track) in film.tracks.enumerated() {
            do { try inspect(number, track) } catch let problem as Wrong {
                problems.append(
                    FilmProblem(
                        code: problem.code, place: "\(track.name)/\(FilmKey.segment(problem.index))",
                        message: problem.message))
            }
        }
        return problems
    }

    private struct Wrong: Error {
        let index: Int
        let message: String
        var code = FilmProblem.Code.segmentWrong
    }

    private func inspect(_ number: Int, _ track: Film.Track) throws {
        let header = try bytes(number, nil)
        var decodeTime: Int64?
        var longest: Int64 = 0
        for (index, segment) in track.segments.enumerated() {
            func expect(_ isRight: Bool, _ message: @autoclosure () -> String) throws(Wrong) {
                if !isRight { throw Wrong(index: index, message: message()) }
            }
            let content = try bytes(number, index)
            let movie: Movie
            do { movie = try Movie(reading: FileBytes(header + content)) } catch {
                throw Wrong(index: index, message: "it cannot be read: \(error)")
            }
            guard let inner = movie.tracks.first, movie.tracks.count == 1, inner.samples.count > 0 else {
                throw Wrong(index: index, message: "it has not one track with samples")
            }
            try expect(inner.timescale == track.timescale, "its units of time are others")
            var place: Int?
            var start = Int64.max
            for (sampleNumber, sample) in inner.samples.enumerated() {
                if sampleNumber == 0 {
                    try expect(sample.isSync || !track.isVideo, "no decoder can begin with it")
                    try expect(
                        decodeTime.map { $0 == sample.decodeTime } ?? true, "it does not follow the one before")
                    let end = sample.offset + sample.sizeBytes - header.count
                    try expect(!track.isVideo || end == segment.firstFrameBytes, "its first picture ends at \(end)")
                }
                try expect(place.map { $0 == sample.offset } ?? true, "there is a gap between its samples")
                place = sample.offset + sample.sizeBytes
                start = min(start, inner.presentationTime(of: sample))
                longest = max(longest, sample.duration)
                decodeTime = sample.decodeTime + sample.duration
            }
            try expect(place == header.count + content.count, "its samples are not all of it")
            // Sound may have to be decoded a little before it is heard.
            try expect(
                start == segment.start || index == 0 && !track.isVideo && start < segment.start,
                "it begins at \(start) instead of \(segment.start)")
        }
        try inspectCuts(track, longest)
    }

    /// Sound has to be cut within half a packet of where the pictures are.
    private func inspectCuts(_ track: Film.Track, _ longest: Int64) throws {
        guard !track.isVideo, let video = film.videoTracks.first else { return }
        let half = MovieTime(longest + 1, 2 * track.timescale)
        var index = 0
        for cut in video.segments.dropFirst() {
            let time = MovieTime(cut.start, video.timescale)
            while index + 1 < track.segments.count,
                distance(track.segments[index + 1], track, time) <= distance(track.segments[index], track, time)
            {
                index += 1
            }
            let isInside =
                MovieTime(track.segments[0].start, track.timescale) < time
                && time < MovieTime(track.end, track.timescale)
            guard isInside, half < distance(track.segments[index], track, time) else { continue }
            throw Wrong(index: index, message: "it is not cut where the pictures are", code: .notAligned)
        }
    }

    private func distance(_ segment: Film.Segment, _ track: Film.Track, _ time: MovieTime) -> MovieTime {
        // In millionths, which is far less than a packet.
        MovieTime(
            abs(MovieTime(segment.start, track.timescale).ticks(1_000_000) - time.ticks(1_000_000)), 1_000_000)
    }

    private func bytes(_ number: Int, _ segment: Int?) throws -> [UInt8] {
        let place = film.place(ofSegment: segment, inTrack: number)
        var bytes: [UInt8] = []
        try shelf.forEachChunk(of: place.resource, in: place.range) { bytes += $0 }
        return bytes
    }
}
