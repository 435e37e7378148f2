// Films that ffmpeg made, and what ffprobe says of their packets.

import Glibc
import Testing

@testable import Formats

@Suite("Films of ffmpeg")
struct MovieFixtureTests {
    /// Codecs, numbers of samples and of key frames, and a sum over times, sizes and places, as ffprobe lists them.
    static let films: [(name: String, tracks: [(codec: String, count: Int, sync: Int, sum: UInt64)])] = [
        (
            "h264-aac.mp4",
            [("avc1.64000A", 50, 5, 2_933_125_338_866_372_396), ("mp4a.40.2", 95, 95, 12_611_324_968_074_225_081)]
        ),
        (
            "quicktime.mov",
            [("avc1.64000A", 50, 5, 2_230_531_270_429_708_423), ("mp4a.40.2", 95, 95, 14_090_068_071_575_356_129)]
        ),
        (
            "hevc-opus.mp4",
            [("hvc1.1.6.L30.90", 50, 5, 2_699_091_756_900_477_859), ("opus", 101, 101, 969_040_854_520_006_601)]
        ),
        (
            "av1-flac.mp4",
            [("av01.0.00M.08", 25, 3, 7_021_972_463_710_501_599), ("fLaC", 11, 11, 5_284_310_317_496_918_597)]
        ),
        (
            "vp9-mp3.mp4",
            [("vp09.00.10.08", 50, 5, 8_624_223_297_134_405_524), ("mp4a.6B", 85, 85, 15_807_449_178_644_655_951)]
        ),
        (
            "fragments-ac3.mp4",
            [("avc1.64000A", 50, 5, 12_365_142_318_036_572_475), ("ac-3", 63, 63, 335_698_764_265_794_944)]
        ),
        (
            "fragments-eac3.mp4",
            [("avc1.64000A", 50, 5, 10_272_842_017_536_565_075), ("ec-3", 63, 63, 12_880_434_513_963_897_572)]
        ),
    ]

    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
        let file = try #require(fopen("\(folder)/fixtures/films/\(name)", "rb"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 17)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }

    @Test("have the samples that ffprobe lists", arguments: films.indices)
    func samples(index: Int) throws {
        let film = Self.films[index]
        let movie = try Movie(reading: FileBytes(Self.bytes(film.name)))
        #expect(movie.tracks.count == film.tracks.count)
        for (track, expected) in zip(movie.tracks, film.tracks) {
            #expect(track.refusal == nil)
            #expect(track.entry.codec == expected.codec)
            #expect(track.samples.count == expected.count)
            #expect(track.samples.count(where: \.isSync) == expected.sync)
            var sum: UInt64 = 0
            for sample in track.samples {
                let time = track.presentationTime(of: sample)
                let decodeTime = time - sample.compositionOffset
                let value = time * 7 + decodeTime * 5 + Int64(sample.sizeBytes * 3 + sample.offset)
                sum = sum &* 31 &+ UInt64(bitPattern: value)
            }
            #expect(sum == expected.sum)
        }
    }
}
