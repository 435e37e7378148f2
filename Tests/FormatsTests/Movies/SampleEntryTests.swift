// Playlists name codecs as RFC 6381 says, and what cannot be streamed is listed with the reason.

import Testing

@testable import Formats

@Suite("Sample entries")
struct SampleEntryTests {
    private static func read(_ handler: String, _ entry: [UInt8]) throws -> MovieTrack {
        var track = MovieTests.audio
        (track.handler, track.entry) = (handler, entry)
        return try Movie(reading: FileBytes(FilmBytes.film([track]).bytes)).tracks[0]
    }

    private static let hevc: [UInt8] = [1, 0x01, 0x60, 0, 0, 0, 0xB0, 0, 0, 0, 0, 0, 93]
    private static let hevcHigh: [UInt8] = [1, 0x62, 0x20, 0, 0, 0, 0x90, 0x01, 0, 0, 0, 0, 120]
    private static let colours = FilmBytes.box("colr", Array("nclx".utf8) + [0, 9, 0, 16, 0, 9, 0x80])

    static let pictures: [(entry: [UInt8], codec: String)] = [
        (FilmBytes.avc, "avc1.64001F"),
        (FilmBytes.picture("avc3", FilmBytes.box("avcC", [1, 0x42, 0xC0, 0x0A])), "avc3.42C00A"),
        (FilmBytes.picture("hvc1", FilmBytes.box("hvcC", hevc)), "hvc1.1.6.L93.B0"),
        (FilmBytes.picture("hev1", FilmBytes.box("hvcC", hevcHigh)), "hev1.A2.4.H120.90.1"),
        (FilmBytes.picture("av01", FilmBytes.box("av1C", [0x81, 0x04, 0x0C, 0])), "av01.0.04M.08"),
        (FilmBytes.picture("av01", FilmBytes.box("av1C", [0x81, 0x0D, 0xCC, 0])), "av01.0.13H.10"),
        (
            FilmBytes.picture("av01", FilmBytes.box("av1C", [0x81, 0x0D, 0x4C, 0]) + colours),
            "av01.0.13M.10.0.110.09.16.09.1"
        ),
        (FilmBytes.picture("av01", FilmBytes.box("av1C", [0x81, 0x24, 0x10, 0])), "av01.1.04M.08.1.000.01.01.01.0"),
        (vp9([0, 10, 0x82, 2, 2, 2]), "vp09.00.10.08"),
        (vp9([2, 50, 0xA2, 9, 16, 9]), "vp09.02.50.10.01.09.16.09.00"),
    ]

    private static func vp9(_ settings: [UInt8]) -> [UInt8] {
        FilmBytes.picture("vp09", FilmBytes.box("vpcC", version: 1, settings + [0, 0]))
    }

    @Test("of pictures", arguments: pictures)
    func picture(entry: [UInt8], codec: String) throws {
        let track = try Self.read("vide", entry)
        #expect(track.entry.codec == codec)
        #expect(track.entry.bytes == entry)
        #expect(track.refusal == nil)
        #expect(track.entry.width == 320)
        #expect(track.entry.height == 180)
    }

    static let sounds: [(entry: [UInt8], codec: String, channels: Int, sampleRate: Int)] = [
        (FilmBytes.aac, "mp4a.40.2", 2, 48_000),
        // HE-AAC: said first, said behind the settings for those who know, and said to be absent.
        (stream(0x40, [0x2B, 0x8A, 0x08]), "mp4a.40.5", 1, 44_100),
        (stream(0x40, [0x13, 0x90, 0x56, 0xE5, 0xA0]), "mp4a.40.5", 2, 44_100),
        (stream(0x40, [0x13, 0x88, 0x56, 0xE5, 0xA5, 0x48, 0x80]), "mp4a.40.29", 2, 44_100),
        (stream(0x40, [0x11, 0x90, 0x56, 0xE5, 0x00]), "mp4a.40.2", 2, 48_000),
        (stream(0x40, [0xEB, 0x8A, 0x08]), "mp4a.40.29", 2, 44_100),
        (stream(0x40, [0x11, 0xB8]), "mp4a.40.2", 8, 48_000),
        (stream(0x67, [0x11, 0x90]), "mp4a.67", 2, 48_000), (stream(0x6B, []), "mp4a.6B", 2, 48_000),
        (
            FilmBytes.sound("Opus", FilmBytes.box("dOps", [0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0])), "opus", 6, 48_000
        ),
        (
            FilmBytes.sound(
                "fLaC",
                FilmBytes.box(
                    "dfLa", version: 0,
                    [0x80, 0, 0, 34, 16, 0, 16, 0, 0, 0, 0, 0, 0, 0] + FilmBytes.number(96_000 << 12 | 1 << 9, 4)),
                rate: 0),
            "fLaC", 2, 96_000
        ),
        (FilmBytes.sound("ac-3", FilmBytes.box("dac3", [0x10, 0x3D, 0x40])), "ac-3", 6, 48_000),
        (FilmBytes.sound("ec-3", FilmBytes.box("dec3", [0x07, 0x00, 0x20, 0x0F, 0x00])), "ec-3", 6, 48_000),
    ]

    private static func stream(_ kind: Int, _ settings: [UInt8]) -> [UInt8] {
        FilmBytes.sound("mp4a", FilmBytes.stream(kind, settings))
    }

    @Test("of sound", arguments: sounds)
    func sound(entry: [UInt8], codec: String, channels: Int, sampleRate: Int) throws {
        let track = try Self.read("soun", entry)
        #expect(track.entry.codec == codec)
        #expect(track.entry.channels == channels)
        #expect(track.entry.sampleRate == sampleRate)
        #expect(track.entry.bytes == entry)
        #expect(track.refusal == nil)
    }

    @Test("of QuickTime become those of ISO files")
    func quickTime() throws {
        let settings = FilmBytes.stream(0x40, [0x11, 0x90])
        let wave = FilmBytes.box(
            "wave", FilmBytes.box("frma", Array("mp4a".utf8)) + settings + FilmBytes.number(8, 4) + [0, 0, 0, 0])
        var sound = FilmBytes.sound("mp4a", FilmBytes.number(0, 16) + wave)
        sound[17] = 1
        #expect(try Self.read("soun", sound).entry.bytes == FilmBytes.aac)
        // Four zeros behind the boxes of an entry, and another number of the file that the samples are in.
        var picture = FilmBytes.picture(
            "avc1", FilmBytes.box("avcC", [1, 0x64, 0, 0x1F, 0xFF, 0xE0, 0]) + [0, 0, 0, 0])
        picture[15] = 7
        #expect(try Self.read("vide", picture).entry.bytes == FilmBytes.avc)
    }

    @Test("of pixels that are not square")
    func aspect() throws {
        let shape = FilmBytes.box("pasp", FilmBytes.number(4, 4) + FilmBytes.number(3, 4))
        let entry = try Self.read("vide", FilmBytes.picture("avc1", FilmBytes.box("avcC", [1, 0x64, 0, 0x1F]) + shape))
            .entry
        #expect(entry.pixelAspect == (4, 3))
        #expect(entry.displayWidth == 427)
    }

    @Test("that cannot be streamed are listed with the reason")
    func refused() throws {
        for (handler, entry, reason) in [
            ("vide", FilmBytes.picture("encv", []), "encrypted"), ("soun", FilmBytes.sound("enca", []), "encrypted"),
            ("vide", FilmBytes.picture("ap4h", []), "the codec \"ap4h\""),
            ("soun", FilmBytes.sound("sowt", []), "the codec \"sowt\""),
            ("soun", FilmBytes.sound("mp4a", FilmBytes.stream(0xDD, [])), "the codec \"mp4a\""),
            ("tmcd", FilmBytes.box("tmcd", FilmBytes.number(0, 26)), "cannot be streamed"),
            ("text", FilmBytes.box("text", FilmBytes.number(0, 26)), "cannot be streamed"),
        ] {
            let track = try Self.read(handler, entry)
            let refusal = try #require(track.refusal)
            #expect(refusal.code == .unsupported)
            #expect(refusal.message.contains(reason))
            #expect(refusal.path.hasPrefix("moov/trak[1]/mdia/minf/stbl/stsd/"))
            #expect(track.samples.count == 40)
        }
        #expect(try Self.read("text", FilmBytes.box("wvtt", FilmBytes.number(0, 8))).refusal == nil)
    }

    @Test("of which samples use several, or that are about another file, are refused")
    func several() throws {
        var track = MovieTests.audio
        track.reference = FilmBytes.box("url ", version: 0, flags: 0, Array("film.dat".utf8) + [0])
        let elsewhere = try Movie(reading: FileBytes(FilmBytes.film([track]).bytes)).tracks[0]
        #expect(elsewhere.refusal?.message == "the samples are in another file")
        track = MovieTests.audio
        track.entries = [FilmBytes.aac, FilmBytes.aac]
        var (bytes, _) = FilmBytes.film([track])
        let place = try #require(bytes.indices.dropLast(8).first { bytes[$0..<$0 + 4].elementsEqual("stsc".utf8) })
        bytes[place + 12 + 12 + 11] = 2
        let refusal = try Movie(reading: FileBytes(bytes)).tracks[0].refusal
        #expect(refusal?.message == "the samples are coded in more than one way")
    }
}
