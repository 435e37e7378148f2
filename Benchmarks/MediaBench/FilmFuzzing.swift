// Damage where it hurts films most: in the sizes and counts of their boxes.

import Formats

/// Damages films, and packages what is left of them.
enum FilmFuzzing {
    /// The boxes whose sizes and first numbers are changed.
    private static let names = [
        "ftyp", "moov", "mvhd", "trak", "tkhd", "edts", "elst", "mdia", "mdhd", "hdlr", "elng", "minf", "dinf", "dref",
        "stbl", "stsd", "avc1", "avcC", "hvc1", "hvcC", "av01", "av1C", "vp09", "vpcC", "colr", "pasp", "mp4a", "wave",
        "esds", "Opus", "dOps", "fLaC", "dfLa", "ac-3", "dac3", "ec-3", "dec3", "stts", "ctts", "stss", "stsc", "stsz",
        "stz2", "stco", "co64", "sdtp", "sbgp", "sgpd", "mvex", "mehd", "trex", "moof", "mfhd", "traf", "tfhd", "tfdt",
        "trun", "mdat", "sidx", "mfra",
    ].map { Array($0.utf8) }

    /// Where the names of boxes stand in a film.
    static func boxes(of file: [UInt8]) -> [Int] {
        guard file.count > 32, file[4..<8].elementsEqual("ftyp".utf8) else { return [] }
        return (4..<file.count - 28).filter { place in names.contains { file[place..<place + 4].elementsEqual($0) } }
    }

    /// Changes the size of a box, or one of the numbers at its beginning.
    static func change(_ file: inout [UInt8], boxAt place: Int, _ random: inout Fuzzing.Random) {
        let offset = place + [-4, -4, 4, 8, 12, 16, 20, 24][random.below(8)]
        guard offset >= 0, offset + 4 <= file.count else { return }
        let old = file[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
        let new: UInt32 =
            switch random.below(12) {
            case 0: 0
            case 1: 1
            case 2: .max
            case 3: 0x7FFF_FFFF
            case 4: 0x8000_0000
            case 5: old &+ 1
            case 6: old &- 1
            case 7: old << 1
            case 8: old ^ 1 << UInt32(random.below(32))
            case 9: UInt32(random.below(1 << 10))
            default: UInt32(truncatingIfNeeded: random.next())
            }
        for index in 0..<4 { file[offset + index] = UInt8(truncatingIfNeeded: new >> UInt32(24 - 8 * index)) }
    }

    /// How many tracks of a film could be packaged; nil if it cannot be read.
    static func packages(of bytes: FileBytes) throws -> Int? {
        guard let movie = try? Movie(reading: bytes) else { return nil }
        var count = 0
        for track in movie.tracks {
            // Some samples by their index and by their time, too.
            let samples = track.samples
            for index in stride(from: 0, to: samples.count, by: max(1, samples.count / 16)) {
                let sample = samples[index]
                guard samples.index(ofDecodeTime: sample.decodeTime) >= index || sample.duration == 0 else {
                    throw Mismatch()
                }
            }
            let cuts = track.kind == .video ? Array(samples.syncSamples.prefix(8)) : []
            guard
                let packager = try? MoviePackager(
                    movie, from: bytes, tracks: [track], cuts: cuts,
                    times: track.kind == .video ? [] : [MovieTime(1, 2), MovieTime(1, 1)])
            else { continue }
            _ = try packager.index(of: track.number)
            var sink = Counter()
            try packager.package(to: &sink)
            count += 1
        }
        return count
    }

    /// What was packaged is not as large as it was planned to be, or samples are not where they should be.
    private struct Mismatch: Error {}

    /// Compares what segments have with what they should have.
    private struct Counter: SegmentSink {
        private var left = 0

        mutating func header(track: Int, bytes: [UInt8]) {}
        mutating func begin(_ segment: PackagedSegment) { left = segment.sizeBytes }
        mutating func write(_ bytes: UnsafeRawBufferPointer) { left -= bytes.count }
        mutating func end() throws { if left != 0 { throw Mismatch() } }
    }
}
