// Films: what they say of themselves, their samples, and what is packaged of them. Damage hurts most in the sizes and
// counts of their boxes.

internal import Formats
internal import TestKit

/// What reads films.
enum FilmParsers {
    static let all = [FuzzSubject("mp4", mp4), FuzzSubject("webm", webm)]

    private static let containers = [
        "moov", "trak", "edts", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf", "meta", "iprp", "ipco", "udta",
        "ilst", "mfra",
    ].map { Array($0.utf8) }

    /// The boxes whose sizes and first numbers are changed.
    static let boxNames =
        containers
        + [
            "ftyp", "mvhd", "tkhd", "elst", "mdhd", "hdlr", "elng", "dref", "stsd", "avc1", "avcC", "hvc1", "hvcC",
            "av01", "av1C", "vp09", "vpcC", "colr", "pasp", "mp4a", "wave", "esds", "Opus", "dOps", "fLaC", "dfLa",
            "ac-3", "dac3", "ec-3", "dec3", "stts", "ctts", "stss", "stsc", "stsz", "stz2", "stco", "co64", "sdtp",
            "sbgp", "sgpd", "mehd", "trex", "mfhd", "tfhd", "tfdt", "trun", "mdat", "sidx", "free", "uuid", "iinf",
            "infe", "iloc", "ispe", "irot", "pixi", "ipma", "pitm", "keys", "data",
        ].map { Array($0.utf8) }

    /// Where boxes have their sizes and first numbers.
    static func places(in file: [UInt8]) -> [Int] {
        Samples.places(of: boxNames, in: file).flatMap { place in
            [-4, -4, 4, 8, 12, 16, 20, 24].map { place + $0 }
        }
    }

    /// The boxes of a file, also those in others.
    static func boxes(in file: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        func walk(_ range: Range<Int>) {
            var start = range.lowerBound
            while start + 8 <= range.upperBound {
                let size = file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
                guard size >= 8, start + size <= range.upperBound else { return }
                found.append(start..<start + size)
                let name = Array(file[start + 4..<start + 8])
                // That of pictures begins with a version.
                if containers.contains(name) { walk(start + (name == Array("meta".utf8) ? 12 : 8)..<start + size) }
                start += size
            }
        }
        walk(file.indices)
        return found
    }

    private static func mp4() throws -> FuzzParser {
        let films =
            try Samples.files("fixtures/films", ending: ".mp4") + Samples.files("fixtures/films", ending: ".mov")
        return FuzzParser(
            seeds: films.filter { $0.count < 30_000 } + [MediaSamples.film], words: boxNames, places: places,
            boxes: boxes
        ) { file in
            let isRead = try PictureParsers.look(at: file)
            return try packages(of: FileBytes(file)) != nil || isRead
        }
    }

    private static func webm() -> FuzzParser {
        let ids: [[UInt8]] = [
            [0x1A, 0x45, 0xDF, 0xA3], [0x18, 0x53, 0x80, 0x67], [0x15, 0x49, 0xA9, 0x66], [0x16, 0x54, 0xAE, 0x6B],
            [0x1F, 0x43, 0xB6, 0x75], [0xAE], [0xE0], [0x83, 0x81], [0x44, 0x89, 0x88], [0xFF], [0x80], [1, 0xFF],
        ]
        return FuzzParser(seeds: [MediaSamples.webm], words: ids, PictureParsers.look)
    }

    /// How many tracks of a film could be packaged; nil if it cannot be read.
    private static func packages(of bytes: FileBytes) throws -> Int? {
        guard let movie = try? Movie(reading: bytes) else { return nil }
        var count = 0
        for track in movie.tracks {
            let samples = track.samples
            // Some samples by their index and by their time, too.
            for index in stride(from: 0, to: samples.count, by: max(1, samples.count / 16)) {
                let sample = samples[index]
                try FuzzFault.expect(
                    samples.index(ofDecodeTime: sample.decodeTime) >= index || sample.duration == 0,
                    "a sample is found at its time")
            }
            let cuts = track.kind == .video ? Array(samples.syncSamples.prefix(8)) : []
            guard
                let packager = try? MoviePackager(
                    movie, from: bytes, tracks: [track], cuts: cuts,
                    times: track.kind == .video ? [] : [MovieTime(1, 2), MovieTime(1, 1)])
            else { continue }
            var sink = Counter()
            do {
                _ = try packager.index(of: track.number)
                try packager.package(to: &sink)
            } catch let error as MovieError {
                throw FuzzFault("what was planned can be packaged: \(error)")
            }
            count += 1
        }
        return count
    }

    /// Compares what segments have with what they should have.
    private struct Counter: SegmentSink {
        private var left = 0

        mutating func header(track: Int, bytes: [UInt8]) {}
        mutating func begin(_ segment: PackagedSegment) { left = segment.sizeBytes }
        mutating func write(_ bytes: UnsafeRawBufferPointer) { left -= bytes.count }
        mutating func end() throws { try FuzzFault.expect(left == 0, "a segment is as large as it was planned") }
    }
}
