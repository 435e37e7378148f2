// `video-segment show`: what a film was cut into, and why there.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum VideoSegmentShow {
    static let film = Operand("ID|DIR", .film, help: "Which film: an upload as elsewhere, or a folder")
    static let view = Option(
        "view", .choice(of: View.self), default: .film, help: "The film, or rows of tracks, segments, scenes or files")
    static let chart = Switch("chart", help: "Draw cuts and bit rates over time with characters")
    static let drawing = Option(
        "svg", .fileOrDash, configurable: false, help: "Draw them into this file as SVG; - writes to the output")

    /// What is printed.
    enum View: String, CaseIterable, Sendable {
        case film, tracks, segments, scenes, keys
    }

    static let command = Command(
        ["video-segment", "show"], "Show what a film was cut into",
        discussion: """
            With --view tracks each row is a quality or a sound: name, kind, codec, language, width, height, \
            frame_rate, channels, sample_rate, timescale, segments, bytes, bitrate, peak (the highest bit rate of a \
            stretch of about a segment, as HLS has it) and object.

            With --view segments each row is a segment: segment (from 0), start_ms, duration_ms, reason, scene_score, \
            bytes (of all tracks together) and tracks (the bytes by the names of tracks). The reason is why it begins \
            there: start, scene (another scene begins), target (it is near the wanted duration), limit (a longer one \
            was not allowed) or only (no decoder can begin elsewhere).

            With --view scenes each row is a place at which another scene seems to begin: time_ms, frame (from 0), \
            score (how much speaks for it, from 0 to 1), can_begin (whether a decoder can begin there) and is_cut \
            (whether a segment does).

            With --view keys each row is a file that players ask for: key, type, bytes, and object and offset of the \
            bytes; null for playlists, which are made when they are asked for.
            """,
        operands: [film], options: [view, chart, drawing, CommonOptions.by, AccessRecording.option],
        groups: [ExclusiveGroup(view, chart, drawing), ExclusiveGroup(chart, Globals.json, Globals.format)],
        examples: [
            Example("social video-segment show ana/film.mp4", "Show a film"),
            Example(
                "social video-segment show ana/film.mp4 --view segments --json | jq 'map(.bytes) | max'",
                "Print the size of the largest segment"),
            Example("social video-segment show ana/film.mp4 --chart", "See where it was cut"),
            Example("social video-segment show ana/film.mp4 --svg film.svg", "Draw that as a picture"),
        ],
        fields: FilmOutput.fields,
        exits: [
            ExitStatus(65, "what the folder says is no film"), ExitStatus(66, "there is no such folder"),
            VideoSegmentNoun.missing,
        ], handler: Verb(run))

    private static let trackFields = [
        Field("name", .string, "what it is called"), Field("kind", .string, "video or audio"),
        Field("codec", .string, "its codec (RFC 6381)"), Field("language", .string, "its language, or und"),
        Field("width", .integer, nullable: true, "pixels from left to right"),
        Field("height", .integer, nullable: true, "pixels from top to bottom"),
        Field("frame_rate", .number, nullable: true, "pictures a second"),
        Field("channels", .integer, nullable: true, "channels of sound"),
        Field("sample_rate", .integer, nullable: true, "samples of sound a second"),
        Field("timescale", .integer, "units of time in a second"),
        Field("segments", .integer, "how many it has"), Field("bytes", .integer, "its size"),
        Field("bitrate", .integer, "its mean bit rate"), Field("peak", .integer, "its highest bit rate"),
        Field("object", .string, nullable: true, "the SHA-256 of its bytes, under which they are kept"),
    ]

    private static let segmentFields = [
        Field("segment", .integer, "its number in the film, from 0"),
        Field("start_ms", .integer, "when it begins"), Field("duration_ms", .integer, "how long it is"),
        Field("reason", .string, "why it begins there"),
        Field("scene_score", .number, "how much speaks for a change of scene there"),
        Field("bytes", .integer, "its size in all tracks together"),
        Field("tracks", .object, "its size in each track"),
    ]

    private static let sceneFields = [
        Field("time_ms", .integer, "when it begins"), Field("frame", .integer, "its first picture, from 0"),
        Field("score", .number, "how much speaks for it"),
        Field("can_begin", .boolean, "whether a decoder can begin there"),
        Field("is_cut", .boolean, "whether a segment begins there"),
    ]

    private static let keyFields = [
        Field("key", .string, "the name of the file"), Field("type", .string, "its media type"),
        Field("bytes", .integer, "its size"),
        Field("object", .string, nullable: true, "the object in which its bytes are"),
        Field("offset", .integer, nullable: true, "where in it they begin"),
    ]

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let named = try session.film(try line[film])
        var recording = try AccessRecording(session, viewer: session.viewer())
        try show(named, session)
        if let record = named.record { recording?.add(.video(record.id), .view) }
        recording?.finish()
    }

    private static func show(_ named: NamedFilm, _ session: Session) throws {
        let line = session.invocation
        if line.isGiven(drawing) {
            let title = try named.record.map(FilmOutput.title) ?? line[film]
            let text = FilmDrawing(named.film, title: title).text
            return try session.writeBytes(to: line[drawing]) { try $0(Array(text.utf8)[...]) }
        }
        if line.isOn(chart) {
            let text = FilmChart(named.film).text(columns: session.world.terminal.columns)
            _ = try session.world.output.write(text)
            return
        }
        switch line[view] {
        case .film:
            try session.printSheet(
                command.fields, FilmOutput.cells(named.film, record: named.record, author: named.author))
        case .tracks: try session.print(trackFields, named.film.tracks.map { cells($0, named.film) })
        case .segments:
            try session.print(segmentFields, named.film.cuts.indices.map { cells($0, named.film) })
        case .scenes:
            let cuts = Set(named.film.cuts.map(\.milliseconds))
            try session.print(
                sceneFields,
                named.film.scenes.map { scene in
                    [
                        .integer(scene.milliseconds), .integer(Int64(scene.picture)), .measure(scene.score),
                        .bool(scene.isEntrance), .bool(cuts.contains(scene.milliseconds)),
                    ]
                })
        case .keys: try session.print(keyFields, named.film.resources.map { cells($0, named.film) })
        }
    }

    private static func cells(_ track: Film.Track, _ film: Film) -> [Cell] {
        let json = FilmOutput.json(track)
        return trackFields.map { field in
            switch field.name {
            case "timescale": .integer(Int64(track.timescale))
            case "peak": .integer(Int64(film.peakBitrate(of: track)))
            case "object": .text(orNull: track.object?.hash.description)
            default: Cell(json[field.name] ?? .null)
            }
        }
    }

    private static func cells(_ index: Int, _ film: Film) -> [Cell] {
        let cut = film.cuts[index]
        let end = index + 1 < film.cuts.count ? film.cuts[index + 1].milliseconds : film.durationMilliseconds
        let sizes = film.tracks.map { index < $0.segments.count ? $0.segments[index].part.sizeBytes : 0 }
        let members = zip(film.tracks, sizes).map { JSONValue.Member($0.name, .integer(Int64($1))) }
        return [
            .integer(Int64(index)), .integer(cut.milliseconds), .integer(end - cut.milliseconds),
            .text(cut.reason.rawValue), .measure(cut.sceneScore), .integer(Int64(sizes.reduce(0, +))),
            .json(.object(members)),
        ]
    }

    private static func cells(_ resource: FilmResource, _ film: Film) -> [Cell] {
        let size: Int
        var place: (object: ObjectHash?, offset: Int?) = (nil, nil)
        switch resource.content {
        case .text(let text): size = film.bytes(of: text).count
        case .bytes(let track, let range):
            size = range.count
            place = (film.tracks[track].object?.hash, range.lowerBound)
        }
        return [
            .text(resource.key), .text(resource.type), .integer(Int64(size)),
            .text(orNull: place.object?.description), .integer(orNull: place.offset.map { Int64($0) }),
        ]
    }
}

extension Session {
    /// Prints a list that is there as a whole.
    fileprivate func print(_ fields: [Field], _ rows: [[Cell]]) throws {
        try printList(fields) { emit in
            for row in rows where try !emit(row) { return }
        }
    }
}

extension Cell {
    /// A value as it stands in a column of its own.
    fileprivate init(_ value: JSONValue) {
        switch value {
        case .integer(let number): self = .integer(number)
        case .number(let number): self = .number(number)
        case .string(let text): self = .text(text)
        case .null: self = .null
        default: self = .json(value)
        }
    }
}
