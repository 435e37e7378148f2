// Makes films in other qualities, with ffmpeg: key pictures where segments are to begin, times as the source has them,
// and the same bytes for the same source. What is complete is kept until the film is cut, so a run that was stopped
// goes on with the next quality.

internal import Glibc

/// Encodes films.
struct FilmEncoder {
    /// How many threads encode: the bytes that come out depend on it, so it is not that of the machine.
    private static let threads = 4
    /// The longest argument that is given to a program.
    private static let argumentBytes = 100_000

    let program: ExternalProgram
    let context: Context

    /// The encoder that is installed; nil when there is none.
    init?(context: Context) {
        guard let program = ExternalProgram("ffmpeg") else { return nil }
        self.program = program
        self.context = context
    }

    /// That there is no encoder.
    static var isMissing: ToolError {
        ToolError(
            .noTool, "ffmpeg, which encodes films, is not installed",
            hint: "install ffmpeg, or cut the source alone")
    }

    /// What one quality is to be.
    struct Task {
        /// The file of the source.
        var source: String
        /// Its size as it will be shown.
        var width: Int
        /// Its height as it will be shown.
        var height: Int
        /// How many units of time a second of the source's pictures has.
        var timescale: Int
        /// Pictures a second of the source.
        var framesPerSecond: Double
        /// The average bits a second of the source, which nobody should exceed.
        var sourceBitsPerSecond: Int
        /// When segments begin, in units of time.
        var cuts: [Int64]
        /// How long the film is.
        var milliseconds: Int64
    }

    /// Encodes the pictures of a film in a quality, unless the file is there.
    ///
    /// - Throws: `toolFailed`.
    func encode(_ task: Task, name: String, to path: String) throws {
        let limit = min(
            Rung.bitsPerSecond(width: task.width, height: task.height, framesPerSecond: task.framesPerSecond),
            max(50_000, task.sourceBitsPerSecond))
        let keys = task.cuts.map { Self.seconds($0, task.timescale) }.joined(separator: ",")
        let arguments = [
            "-map", "0:V:0", "-an", "-sn", "-dn", "-vf",
            "scale=\(task.width):\(task.height):flags=bicubic,setsar=1", "-fps_mode", "passthrough", "-enc_time_base",
            "-1", "-c:v", "libx264", "-preset", "fast", "-profile:v", "high", "-pix_fmt", "yuv420p", "-crf", "23",
            "-maxrate", "\(limit)", "-bufsize", "\(2 * limit)", "-threads", "\(Self.threads)", "-force_key_frames",
            // The source has key pictures at all cuts: where the list is too long, all of them are taken.
            keys.utf8.count > Self.argumentBytes ? "source" : keys, "-video_track_timescale", "\(task.timescale)",
        ]
        try run("encoding \(name)", source: task.source, arguments, to: path, milliseconds: task.milliseconds)
    }

    /// Puts a film of another kind into a file that can be read here, without changing pictures and sound; sound that
    /// such files do not have is encoded.
    ///
    /// - Throws: `toolFailed`.
    func rewrap(_ source: String, to path: String) throws {
        try run(
            "rewrapping", source: source, ["-map", "0:V:0?", "-map", "0:a?", "-c", "copy"], to: path, milliseconds: 0)
    }

    /// Encodes the sound of a film as AAC.
    ///
    /// - Throws: `toolFailed`.
    func encodeSound(_ source: String, number: Int, channels: Int, to path: String, milliseconds: Int64) throws {
        let rate = 64_000 * max(1, min(channels, 6))
        let arguments = ["-map", "0:a:\(number)", "-vn", "-sn", "-dn", "-c:a", "aac", "-b:a", "\(rate)"]
        try run("encoding sound", source: source, arguments, to: path, milliseconds: milliseconds)
    }

    private func run(
        _ work: String, source: String, _ arguments: [String], to path: String, milliseconds: Int64
    ) throws {
        let files = FileSystem(tap: context.fileTap)
        if files.exists(path) { return }
        let part = "\(path).\(getpid()).part"
        let observer = context.observer
        observer?.begin(work, total: milliseconds > 0 ? Int(milliseconds) : nil)
        defer { observer?.end() }
        let progress = EncodingProgress()
        do {
            try program.run(
                [
                    "-v", "error", "-nostdin", "-nostats", "-progress", "pipe:1", "-protocol_whitelist", "file,pipe",
                    "-y", "-copyts",
                    "-i", "file:\(source)",
                ] + arguments + [
                    "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact",
                    "-flags:a", "+bitexact", "-f", "mp4", "file:\(part)",
                ]
            ) { line in
                if let advance = progress.hear(line) { observer?.advance(by: advance) }
            }
            try files.rename(part, to: path)
        } catch {
            if files.exists(part) { try files.remove(part) }
            throw error
        }
    }

    // MARK: Looking

    /// How much each picture of a film differs from the one before, decoded: its time in milliseconds, and from 0 to 1.
    ///
    /// - Throws: `toolFailed`.
    func differences(in source: String, milliseconds: Int64) throws -> [(milliseconds: Double, difference: Double)] {
        let observer = context.observer
        observer?.begin("looking for scenes", total: Int(milliseconds))
        defer { observer?.end() }
        let heard = HeardDifferences()
        let filter = "scale=320:-2,select='gte(scene,0)',metadata=print:key=lavfi.scene_score:file=-"
        try program.run([
            "-v", "error", "-nostdin", "-nostats", "-protocol_whitelist", "file,pipe", "-i", "file:\(source)", "-map",
            "0:V:0", "-an", "-sn", "-dn", "-vf", filter, "-f", "null", "-",
        ]) { line in
            if let advance = heard.hear(line) { observer?.advance(by: advance) }
        }
        return heard.all
    }

    /// A time as ffmpeg wants it: in seconds, exact to a microsecond.
    private static func seconds(_ time: Int64, _ timescale: Int) -> String {
        let (seconds, rest) = time.quotientAndRemainder(dividingBy: Int64(timescale))
        let micros = String((rest * 1_000_000 + Int64(timescale) / 2) / Int64(timescale))
        return "\(seconds)." + String(repeating: "0", count: max(0, 6 - micros.count)) + micros
    }
}
