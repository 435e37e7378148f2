// Damaged and hostile films give an error that says where, never more memory than they deserve, and never a trap.

import TestKit
import Testing

@testable import Formats

@Suite("Damaged films")
struct MovieDamageTests {
    private static func error(_ bytes: [UInt8]) throws -> MovieError {
        try #require(#expect(throws: MovieError.self) { try Movie(reading: FileBytes(bytes)) })
    }

    /// The film with the bytes behind the name of its first or a later box of a name changed.
    private static func film(
        _ name: String, at offset: Int, _ new: [UInt8], turn: Int = 0, form: FilmForm = FilmForm(),
        tracks: [PlainTrack] = [MovieTests.video, MovieTests.audio]
    ) throws -> [UInt8] {
        var (bytes, _) = FilmBytes.film(tracks, form)
        let places = bytes.indices.dropLast(4).filter { bytes[$0..<$0 + 4].elementsEqual(name.utf8) }
        let place = try #require(places.dropFirst(turn).first) + 4 + offset
        bytes.replaceSubrange(place..<place + new.count, with: new)
        return bytes
    }

    private static let most: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]

    @Test("name the box and where it is")
    func places() throws {
        let bytes = try Self.film("stsz", at: 8, Self.most, turn: 1)
        let place = try #require(
            bytes.indices.dropLast(4).filter { bytes[$0..<$0 + 4].elementsEqual("stsz".utf8) }.last)
        let error = try Self.error(bytes)
        #expect(error.code == .damaged)
        let message = "4294967295 entries of 4 bytes do not fit into it"
        #expect(error.description == "moov/trak[2]/mdia/minf/stbl/stsz at byte \(place - 4): \(message)")
    }

    /// Box, offset in it, new bytes, code, and a part of the message.
    static let changes: [(box: String, offset: Int, bytes: [UInt8], code: MovieError.Code, message: String)] = [
        ("stts", 4, most, .damaged, "do not fit"), ("ctts", 4, most, .damaged, "do not fit"),
        ("stss", 4, most, .damaged, "do not fit"), ("stsc", 4, most, .damaged, "do not fit"),
        ("stco", 4, most, .damaged, "do not fit"), ("elst", 4, most, .damaged, "do not fit"),
        ("stts", 8, [0, 0, 0, 1], .damaged, "it is about"), ("stsz", 4, most, .damaged, "larger than the film"),
        ("stsc", 8, [0, 0, 0, 2], .damaged, "does not begin with a later chunk"),
        ("stsc", 20, [0, 0, 0, 1], .damaged, "does not begin with a later chunk"),
        ("stsc", 16, [0, 0, 0, 0], .damaged, "the sample entry 0"), ("stsc", 16, [0, 0, 0, 9], .damaged, "no entry 9"),
        ("stsc", 12, [0, 0, 0, 1], .damaged, "chunks have"),
        ("stss", 12, [0, 0, 0, 1], .damaged, "entry 2 names sample 1"),
        ("stss", 8, [0, 0, 1, 0], .damaged, "entry 1 names sample 256"),
        ("stco", 8, most, .truncated, "beyond the end of the film"),
        ("mdhd", 12, [0, 0, 0, 0], .damaged, "0 units"), ("mvhd", 12, [0, 0, 0, 0], .damaged, "0 units"),
        ("tkhd", 12, [0, 0, 0, 0], .damaged, "id 0"), ("tkhd", 12, [0, 0, 0, 2], .damaged, "two tracks have the id 2"),
        ("stbl", -8, most, .damaged, "the box \"stbl\" in it has the size 4294967295"),
        ("stbl", -8, [0, 0, 0, 7], .damaged, "the box \"stbl\" in it has the size 7"),
        ("stts", -4, Array("stsz".utf8), .damaged, "there is a second one"),
        ("stco", -4, Array("free".utf8), .damaged, "no box \"stco\""),
        ("mdia", -4, Array("free".utf8), .damaged, "mdia"),
        ("avcC", -4, Array("free".utf8), .damaged, "no box \"avcC\""),
        ("moov", -4, Array("free".utf8), .damaged, "moov"),
        ("moov", -8, most, .truncated, "the film ends in the middle"), ("moov", -8, [0, 0, 0, 3], .damaged, "size 3"),
    ]

    @Test("of one piece are refused", arguments: changes.indices)
    func whole(index: Int) throws {
        let change = Self.changes[index]
        let error = try Self.error(Self.film(change.box, at: change.offset, change.bytes))
        #expect(error.code == change.code)
        #expect("\(error)".contains(change.message))
    }

    /// The same of fragments.
    static let fragmentChanges: [(box: String, offset: Int, bytes: [UInt8], code: MovieError.Code, message: String)] = [
        ("trun", 4, most, .damaged, "do not fit"),
        ("trun", 8, [0x7F, 0, 0, 0], .truncated, "beyond the end of the film"),
        ("trun", 8, [0x80, 0, 0, 0], .truncated, "beyond the end"), ("tfhd", 4, [0, 0, 0, 9], .damaged, "track 9"),
        ("tfdt", 4, [0x7F] + most + most.dropLast(), .damaged, "makes no sense"),
        ("trun", 16, most, .damaged, "larger than"),
        ("mvex", -4, Array("free".utf8), .damaged, "has no fragments"),
        ("moov", -4, Array("free".utf8), .damaged, "before the box \"moov\""),
    ]

    @Test("of fragments are refused", arguments: fragmentChanges.indices)
    func fragments(index: Int) throws {
        let change = Self.fragmentChanges[index]
        let error = try Self.error(
            Self.film(change.box, at: change.offset, change.bytes, form: FilmForm(isFragmented: true)))
        #expect(error.code == change.code)
        #expect("\(error)".contains(change.message))
    }

    @Test("whose fragments go back in time are refused")
    func backwards() throws {
        let form = FilmForm(isFragmented: true)
        let error = try Self.error(
            Self.film("tfdt", at: 4, FilmBytes.number(9, 8), turn: 2, form: form, tracks: [MovieTests.audio]))
        #expect(error.message.contains("before what was there already"))
        #expect(error.path == "moof/traf[1]/tfdt")
    }

    @Test("with more samples than bytes are refused at once")
    func bombs() throws {
        // A run of four billion samples without a size, each as large as nothing.
        var track = MovieTests.audio
        track.samples = [PlainSample(size: 0, duration: 1)]
        let form = FilmForm(isFragmented: true, runFields: 1)
        #expect(try Self.error(Self.film("trun", at: 4, Self.most, form: form, tracks: [track])).code == .damaged)
        // As many of one size, of which the table needs no entries.
        let common = FilmForm(commonSize: true)
        #expect(try Self.error(Self.film("stsz", at: 8, Self.most, form: common)).code == .damaged)
        // The longest durations there are.
        let long = try Self.film("stts", at: 8, Self.most + Self.most)
        #expect(try Movie(reading: FileBytes(long)).tracks[0].samples.duration == 25 * 4_294_967_295)
    }

    @Test("that end anywhere give an error, or what there is", arguments: [false, true])
    func cutOff(isFragmented: Bool) throws {
        let (bytes, _) = FilmBytes.film(
            [MovieTests.video, MovieTests.audio], FilmForm(isFragmented: isFragmented, isMovieLast: !isFragmented))
        for count in 0..<bytes.count {
            let part = FileBytes(Array(bytes.prefix(count)))
            do {
                let movie = try Movie(reading: part)
                // Only whole fragments may be left.
                #expect(isFragmented)
                #expect(movie.tracks.allSatisfy { $0.samples.count % 4 == 0 || $0.samples.count == 25 })
            } catch {
                #expect([.truncated, .damaged].contains(error.code))
            }
        }
    }

    @Test("of any kind are read or refused, and what is read can be packaged or not")
    func anything() throws {
        var random = SeededGenerator("damaged films")
        let forms = [
            FilmForm(), FilmForm(hasWidePlaces: true, hasWideTimes: true, sizeBits: 8), FilmForm(isFragmented: true),
        ]
        let films = forms.map { FilmBytes.film([MovieTests.video, MovieTests.audio], $0).bytes }
        for _ in 0..<TestRun.times(3_000, usually: 1_000) {
            var bytes = films[random.below(films.count)]
            for _ in 0...random.below(3) {
                let place = random.below(bytes.count - 4)
                switch random.below(3) {
                case 0: bytes.replaceSubrange(place..<place + 4, with: [[0, 0, 0, 0], Self.most][random.below(2)])
                case 1: bytes[place] ^= 1 << UInt8(random.below(8))
                default: bytes[place] = UInt8(random.below(256))
                }
            }
            guard let movie = try? Movie(reading: FileBytes(bytes)) else { continue }
            for track in movie.tracks {
                let cuts = track.kind == .video ? track.samples.syncSamples : []
                guard
                    let packager = try? MoviePackager(
                        movie, from: FileBytes(bytes), tracks: [track], cuts: cuts, times: [MovieTime(1, 2)])
                else { continue }
                var shelf = MoviePackagerTests.Shelf()
                try packager.package(to: &shelf)
                #expect(shelf.segments.allSatisfy { $0.bytes.count == $0.segment.sizeBytes })
            }
        }
    }
}
