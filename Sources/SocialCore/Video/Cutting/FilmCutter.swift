// How does a file become a film that is streamed? It is looked at, it is decided where it is cut, the qualities that
// are not there are encoded with key pictures at the cuts, and each track is planned to be packaged. Nothing is written
// here but encoded files, in a folder for work.

internal import Formats

/// Prepares the cutting of films.
struct FilmCutter {
    let request: CutRequest
    /// Where encoded qualities are kept until the film is cut.
    let workFolder: String
    let context: Context

    /// A track that is ready to be packaged.
    struct Part {
        /// What it will be called.
        var name: String
        /// What it is.
        var kind: Film.Track.Kind
        /// Where its samples are.
        var track: MovieTrack
        /// What errors call its file.
        var label: String
        /// What packages it.
        var packager: MoviePackager<FilmFile>
    }

    /// A film that is ready to be packaged.
    struct Prepared {
        /// Its tracks.
        var parts: [Part] = []
        /// Where it will be cut.
        var cuts: [Film.Cut] = []
        /// Where scenes change.
        var scenes: [SceneChange] = []
        /// Whether it lacks qualities that were asked for, because they cannot be encoded here.
        var lacksQualities = false
    }

    /// A file with pictures that may begin segments.
    struct Quality {
        var name: String
        var file: FilmFile
        var movie: Movie
        var video: MovieTrack
        /// When the film begins, on the file's line of time.
        var origin: MovieTime
    }

    /// Prepares a film.
    ///
    /// - Throws: `FilmError` about the file, `ToolError` about what encodes it.
    func prepare(_ file: FilmFile) throws -> Prepared {
        let (file, movie) = try open(file)
        let videos = movie.tracks.filter { $0.kind == .video && $0.samples.count > 0 }
        let audios = movie.tracks.filter { $0.kind == .audio && $0.samples.count > 0 }
        guard let video = videos.first(where: { $0.refusal == nil }) else {
            if let refusal = videos.first?.refusal { throw FilmError(refusal, in: file.label) }
            return try prepareSound(file, movie, audios)
        }
        do {
            let starts = try ([video] + audios.filter { $0.refusal == nil }).map { try $0.firstPresentation() }
            let origin = starts.min() ?? .zero
            let source = Quality(name: "source", file: file, movie: movie, video: video, origin: origin)
            return try prepare(source, audios)
        } catch let error as MovieError { throw FilmError(error, in: file.label) }
    }

    /// Makes sure that a file, if it consists of boxes, is a film.
    ///
    /// - Throws: what is wrong with it.
    static func check(_ path: String) throws {
        let file = try FilmFile(path)
        guard file.isBoxed else { return }
        do { _ = try Movie(reading: file) } catch { throw FilmError(error, in: path) }
    }

    /// The film in a file, which is put into another when it is of a kind that is not read here.
    private func open(_ file: FilmFile) throws -> (FilmFile, Movie) {
        do { return (file, try Movie(reading: file)) } catch {
            guard error.code != .source, !file.isBoxed else { throw FilmError(error, in: file.label) }
            guard let encoder = FilmEncoder(context: context) else {
                throw ToolError(
                    .noTool, "\"\(file.label)\" is no MP4 file, and ffmpeg, which reads other films, is not installed")
            }
            let path = "\(workFolder)/rewrapped.mp4"
            do { try encoder.rewrap(file.path, to: path) } catch let error as ToolError {
                throw FilmError(.badFilm, "\"\(file.label)\" is no film: \(error.message)")
            }
            let rewrapped = try FilmFile(path, label: file.label)
            do { return (rewrapped, try Movie(reading: rewrapped)) } catch {
                throw FilmError(error, in: file.label)
            }
        }
    }

    // MARK: Pictures

    private func prepare(_ source: Quality, _ audios: [MovieTrack]) throws -> Prepared {
        let pictures = PictureTimes(source.video, origin: source.origin)
        guard !pictures.entrances.isEmpty else {
            throw FilmError(.badFilm, "\"\(source.file.label)\": there is no picture at which a decoder can begin")
        }
        var prepared = Prepared()
        let ladder = try ladder(for: source, pictures, &prepared)
        var taken = source
        taken.name = ladder.sourceName
        let fixed = (ladder.takesSource ? [taken] : []) + (try request.files.map { try quality($0, besides: source) })
        let seen = try look(source, pictures)
        prepared.scenes = Array(seen.scenes.prefix(Limits.filmScenes))
        // Segments begin where all files that are not encoded here have a key picture.
        let candidates = try candidates(pictures, source, fixed)
        let scores = scores(candidates, pictures, seen)
        let choices = CutPlanner(request.plan).choose(candidates, scores: scores)
        prepared.cuts = choices.map { choice in
            Film.Cut(
                milliseconds: candidates.milliseconds(candidates.entrances[choice.entrance].time),
                reason: choice.reason, sceneScore: (choice.sceneScore * 1_000).rounded() / 1_000)
        }
        let times = choices.map { candidates.entrances[$0.entrance].time }
        var qualities = fixed
        for rung in ladder.encoded {
            qualities.append(try encode(rung, source, times))
        }
        try add(qualities, to: &prepared, source, times)
        try addSound(audios, to: &prepared, source, times)
        return prepared
    }

    /// What is seen of scenes: at entrances, and all.
    private struct Seen {
        var entranceScores: [Double]
        var scenes: [SceneChange]
    }

    private func look(_ source: Quality, _ pictures: PictureTimes) throws -> Seen {
        guard request.plan.mode == .content else {
            return Seen(entranceScores: Array(repeating: 0, count: pictures.entrances.count), scenes: [])
        }
        guard request.isAnalyzed else {
            let detector = SceneDetector(pictures)
            return Seen(entranceScores: detector.entranceScores(), scenes: detector.scenes())
        }
        guard let encoder = FilmEncoder(context: context) else { throw FilmEncoder.isMissing }
        let differences = try encoder.differences(
            in: source.file.path, milliseconds: pictures.milliseconds(pictures.end))
        let scenes = SceneDetector.scenes(in: differences, pictures)
        var scores = [Double](repeating: 0, count: pictures.entrances.count)
        var next = scenes[...]
        for (index, entrance) in pictures.entrances.enumerated() {
            next = next.drop { $0.picture < entrance.picture }
            if let scene = next.first, scene.picture == entrance.picture, index > 0 { scores[index] = scene.score }
        }
        return Seen(entranceScores: scores, scenes: scenes)
    }

    /// Where segments can begin.
    private func candidates(
        _ pictures: PictureTimes, _ source: Quality, _ fixed: [Quality]
    ) throws -> PictureTimes {
        guard !fixed.isEmpty else {
            // Everything is encoded: a segment can begin with any picture.
            var all = pictures
            let order = pictures.times.indices.sorted { pictures.times[$0] < pictures.times[$1] }
            all.entrances = order.map { PictureTimes.Entrance(picture: $0, time: pictures.times[$0]) }
            return all
        }
        var common = pictures
        let tolerance = tolerance(source)
        for quality in fixed where quality.file !== source.file {
            let entrances = Entrances(quality.video, origin: quality.origin, timescale: pictures.timescale)
            common.entrances = common.entrances.filter { entrances.place(of: $0.time, within: tolerance) != nil }
            guard common.entrances.first?.time == pictures.entrances.first?.time else {
                throw FilmError(
                    .notAligned, "\"\(quality.file.label)\" does not begin when \"\(source.file.label)\" does")
            }
            guard Self.widest(common) <= max(Self.widest(pictures), pictures.units(request.plan.mostMilliseconds))
            else {
                throw FilmError(
                    .notAligned,
                    "\"\(quality.file.label)\" has too few key pictures at the times at which \"\(source.file.label)\" "
                        + "has them: segments would not fit together",
                    hint: "encode it with key pictures at the same times, or let --renditions do so")
            }
        }
        return common
    }

    /// How much speaks for a change of scene at each candidate.
    private func scores(_ candidates: PictureTimes, _ pictures: PictureTimes, _ seen: Seen) -> [Double] {
        var known: [Int: Double] = [:]
        for (entrance, score) in zip(pictures.entrances, seen.entranceScores) { known[entrance.picture] = score }
        for scene in seen.scenes { known[scene.picture] = max(known[scene.picture] ?? 0, scene.score) }
        return candidates.entrances.map { known[$0.picture] ?? 0 }
    }

    /// The longest time without a place at which a segment can begin.
    static func widest(_ pictures: PictureTimes) -> Int64 {
        var widest: Int64 = 0
        var last = pictures.entrances.first?.time ?? 0
        for time in pictures.entrances.dropFirst().map(\.time) + [pictures.end] {
            widest = max(widest, time - last)
            last = time
        }
        return widest
    }

    /// Half of what a picture lasts: further apart are two pictures.
    func tolerance(_ source: Quality) -> Int64 {
        max(1, source.video.samples.duration / Int64(max(1, source.video.samples.count)) / 2)
    }
}

extension FilmFile {
    /// Whether it begins as files do that consist of boxes.
    fileprivate var isBoxed: Bool {
        var start = [UInt8](repeating: 0, count: 8)
        guard sizeBytes >= 8, (try? start.withUnsafeMutableBytes({ try read(at: 0, into: $0) })) != nil else {
            return false
        }
        let name = String(decoding: start[4...], as: UTF8.self)
        return ["ftyp", "moov", "mdat", "free", "skip", "wide", "styp", "moof", "pnot", "sidx"].contains(name)
    }
}
