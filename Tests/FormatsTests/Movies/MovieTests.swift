// Films are read as they were written, in whatever form, and their samples are found one by one, in turn and by time.

import Testing

@testable import Formats

@Suite("Films are read")
struct MovieTests {
    static let video = PlainTrack(
        handler: "vide", timescale: 15_360,
        samples: (0..<25).map {
            PlainSample(
                size: 1 + $0 * 7 % 15, duration: 512, composition: [1024, 2048, 0, 512][$0 % 4], isSync: $0 % 8 == 0)
        }, edits: [(0, 1024, 1 << 16)], entry: FilmBytes.avc, language: 0x15C7)
    static let audio = PlainTrack(
        samples: (0..<40).map { PlainSample(size: 3 + $0 % 5, duration: $0 == 39 ? 100 : 1024) })

    /// What a table says, beside the samples that a film was made of.
    static func check(_ track: MovieTrack, _ plain: PlainTrack, _ places: [Int]) {
        let table = track.samples
        var time = Int64(0)
        var expected: [MovieSample] = []
        for (index, sample) in plain.samples.enumerated() {
            expected.append(
                MovieSample(
                    offset: places[index], sizeBytes: sample.size, decodeTime: time, duration: Int64(sample.duration),
                    compositionOffset: Int64(sample.composition), flags: table[index].flags))
            time += Int64(sample.duration)
        }
        let indices = plain.samples.indices
        #expect(table.count == indices.count)
        #expect(Array(table) == expected)
        #expect(indices.map { table[$0] } == expected)
        #expect(expected.map(\.isSync) == plain.samples.map(\.isSync))
        #expect(indices.map { table.decodeTime(of: $0) } == expected.map(\.decodeTime))
        for index in indices where expected[index].duration > 0 {
            let (start, end) = (expected[index].decodeTime, expected[index].decodeTime + expected[index].duration)
            if table.index(ofDecodeTime: start) != index || table.index(ofDecodeTime: end - 1) != index {
                Issue.record("sample \(index) is not found by its time")
            }
        }
        #expect(table.duration == time)
        #expect(table.totalBytes == plain.samples.reduce(0) { $0 + $1.size })
        let isAllSync = plain.samples.allSatisfy(\.isSync)
        #expect(table.isAllSync == isAllSync)
        #expect(table.syncSamples == (isAllSync ? [] : plain.samples.indices.filter { plain.samples[$0].isSync }))
        #expect(table.isInOrder == plain.samples.allSatisfy { $0.composition == 0 })
        #expect(table.index(ofDecodeTime: -1) == 0)
        #expect(table.index(ofDecodeTime: time + 9) == max(0, plain.samples.count - 1))
    }

    static let forms: [FilmForm] = [
        FilmForm(), FilmForm(isMovieLast: true), FilmForm(hasWidePlaces: true), FilmForm(hasWideTimes: true),
        FilmForm(sizeBits: 4), FilmForm(sizeBits: 8), FilmForm(sizeBits: 16), FilmForm(chunkSamples: 1),
        FilmForm(chunkSamples: 70), FilmForm(isInterleaved: false), FilmForm(isFragmented: true),
        FilmForm(isFragmented: true, isCountedFromMoof: false), FilmForm(isFragmented: true, hasPlace: true),
        FilmForm(isFragmented: true, fragmentSamples: 1), FilmForm(isFragmented: true, hasTimes: false),
    ]

    @Test("in every form", arguments: forms)
    func form(_ form: FilmForm) throws {
        let (bytes, places) = FilmBytes.film([Self.video, Self.audio], form)
        let movie = try Movie(reading: FileBytes(bytes))
        #expect(movie.isFragmented == form.isFragmented)
        #expect(movie.timescale == 1_000)
        #expect(movie.tracks.map(\.number) == [1, 2])
        #expect(movie.tracks.map(\.kind) == [.video, .audio])
        #expect(movie.tracks.map(\.timescale) == [15_360, 48_000])
        #expect(movie.tracks.map(\.language) == ["eng", "und"])
        #expect(movie.tracks.allSatisfy { $0.refusal == nil })
        Self.check(movie.tracks[0], Self.video, places[0])
        Self.check(movie.tracks[1], Self.audio, places[1])
        #expect(movie.tracks[0].presentationStart == 1024)
        #expect(movie.tracks[0].entry.codec == "avc1.64001F")
        #expect(movie.tracks[0].entry.width == 320)
        #expect(movie.tracks[1].entry.codec == "mp4a.40.2")
    }

    @Test("with samples that all have one size, without a number for each")
    func commonSize() throws {
        var track = Self.audio
        track.samples = (0..<200).map { _ in PlainSample(size: 4, duration: 1) }
        let (bytes, places) = FilmBytes.film([track], FilmForm(commonSize: true, chunkSamples: 150))
        Self.check(try Movie(reading: FileBytes(bytes)).tracks[0], track, places[0])
    }

    @Test("whatever they consist of")
    func anything() throws {
        var random = SeededGenerator("films")
        for _ in 0..<100 {
            var form = FilmForm(
                isFragmented: random.below(2) == 0, isMovieLast: random.below(2) == 0,
                hasWidePlaces: random.below(2) == 0, hasWideTimes: random.below(2) == 0,
                sizeBits: [4, 8, 16, 32][random.below(4)], chunkSamples: 1 + random.below(90),
                isInterleaved: random.below(2) == 0, fragmentSamples: 1 + random.below(90),
                isCountedFromMoof: random.below(2) == 0, hasPlace: random.below(2) == 0)
            // What is the same for all samples, or said of the first only, need not be said of each.
            form.runFields = [0xF01, 0xE01, 0xF01][random.below(3)]
            let count = random.below(300)
            let isVaried = random.below(2) == 0
            let isSync = random.below(2) == 0
            var track = PlainTrack(timescale: 1 + random.below(100_000))
            for _ in 0..<count {
                track.samples.append(
                    PlainSample(
                        size: random.below(16), duration: form.runFields == 0xE01 || !isVaried ? 7 : random.below(5),
                        composition: isVaried ? random.below(90) - 20 : 0, isSync: isSync || random.below(9) == 0))
            }
            let other = form.isFragmented ? track : Self.audio
            let (bytes, places) = FilmBytes.film([track, other], form)
            let movie = try Movie(reading: FileBytes(bytes))
            Self.check(movie.tracks[0], track, places[0])
            Self.check(movie.tracks[1], other, places[1])
        }
    }

    @Test("with flags of the first sample of a fragment only")
    func firstFlags() throws {
        var track = Self.video
        track.samples = track.samples.map { PlainSample(size: 5, duration: 512, isSync: $0.isSync) }
        let form = FilmForm(isFragmented: true, fragmentSamples: 8, runFields: 0x005)
        let (bytes, places) = FilmBytes.film([track], form)
        Self.check(try Movie(reading: FileBytes(bytes)).tracks[0], track, places[0])
    }

    @Test(
        "with holes between fragments, and fragments that begin early",
        arguments: [
            // The sample before it fills a hole, and gives way; if nothing would be left of it, the time is a mistake.
            (5000, [1024, 1024, 2952, 1024, 1024, 1024]), (2800, [1024, 1024, 752, 1024, 1024, 1024]),
            (2048, [1024, 1024, 1024, 1024, 1024, 1024]),
        ])
    func hole(time: Int, durations: [Int64]) throws {
        var track = Self.audio
        track.samples = [1024, 1024, 1024, 1024, 1024, 1024].map { PlainSample(size: 4, duration: $0) }
        var (bytes, _) = FilmBytes.film([track], FilmForm(isFragmented: true, fragmentSamples: 3))
        let places = bytes.indices.dropLast(16).filter { bytes[$0..<$0 + 4].elementsEqual("tfdt".utf8) }
        bytes.replaceSubrange(places[1] + 8..<places[1] + 16, with: FilmBytes.number(time, 8))
        let table = try Movie(reading: FileBytes(bytes)).tracks[0].samples
        #expect(table.map(\.duration) == durations)
        #expect(table.decodeTime(of: 6) == durations.reduce(0, +))
    }

    @Test("with what is said beside the tables: dependencies, open access and preroll")
    func marks() throws {
        var track = Self.video
        track.samples = [true, false, false, false].map { PlainSample(size: 1, duration: 1, isSync: $0) }
        let member = { (name: String, runs: [(Int, Int)]) in
            FilmBytes.box(
                "sbgp", version: 0,
                Array(name.utf8) + FilmBytes.number(runs.count, 4)
                    + runs.flatMap { FilmBytes.number($0.0, 4) + FilmBytes.number($0.1, 4) })
        }
        track.extra =
            FilmBytes.box("sdtp", version: 0, [0x20, 0x58, 0x10, 0x10])
            + member("rap ", [(2, 0), (1, 1)]) + member("sync", [(3, 0), (1, 1)])
            + FilmBytes.box(
                "sgpd", version: 1,
                Array("roll".utf8) + FilmBytes.number(2, 4) + FilmBytes.number(1, 4) + FilmBytes.number(-3, 2))
        let read = try Movie(reading: FileBytes(FilmBytes.film([track]).bytes)).tracks[0]
        #expect(read.samples.map(\.isSync) == [true, false, false, true])
        #expect(read.samples.map(\.flags.isOpenAccess) == [false, false, true, false])
        #expect(read.samples.map(\.flags.dependsOn) == [2, 1, 1, 1])
        #expect(read.samples.map(\.flags.leading) == [0, 1, 0, 0])
        #expect(read.samples.map(\.flags.isDependedOn) == [0, 2, 0, 0])
        #expect(read.preroll == 3)
    }

    @Test("with how many pictures are shown before the one that they are decoded behind")
    func leading() throws {
        var track = Self.video
        track.samples = [(2, true), (2, false), (4, true), (0, false), (1, false), (2, false)].map {
            PlainSample(size: 1, duration: 1, composition: $0.0, isSync: $0.1)
        }
        let samples = try Movie(reading: FileBytes(FilmBytes.film([track]).bytes)).tracks[0].samples
        #expect(samples.leadingSamples(after: 0) == 0)
        #expect(samples.leadingSamples(after: 2) == 2)
    }

    @Test("with names of languages, and none where a name makes no sense")
    func languages() throws {
        for (code, tag, expected) in [
            (0x15C7, nil, "eng"), (0x15C7, "de-AT", "de-AT"), (0x15C7, "x\u{1B}[1m", "eng"), (0, nil, "und"),
            (0x7FFF, nil, "und"),
        ] as [(Int, String?, String)] {
            var track = Self.audio
            (track.language, track.tag) = (code, tag)
            #expect(try Movie(reading: FileBytes(FilmBytes.film([track]).bytes)).tracks[0].language == expected)
        }
    }
}
