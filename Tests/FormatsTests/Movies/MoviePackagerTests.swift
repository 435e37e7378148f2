// Packages hold the samples of the film, each once and at its time, cut where they were told to.

import Testing

@testable import Formats

@Suite("Packaging films")
struct MoviePackagerTests {
    /// A package in memory.
    struct Shelf: SegmentSink {
        var headers: [Int: [UInt8]] = [:]
        var segments: [(segment: PackagedSegment, bytes: [UInt8])] = []

        mutating func header(track: Int, bytes: [UInt8]) { headers[track] = bytes }
        mutating func begin(_ segment: PackagedSegment) { segments.append((segment, [])) }
        mutating func write(_ bytes: UnsafeRawBufferPointer) { segments[segments.count - 1].bytes += bytes }
        mutating func end() {}

        /// The header and all segments of a track, one after the other.
        func film(_ track: Int) -> [UInt8] {
            (headers[track] ?? []) + segments.filter { $0.segment.track == track }.flatMap(\.bytes)
        }
    }

    /// Pictures and sound of some seconds, decoded in another order than they are shown.
    static func film(seconds: Int = 20, rate: Int = 24_000, sampleRate: Int = 44_100) -> [PlainTrack] {
        let video = PlainTrack(
            handler: "vide", timescale: rate,
            samples: (0..<seconds * 24).map {
                let offset = $0 % 12 == 0 ? 2002 : [1001, 5005, 2002, 0][$0 % 4]
                return PlainSample(size: 9 + $0 % 7, duration: 1001, composition: offset, isSync: $0 % 12 == 0)
            }, edits: [(0, 2002, 1 << 16)], entry: FilmBytes.avc)
        let audio = PlainTrack(
            timescale: sampleRate,
            samples: (0..<seconds * sampleRate / 1024 + 2).map { PlainSample(size: 4 + $0 % 3, duration: 1024) },
            edits: [(0, 1024, 1 << 16)])
        return [video, audio]
    }

    static func package(
        _ bytes: [UInt8], cuts: [Int], times: [MovieTime] = [], tracks: [Int] = [1, 2]
    ) throws -> (Movie, MoviePackager<FileBytes>, Shelf) {
        let source = FileBytes(bytes)
        let movie = try Movie(reading: source)
        let chosen = tracks.compactMap { number in movie.tracks.first { $0.number == number } }
        let packager = try MoviePackager(movie, from: source, tracks: chosen, cuts: cuts, times: times)
        var shelf = Shelf()
        try packager.package(to: &shelf)
        return (movie, packager, shelf)
    }

    private static let forms: [FilmForm] = [
        FilmForm(), FilmForm(isMovieLast: true, chunkSamples: 40), FilmForm(isInterleaved: false),
        FilmForm(isFragmented: true),
    ]

    @Test("keeps all samples and their times", arguments: 0..<4)
    func roundTrip(form: Int) throws {
        let plain = Self.film()
        let (bytes, _) = FilmBytes.film(plain, Self.forms[form])
        let (movie, packager, shelf) = try Self.package(bytes, cuts: [48, 96, 108, 240])
        #expect(shelf.segments.map(\.segment) == packager.segments)
        for track in movie.tracks {
            let package = shelf.film(track.number)
            let again = try #require(try Movie(reading: FileBytes(package)).tracks.first)
            #expect(again.refusal == nil)
            #expect(again.entry.bytes == track.entry.bytes)
            #expect(again.matrix == track.matrix)
            #expect(again.trackSize == track.trackSize)
            #expect(again.samples.count == track.samples.count)
            for (ours, theirs) in zip(again.samples, track.samples) {
                #expect(again.presentationTime(of: ours) == track.presentationTime(of: theirs))
                #expect(ours.duration == theirs.duration)
                #expect(ours.isSync == theirs.isSync)
                let (start, end) = (ours.offset, ours.offset + ours.sizeBytes)
                #expect(package[start..<end] == bytes[theirs.offset..<theirs.offset + theirs.sizeBytes])
            }
        }
        for (segment, bytes) in shelf.segments { #expect(bytes.count == segment.sizeBytes) }
        // In the order of the film.
        #expect(packager.segments.map(\.track) == (0..<5).flatMap { _ in [1, 2] })
        #expect(packager.segments.map(\.index) == (0..<5).flatMap { [$0, $0] })
    }

    @Test("cuts sound where it is nearest to the pictures, without drifting")
    func drift() throws {
        var random = SeededGenerator("packages")
        for _ in 0..<30 {
            let sampleRate = [44_100, 48_000, 22_050, 7_350][random.below(4)]
            let (bytes, _) = FilmBytes.film(
                Self.film(seconds: 30, rate: [24_000, 23_976, 30_000][random.below(3)], sampleRate: sampleRate))
            let cuts = stride(from: 12, to: 720, by: 12).filter { _ in random.below(3) > 0 }
            let (_, packager, _) = try Self.package(bytes, cuts: cuts)
            let video = packager.segments.filter { $0.track == 1 }
            let audio = packager.segments.filter { $0.track == 2 }
            #expect(video.dropFirst().map(\.samples.lowerBound) == cuts)
            for segments in [video, audio] {
                #expect(segments.first?.start == 0)
                for (earlier, later) in zip(segments, segments.dropFirst()) {
                    #expect(earlier.start + earlier.duration == later.start)
                    #expect(earlier.samples.upperBound == later.samples.lowerBound)
                }
            }
            // Half of a packet, in the sound's units; the sound may end before the last pictures.
            for (pictures, sound) in zip(video, audio).dropFirst() {
                let distance = sound.startTime.seconds - pictures.startTime.seconds
                #expect(abs(distance) <= 512.0 / Double(sampleRate) + 1e-9)
            }
        }
    }

    @Test("cuts sound alone at times")
    func soundOnly() throws {
        let (bytes, _) = FilmBytes.film([Self.film()[1]])
        let times = [MovieTime(4, 1), MovieTime(8_000, 1_000), MovieTime(0, 1)]
        let (_, packager, _) = try Self.package(bytes, cuts: [], times: Array(times.prefix(2)), tracks: [1])
        #expect(packager.segments.count == 3)
        for (segment, time) in zip(packager.segments.dropFirst(), times) {
            #expect(abs(segment.startTime.seconds - time.seconds) <= 512.0 / 44_100)
        }
        #expect(throws: MovieError.self) { try Self.package(bytes, cuts: [], times: times, tracks: [1]) }
    }

    @Test("goes on cutting sound that is longer than the pictures")
    func longSound() throws {
        var film = Self.film(seconds: 4)
        film[1] = Self.film(seconds: 12)[1]
        let (_, packager, _) = try Self.package(FilmBytes.film(film).bytes, cuts: [48], times: [MovieTime(8, 1)])
        #expect(packager.segments.map(\.track) == [1, 2, 1, 2, 2])
    }

    @Test("leaves out what an edit list cuts away")
    func trimmed() throws {
        var film = Self.film(seconds: 10)
        film[0].edits = [(4_000, 2002 + 30 * 1001, 1 << 16)]
        film[1].edits = [(4_000, 55_177, 1 << 16)]
        let (movie, packager, shelf) = try Self.package(FilmBytes.film(film).bytes, cuts: [24, 48, 96])
        // From the key frame before, and for sound some packets more.
        #expect(packager.segments.first?.samples.lowerBound == 24)
        let sound = try #require(packager.segments.first { $0.track == 2 })
        #expect((55_177 / 1024 - 8..<55_177 / 1024).contains(sound.samples.lowerBound))
        let pictures = packager.segments.filter { $0.track == 1 }
        #expect(pictures.map { $0.start + $0.duration }.max() ?? 0 <= 4 * 24_000 + 6 * 1001)
        #expect(pictures.first?.start == 0)
        let again = try Movie(reading: FileBytes(shelf.film(1))).tracks[0]
        #expect(again.presentationStart == 2002 + 6 * 1001)
        #expect(
            again.presentationTime(of: again.samples[0])
                == movie.tracks[0].presentationTime(of: movie.tracks[0].samples[24]))
    }

    @Test("begins when the first track does, and keeps tracks together")
    func delays() throws {
        var film = Self.film(seconds: 6)
        film[0].edits = [(1_500, -1, 1 << 16), (0, 2002, 1 << 16)]
        film[1].edits = [(500, -1, 1 << 16), (0, 1024, 1 << 16)]
        let (_, packager, shelf) = try Self.package(FilmBytes.film(film).bytes, cuts: [48])
        let starts = packager.segments.filter { $0.index == 0 }.map(\.startTime)
        #expect(starts == [MovieTime(1, 1), .zero])
        // Later decode times, no empty edit, and no edit at all where nothing comes before zero.
        let video = try Movie(reading: FileBytes(shelf.film(1))).tracks[0]
        #expect(video.delay == .zero)
        #expect(video.presentationStart == 0)
        #expect(video.samples.startTime == 24_000 - 2002)
    }

    @Test("says in an index what follows it")
    func index() throws {
        let (_, packager, shelf) = try Self.package(FilmBytes.film(Self.film()).bytes, cuts: [48, 96])
        for track in [1, 2] {
            let index = try packager.index(of: track)
            let segments = packager.segments.filter { $0.track == track }
            let expected = FilmBytes.box(
                "sidx", version: 1,
                FilmBytes.number(1, 4) + FilmBytes.number(segments[0].timescale, 4) + FilmBytes.number(0, 16)
                    + FilmBytes.number(segments.count, 4)
                    + segments.flatMap {
                        FilmBytes.number($0.sizeBytes, 4) + FilmBytes.number(Int($0.duration), 4)
                            + FilmBytes.number(0x9000_0000, 4)
                    })
            #expect(index == expected)
            let single =
                (shelf.headers[track] ?? []) + index
                + segments.flatMap { segment in
                    shelf.segments.first { $0.segment == segment }?.bytes ?? []
                }
            #expect(try Movie(reading: FileBytes(single)).tracks[0].samples.count == segments.last?.samples.upperBound)
        }
    }

    @Test("gives any segment on its own")
    func single() throws {
        let (_, packager, shelf) = try Self.package(FilmBytes.film(Self.film()).bytes, cuts: [48, 96])
        for (segment, bytes) in shelf.segments {
            var alone = Shelf()
            try packager.write(segment, to: &alone)
            #expect(alone.segments.map(\.bytes) == [bytes])
        }
    }

    @Test("holds subtitles, cut where they begin")
    func subtitles() throws {
        var film = Self.film(seconds: 8)
        film[1] = PlainTrack(
            handler: "text", timescale: 1_000,
            samples: [1_500, 3_500, 1_000].map { PlainSample(size: 8, duration: $0) },
            entry: FilmBytes.box("wvtt", FilmBytes.number(1, 8)), language: 0x15C7, tag: "en-GB")
        let (_, packager, shelf) = try Self.package(FilmBytes.film(film).bytes, cuts: [24, 48, 96, 180])
        #expect(packager.segments.filter { $0.track == 2 }.map(\.start) == [0, 1_500, 5_000])
        let again = try Movie(reading: FileBytes(shelf.film(2))).tracks[0]
        #expect(again.kind == .text)
        #expect(again.language == "en-GB")
        #expect(again.samples.map(\.duration) == [1_500, 3_500, 1_000])
    }

    @Test("is refused where it would not be right")
    func refusals() throws {
        var film = Self.film(seconds: 2)
        let (bytes, _) = FilmBytes.film(film)
        for cuts in [[5], [12, 12], [24, 12], [48 * 12]] {
            let error = #expect(throws: MovieError.self) { try Self.package(bytes, cuts: cuts) }
            #expect(error?.code == .unsupported)
        }
        film[1].entry = FilmBytes.sound("enca", [])
        let error = #expect(throws: MovieError.self) { try Self.package(FilmBytes.film(film).bytes, cuts: []) }
        #expect(error?.message.contains("encrypted") == true)
        film[1] = film[0]
        #expect(throws: MovieError.self) { try Self.package(FilmBytes.film(film).bytes, cuts: []) }
    }

    @Test("begins segments with pictures that can be decoded although others are shown before them")
    func openGroups() throws {
        var film = Self.film(seconds: 2)
        for index in film[0].samples.indices where index % 12 == 2 { film[0].samples[index].composition = 0 }
        film[0].samples[12].composition = 4004
        let (movie, packager, _) = try Self.package(FilmBytes.film(film).bytes, cuts: [12], tracks: [1])
        let samples = movie.tracks[0].samples
        #expect(samples.leadingSamples(after: 12) == 2)
        let start = samples.map(\.compositionTime).min() ?? 0
        let end = samples.map { $0.compositionTime + $0.duration }.max() ?? 0
        #expect(packager.segments.map(\.duration).reduce(0, +) == end - start)
        // It begins with the first that is shown, which is not the first that is decoded.
        #expect(packager.segments[1].start == samples[14].compositionTime - start)
    }
}
