// Packaging reads what it needs once, in large pieces and with little memory, however the tracks lie in the film.

import Synchronization
import Testing

@testable import Formats

@Suite("Reading along a film")
struct SourceWindowTests {
    /// A source that counts what is read of it.
    private final class Counting: MovieSource {
        let bytes: FileBytes
        let counts = Mutex((reads: 0, bytes: 0))

        init(_ bytes: [UInt8]) { self.bytes = FileBytes(bytes) }

        var sizeBytes: Int { bytes.count }

        func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
            counts.withLock { $0 = ($0.reads + 1, $0.bytes + buffer.count) }
            try bytes.read(at: offset, into: buffer)
        }
    }

    @Test("shows the right bytes, wherever somebody looks")
    func anywhere() throws {
        var random = SeededGenerator("windows")
        let bytes = (0..<60_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        for _ in 0..<20 {
            let window = SourceWindow(FileBytes(bytes), bytes: 8 + random.below(9_000))
            var place = 0
            for _ in 0..<400 {
                place =
                    random.below(9) == 0 ? random.below(bytes.count) : min(bytes.count - 1, place + random.below(700))
                let end = min(bytes.count, place + 1 + random.below(900))
                let needed = max(0, place - random.below(2_000))
                while place < end {
                    place += try window.read(at: place, count: end - place, needed: needed) { shown in
                        #expect(shown.elementsEqual(bytes[place..<place + shown.count]))
                    }
                }
            }
        }
    }

    @Test("reads each byte once where tracks are interleaved")
    func once() throws {
        // As many packets of sound a second as pictures, so that chunks of as many belong to the same time.
        var film = MoviePackagerTests.film(seconds: 60, sampleRate: 24_551)
        for index in film[0].samples.indices { film[0].samples[index].size = 3_000 }
        let source = Counting(FilmBytes.film(film, FilmForm(chunkSamples: 20)).bytes)
        let movie = try Movie(reading: source)
        let packager = try MoviePackager(
            movie, from: source, tracks: movie.tracks, cuts: Array(stride(from: 48, to: 1_440, by: 48)))
        source.counts.withLock { $0 = (0, 0) }
        var shelf = MoviePackagerTests.Shelf()
        try packager.package(to: &shelf)
        let counts = source.counts.withLock { $0 }
        #expect(counts.bytes <= source.sizeBytes)
        #expect(counts.reads < 50)
    }

    @Test("reads little twice where they are not")
    func apart() throws {
        var film = MoviePackagerTests.film(seconds: 60)
        for index in film[0].samples.indices { film[0].samples[index].size = 3_000 }
        let source = Counting(FilmBytes.film(film, FilmForm(isInterleaved: false)).bytes)
        let movie = try Movie(reading: source)
        let packager = try MoviePackager(
            movie, from: source, tracks: movie.tracks, cuts: Array(stride(from: 48, to: 1_440, by: 48)))
        source.counts.withLock { $0 = (0, 0) }
        var shelf = MoviePackagerTests.Shelf()
        try packager.package(to: &shelf)
        #expect(source.counts.withLock { $0.bytes } <= 2 * source.sizeBytes)
    }

    @Test("says so when a source fails")
    func failing() throws {
        struct Broken: MovieSource {
            struct Failure: Error {}
            let sizeBytes = 100
            func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws { throw Failure() }
        }
        let error = #expect(throws: MovieError.self) { try Movie(reading: Broken()) }
        #expect(error?.code == .source)
        #expect(error?.cause is Broken.Failure)
    }
}
