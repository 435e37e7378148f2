// The qualities of a film: which are taken as they are, which are encoded, and whether all of them can begin their
// segments at the same times.

internal import Formats

extension FilmCutter {
    /// What is taken as it is, and what is encoded.
    struct Ladder {
        var takesSource = false
        var encoded: [(name: String, lines: Int)] = []
        var sourceName = "source"
    }

    func ladder(
        for source: Quality, _ pictures: PictureTimes, _ prepared: inout Prepared
    ) throws -> Ladder {
        var ladder = Ladder()
        let size = source.video.shownSize
        let lines = min(size.width, size.height)
        if request.rungs.isEmpty || !request.files.isEmpty { ladder.takesSource = true }
        let isTooCoarse = Self.widest(pictures) > pictures.units(request.plan.mostMilliseconds)
        for rung in request.rungs {
            guard let wanted = rung.lines(ofSource: lines) else {
                context.observer?.note("\(rung) would be above the source, which has \(lines) lines, and is left out")
                continue
            }
            if ladder.encoded.contains(where: { $0.lines == wanted }) { continue }
            if wanted == lines, rung == .source || !isTooCoarse {
                ladder.takesSource = true
                ladder.sourceName = rung.description
            } else {
                ladder.encoded.append((rung.description, wanted))
            }
        }
        if ladder.takesSource { ladder.encoded.removeAll { $0.lines == lines } }
        if !ladder.encoded.isEmpty, FilmEncoder(context: context) == nil {
            prepared.lacksQualities = true
            ladder.encoded = []
        }
        if ladder.encoded.isEmpty { ladder.takesSource = true }
        return ladder
    }

    /// A file with the same pictures as the source: their first ones are shown at the same time.
    func quality(_ file: CutRequest.File, besides source: Quality) throws -> Quality {
        let film = try FilmFile(file.path)
        let movie: Movie
        do { movie = try Movie(reading: film) } catch { throw FilmError(error, in: file.path) }
        guard let video = movie.tracks.first(where: { $0.kind == .video && $0.refusal == nil }) else {
            throw FilmError(.badFilm, "\"\(file.path)\" has no pictures that can be cut")
        }
        do {
            let late = try source.video.firstPresentation() - source.origin
            let origin = try video.firstPresentation() - late
            return Quality(name: file.name, file: film, movie: movie, video: video, origin: origin)
        } catch { throw FilmError(error, in: file.path) }
    }

    func encode(
        _ rung: (name: String, lines: Int), _ source: Quality, _ cuts: [Int64]
    ) throws -> Quality {
        guard let encoder = FilmEncoder(context: context) else { throw FilmEncoder.isMissing }
        let video = source.video
        let size = video.shownSize
        let shorter = max(1, min(size.width, size.height))
        func scaled(_ side: Int) -> Int { max(2, (side * rung.lines + shorter) / (2 * shorter) * 2) }
        let seconds = max(0.001, Double(video.samples.duration) / Double(video.timescale))
        let task = FilmEncoder.Task(
            source: source.file.path, width: scaled(size.width), height: scaled(size.height),
            timescale: video.timescale, framesPerSecond: Double(video.samples.count) / seconds,
            sourceBitsPerSecond: Int(Double(video.samples.totalBytes) * 8 / seconds),
            cuts: cuts.map { $0 + source.origin.ticks(video.timescale) },
            milliseconds: Int64(seconds * 1_000))
        let path = "\(workFolder)/\(rung.name).mp4"
        try encoder.encode(task, name: rung.name, to: path)
        return try quality(CutRequest.File(name: rung.name, path: path), besides: source)
    }

    /// Plans the packaging of qualities, from the lowest to the highest.
    func add(
        _ qualities: [Quality], to prepared: inout Prepared, _ source: Quality, _ times: [Int64]
    ) throws {
        let sorted = qualities.sorted { left, right in
            let (one, other) = (left.video.shownSize, right.video.shownSize)
            return (one.width * one.height, left.video.samples.totalBytes)
                < (other.width * other.height, right.video.samples.totalBytes)
        }
        let tolerance = tolerance(source)
        for quality in sorted {
            let entrances = Entrances(quality.video, origin: quality.origin, timescale: source.video.timescale)
            let cuts = try times.map { time in
                guard let place = entrances.place(of: time, within: tolerance) else {
                    let seconds = MovieTime(time, source.video.timescale).seconds
                    throw FilmError(
                        .notAligned, "\"\(quality.file.label)\" has no key picture at \(seconds) s"
                    )
                }
                return place
            }
            do {
                let packager = try MoviePackager(
                    quality.movie, from: quality.file, tracks: [quality.video], cuts: cuts, origin: quality.origin)
                prepared.parts.append(
                    Part(
                        name: quality.name, kind: quality.video.filmKind, track: quality.video,
                        label: quality.file.label, packager: packager))
            } catch { throw FilmError(error, in: quality.file.label) }
        }
    }
}

/// The key pictures of a track by the time at which they are shown, in another's units of time.
struct Entrances {
    private let times: [Int64]
    private let samples: [Int]

    init(_ track: MovieTrack, origin: MovieTime, timescale: Int) {
        let samples = track.samples.isAllSync ? Array(0..<track.samples.count) : track.samples.syncSamples
        self.samples = samples
        times = samples.map { sample in
            max(
                0,
                (MovieTime(track.presentationTime(of: track.samples[sample]), track.timescale) - origin)
                    .ticks(timescale))
        }
    }

    /// The sample that is shown at a time; nil when there is none so near.
    func place(of time: Int64, within tolerance: Int64) -> Int? {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < time - tolerance { low = middle + 1 } else { high = middle }
        }
        guard low < times.count, times[low] <= time + tolerance else { return nil }
        return samples[low]
    }
}
