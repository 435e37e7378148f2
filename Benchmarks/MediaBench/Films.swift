// What a film consists of, and the film packaged for streaming into a plain folder.

import Formats
import Glibc

/// Lists and packages films.
enum Films {
    /// Prints the tracks of films, or every sample of one.
    static func list(_ words: [String]) throws {
        var words = words
        let hasSamples = MediaBench.flag("--samples", in: &words)
        for path in words {
            let movie = try Movie(reading: FilmFile(path))
            for track in movie.tracks {
                print(
                    path, track.number, track.kind.rawValue, track.entry.codec, track.language, track.timescale,
                    track.samples.count, track.samples.totalBytes, track.samples.startTime, track.samples.duration,
                    track.presentationStart, track.delay.value, track.presentedDuration,
                    "\(track.entry.width)x\(track.entry.height)", track.entry.channels, track.entry.sampleRate,
                    track.samples.isAllSync ? "all" : "\(track.samples.syncSamples.count)",
                    track.refusal?.description ?? "")
                guard hasSamples else { continue }
                for sample in track.samples {
                    print(
                        sample.offset, sample.sizeBytes, track.presentationTime(of: sample), sample.decodeTime,
                        sample.duration, sample.isSync ? "sync" : "")
                }
            }
        }
    }

    /// Writes a header and one file a segment into a folder, or with `--single` one file a track.
    static func package(_ words: [String]) throws {
        var words = words
        let isSingle = MediaBench.flag("--single", in: &words)
        let seconds = try MediaBench.option("--seconds", in: &words).flatMap { Int($0) } ?? 4
        guard words.count == 2 else { throw Misuse() }
        let start = ContinuousClock.now
        let source = try FilmFile(words[0])
        let movie = try Movie(reading: source)
        let video = movie.tracks.first { $0.kind == .video && $0.refusal == nil }
        let tracks = [video].compactMap { $0 } + movie.tracks.filter { $0.kind == .audio && $0.refusal == nil }
        let packager = try MoviePackager(
            movie, from: source, tracks: tracks, cuts: video.map { cuts($0, seconds) } ?? [],
            times: video == nil ? times(tracks, seconds) : [])
        var folder = Folder(path: words[1])
        if isSingle {
            for track in tracks { folder.whole[track.number] = try packager.index(of: track.number) }
        }
        try packager.package(to: &folder)
        let time = (ContinuousClock.now - start).components
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let processor = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        MediaBench.say(
            "package",
            [
                ("segments", Double(packager.segments.count)),
                ("seconds", Double(time.seconds) + Double(time.attoseconds) / 1e18),
                ("user_seconds", processor(usage.ru_utime)), ("system_seconds", processor(usage.ru_stime)),
                ("memory_mib", largestMemoryMebibytes()),
            ])
    }

    /// The most memory that the program had; what `getrusage` says may be that of the program that started it.
    private static func largestMemoryMebibytes() -> Double {
        guard let file = fopen("/proc/self/status", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while fgets(&line, Int32(line.count), file) != nil {
            let words = line.prefix { $0 != 0 }.split { $0 == 9 || $0 == 32 }
                .map { String(decoding: $0.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
            if words.first == "VmHWM:", words.count > 1 { return (Double(words[1]) ?? 0) / 1024 }
        }
        return 0
    }

    /// The first sync sample at or behind each multiple of a length.
    private static func cuts(_ track: MovieTrack, _ seconds: Int) -> [Int] {
        var (cuts, next) = ([Int](), Int64(0))
        for sync in track.samples.isAllSync ? Array(0..<track.samples.count) : track.samples.syncSamples {
            let time = track.presentationTime(of: track.samples[sync])
            guard time >= next else { continue }
            cuts.append(sync)
            next = (time / Int64(seconds * track.timescale) + 1) * Int64(seconds * track.timescale)
        }
        return cuts
    }

    /// The multiples of a length, for films without pictures.
    private static func times(_ tracks: [MovieTrack], _ seconds: Int) -> [MovieTime] {
        let longest = tracks.map { Double($0.presentedDuration) / Double($0.timescale) }.max() ?? 0
        return stride(from: seconds, to: Int(longest) + 1, by: seconds).map { MovieTime(Int64($0), 1) }
    }
}

/// A plain folder.
private struct Folder: SegmentSink {
    let path: String
    /// What stands behind the headers of tracks that are one file each.
    var whole: [Int: [UInt8]] = [:]
    private var file: Int32 = -1

    init(path: String) { self.path = path }

    mutating func header(track: Int, bytes: [UInt8]) throws {
        try open(whole[track] == nil ? "\(track)-init.mp4" : "\(track).mp4")
        try bytes.withUnsafeBytes { try write($0) }
        try (whole[track] ?? []).withUnsafeBytes { try write($0) }
        try end()
    }

    mutating func begin(_ segment: PackagedSegment) throws {
        if whole[segment.track] != nil {
            try open("\(segment.track).mp4", O_APPEND)
        } else {
            try open("\(segment.track)-\(segment.index).m4s")
        }
    }

    mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        var written = 0
        while written < bytes.count {
            // Safety: what is written lies within the bytes.
            let count = Glibc.write(file, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            guard count > 0 else { throw Failure(path, errno) }
            written += count
        }
    }

    mutating func end() throws { close(file) }

    private mutating func open(_ name: String, _ mode: Int32 = O_TRUNC) throws {
        file = Glibc.open("\(path)/\(name)", O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0o644)
        guard file >= 0 else { throw Failure("\(path)/\(name)", errno) }
    }
}

/// A film in a file.
final class FilmFile: MovieSource {
    let sizeBytes: Int
    private let file: Int32
    private let path: String

    init(_ path: String) throws {
        self.path = path
        file = open(path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard file >= 0, fstat(file, &status) == 0 else { throw Failure(path, errno) }
        sizeBytes = Int(status.st_size)
    }

    deinit { close(file) }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        var done = 0
        while done < buffer.count {
            // Safety: what is read lies within the buffer.
            let count = pread(file, buffer.baseAddress.map { $0 + done }, buffer.count - done, off_t(offset + done))
            guard count > 0 else { throw Failure(path, count == 0 ? EIO : errno) }
            done += count
        }
    }
}
