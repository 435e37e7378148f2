// `video-segment cut`: cut a film into segments, in several qualities, for streaming.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum VideoSegmentCut {
    static let film = Operand("FILE|ID", .text.named("FILE|ID"), help: "Which film: a file, or an upload as elsewhere")
    static let mode = Option(
        "mode", .choice(of: CutPlan.Mode.self), default: .uniform,
        help: "Cut evenly, or where scenes change, so that a scene stays together")
    static let duration = Option("duration", .duration, default: 4_000, help: "How long a segment is to be")
    static let least = Option(
        "min", .duration, help: "No segment is shorter, if that can be; otherwise a sixteenth of --duration")
    static let most = Option(
        "max", .duration, help: "No segment is longer, if that can be; otherwise half as long again as --duration")
    static let renditions = Option(
        "renditions", .list(of: .text.named("QUALITY")), configurable: false,
        help: "Get these qualities: low, medium, high, source or such as 480p; otherwise source")
    static let rendition = Option(
        repeating: "rendition", .keyValue.named("NAME=FILE"), configurable: false,
        help: "Take this file as a quality that is there already, such as low=small.mp4; may be repeated")
    static let analyze = Switch("analyze", help: "Decode the pictures to find scenes; needs ffmpeg")
    static let hls = Switch("hls", help: "Only playlists for HLS, unless --dash is given too")
    static let dash = Switch("dash", help: "Only a manifest for DASH, unless --hls is given too")
    static let singleFile = Switch(
        "single-file", help: "Keep each track as one file, of which segments are parts")
    static let title = Option("title", .text, configurable: false, help: "Call the film so")
    static let output = Option(
        "output", short: "o", .directory, configurable: false,
        help: "Write a plain folder, which has nothing to do with a data directory")

    static let command = Command(
        ["video-segment", "cut"], "Cut a film into segments that players stream, in several qualities",
        discussion: """
            A file is uploaded first; the original is kept as it is. Segments begin at pictures at which a decoder can \
            begin, at the same times in all qualities. In content mode the places are chosen among them so that scenes \
            stay together: a key picture that came before it had to is where a scene begins. Encoded qualities are \
            about a third (low) and two thirds (medium) of the lines of high, which is the source or 1080 lines; none \
            is above the source. A run that was stopped goes on with the next quality. The same film cut in the same \
            way has the same bytes.
            """,
        operands: [film],
        options: [
            mode, duration, least, most, renditions, rendition, analyze, hls, dash, singleFile, CommonOptions.by, title,
            output,
        ],
        groups: [ExclusiveGroup(output, title)],
        examples: [
            Example("social video-segment cut film.mp4 --by ana --title 'A holiday'", "Upload and cut a film"),
            Example("social video-segment cut ana/film.mp4 --mode content --duration 2s", "Cut it along its scenes"),
            Example("social video-segment cut film.mp4 -o folder --single-file", "Make a folder for a web server"),
        ],
        fields: FilmOutput.fields + [CommonOutput.changed],
        exits: [
            VideoSegmentNoun.badFilm, ExitStatus(66, "there is no such file"), VideoSegmentNoun.missing,
            ExitStatus(69, "ffmpeg is not installed; the source alone was cut, if it could be"),
            ExitStatus(73, "the folder is not empty"), ExitStatus(74, "ffmpeg has failed"),
            ExitStatus(77, "the upload is someone else's"),
        ], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let request = try request(line)
        let word = try line[film]
        let cut: (film: Film, lacks: Bool)
        if let folder = line[output] {
            let made = try Films.cut(word, as: request, into: folder, context: session.context)
            cut = (made.film, made.lacksQualities)
            try session.print(command.fields, FilmOutput.cells(made.film, record: nil, author: nil) + [.bool(true)])
        } else {
            let outcome = try self.cut(word, request, session)
            cut = (outcome.film, outcome.lacksQualities)
            let author = try session.network().accounts.records(of: [outcome.record.author]).first ?? nil
            if outcome.isNew { try tell(outcome.record, session) }
            let cells = FilmOutput.cells(outcome.film, record: outcome.record, author: author?.handle.display)
            try session.print(command.fields, cells + [.bool(outcome.isNew)])
        }
        try warn(of: cut.film, request, session)
        if cut.lacks {
            try session.note("ffmpeg is not installed: the film has the quality of its source alone")
            session.exit = ExitTable.unavailable
        }
    }

    /// Cuts a file, which is uploaded first, or an upload.
    private static func cut(_ word: String, _ request: CutRequest, _ session: Session) throws -> Films.Outcome {
        let line = session.invocation
        let network = try session.network()
        if let reference = MediaReference(word), !FileSystem().exists(word) {
            let record = try session.upload(reference)
            let author = try line[CommonOptions.by].map { try network.accounts.named($0).id }
            return try session.change { network in
                var outcome = try network.films.cut(record, as: request, by: author)
                guard let title = line[title] else { return outcome }
                let titled = try network.uploads.update(record.id, by: author) { $0.caption = title }
                (outcome.record, outcome.isNew) = (titled.value, outcome.isNew || titled.isNew)
                return outcome
            }
        }
        let author = try session.actor()
        var upload = Upload(path: word)
        upload.caption = line[title]
        return try session.change { try $0.films.cut(upload, as: request, by: author) }
    }

    /// Tells who has uploaded the film that it is cut; what keeps it from being told is no failure of the cut.
    private static func tell(_ film: MediaRecord, _ session: Session) throws {
        do { try session.network().notifications.noteReady(film) } catch let error as StorageError {
            try session.note("the film is cut, but \"notification list\" does not tell: \(error.message)")
        }
    }

    /// Says what came out otherwise than it was wanted.
    private static func warn(of film: Film, _ request: CutRequest, _ session: Session) throws {
        let ends = film.cuts.dropFirst().map(\.milliseconds) + [film.durationMilliseconds]
        let longest = zip(ends, film.cuts).map { $0 - $1.milliseconds }.max() ?? 0
        guard longest > request.plan.mostMilliseconds + 1 else { return }
        try session.note(
            "a decoder can begin so rarely that a segment lasts \(longest) ms; --renditions high encodes the film anew")
    }

    private static func request(_ line: Invocation) throws -> CutRequest {
        let target = line[duration]
        let plan = CutPlan(
            mode: line[mode], targetMilliseconds: target, leastMilliseconds: line[least] ?? target / 16,
            mostMilliseconds: line[most] ?? target * 3 / 2)
        guard 100...3_600_000 ~= target else {
            throw line.error(.invalidValue, "segments last 100 ms to an hour", about: duration)
        }
        guard plan.leastMilliseconds <= target, target <= plan.mostMilliseconds else {
            throw line.error(.conflict, "--min, --duration and --max must be in this order", about: duration)
        }
        let (wantsHLS, wantsDASH) = (line.isOn(hls), line.isOn(dash))
        var request = CutRequest(
            plan: plan,
            form: Film.Form(
                isHLS: wantsHLS || !wantsDASH, isDASH: wantsDASH || !wantsHLS, isSingleFile: line.isOn(singleFile)))
        request.rungs = try (line[renditions] ?? []).map { word in
            guard let rung = Rung(word) else {
                throw line.error(
                    .invalidValue, "\"\(word)\" is no quality: low, medium, high, source, or lines such as 480p",
                    about: renditions)
            }
            return rung
        }
        request.files = try line[rendition].map { pair in
            guard Film.isName(pair.key) else {
                throw line.error(
                    .invalidValue, "a quality is called by up to 64 letters, digits, - and _", about: rendition)
            }
            return CutRequest.File(name: pair.key, path: pair.value)
        }
        request.isAnalyzed = line.isOn(analyze)
        return request
    }
}
