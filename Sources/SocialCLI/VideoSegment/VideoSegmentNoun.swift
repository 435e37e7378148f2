// The verbs of `video-segment`, and what they have in common.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum VideoSegmentNoun {
    static let commands = [
        VideoSegmentCut.command, VideoSegmentList.command, VideoSegmentShow.command, VideoSegmentSimulate.command,
        VideoSegmentVerify.command, VideoSegmentExport.command,
    ]

    /// That there is no such film.
    static let missing = ExitStatus(67, "there is no such upload or account, or the upload was not cut")
    /// That a file is no film.
    static let badFilm = ExitStatus(65, "the file is no film, is damaged, or is of a kind that is not read")
    /// That a program is missing.
    static let noTool = ExitStatus(69, "ffmpeg, which encodes and decodes films, is not installed")
}

/// The fields and cells of films.
enum FilmOutput {
    static let fields = [
        Field("id", .string, nullable: true, "the id of the film's upload; null for one in a plain folder"),
        Field("author", .string, nullable: true, "the handle of who uploaded it, without @"),
        Field("title", .string, nullable: true, "what it is called, or its file name"),
        Field("mode", .string, "uniform or content"), Field("target_ms", .integer, "how long segments were to be"),
        Field("duration_ms", .integer, "how long it is"), Field("segments", .integer, "how many it has"),
        Field("longest_ms", .integer, "how long the longest segment is"),
        Field("shortest_ms", .integer, "how long the shortest segment is, without the last"),
        Field("scenes", .integer, "how many changes of scene were found"),
        Field("playlists", .array, "which it has: hls, dash"),
        Field("single_file", .boolean, "whether a track is one file, of which segments are parts"),
        Field("bytes", .integer, "the size of all tracks together"),
        Field(
            "tracks", .array,
            "what it consists of; see \"video-segment show\" and its --view tracks"
        ),
    ]

    static func cells(_ film: Film, record: MediaRecord?, author: String?) -> [Cell] {
        let ends = film.cuts.dropFirst().map(\.milliseconds) + [film.durationMilliseconds]
        let lengths = zip(ends, film.cuts).map { $0 - $1.milliseconds }
        let playlists = (film.form.isHLS ? ["hls"] : []) + (film.form.isDASH ? ["dash"] : [])
        return [
            .text(orNull: record?.id.description), .text(orNull: author),
            .text(orNull: record.map(title)), .text(film.plan.mode.rawValue),
            .integer(film.plan.targetMilliseconds), .integer(film.durationMilliseconds),
            .integer(Int64(film.cuts.count)), .integer(lengths.max() ?? 0),
            .integer(lengths.dropLast().min() ?? lengths.first ?? 0), .integer(Int64(film.scenes.count)),
            .list(playlists), .bool(film.form.isSingleFile), .integer(Int64(film.sizeBytes)),
            .json(.array(film.tracks.map(json))),
        ]
    }

    /// What a film is called.
    static func title(_ record: MediaRecord) -> String { record.content.caption ?? record.content.name }

    /// What is said of a track.
    static func json(_ track: Film.Track) -> JSONValue {
        func number(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }
        var (width, height, channels, sampleRate): (Int?, Int?, Int?, Int?)
        var rate: JSONValue = .null
        switch track.kind {
        case .video(let wide, let high, let frames, let perSeconds):
            (width, height) = (wide, high)
            rate = .number((Double(frames) / Double(perSeconds) * 1_000).rounded() / 1_000)
        case .audio(let count, let perSecond): (channels, sampleRate) = (count, perSecond)
        }
        let seconds = Double(track.duration) / Double(track.timescale)
        let segmentBytes = Double(track.sizeBytes - track.index.range.upperBound)
        return .object([
            .init("name", .string(track.name)), .init("kind", .string(track.isVideo ? "video" : "audio")),
            .init("codec", .string(track.codec)), .init("language", .string(track.language)),
            .init("width", number(width)), .init("height", number(height)), .init("frame_rate", rate),
            .init("channels", number(channels)), .init("sample_rate", number(sampleRate)),
            .init("segments", number(track.segments.count)), .init("bytes", number(track.sizeBytes)),
            .init("bitrate", number(seconds > 0 ? Int((segmentBytes * 8 / seconds).rounded()) : 0)),
        ])
    }
}
