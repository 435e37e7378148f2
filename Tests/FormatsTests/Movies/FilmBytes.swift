// Films put together box by box, in all the forms that the format has, from a plain list of samples.

@testable import Formats

/// One sample as a test wants it.
struct PlainSample: Equatable {
    var size: Int
    var duration: Int
    var composition = 0
    var isSync = true
}

/// A track as a test wants it.
struct PlainTrack {
    var handler = "soun"
    var timescale = 48_000
    var samples: [PlainSample] = []
    /// Duration in units of the film, media time (-1 is empty) and rate in 1/65536.
    var edits: [(duration: Int, start: Int, rate: Int)] = []
    var entry = FilmBytes.aac
    var entries: [[UInt8]]?
    /// Boxes that come on top in `stbl`.
    var extra: [UInt8] = []
    var language = 0x55C4
    var tag: String?
    var reference = FilmBytes.box("url ", version: 0, flags: 1, [])
}

/// How a film is written.
struct FilmForm {
    var isFragmented = false
    var isMovieLast = false
    var hasWidePlaces = false
    var hasWideTimes = false
    var sizeBits = 32
    var commonSize = false
    var chunkSamples = 3
    var isInterleaved = true
    var hasSyncTable = true
    /// Samples of a fragment, and flags of its boxes.
    var fragmentSamples = 4
    var isCountedFromMoof = true
    var hasPlace = false
    var runFields: UInt32 = 0xF01
    var hasTimes = true
    var filmScale = 1_000
}

/// Writes films.
enum FilmBytes {
    static func number(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func box(_ name: String, _ data: [UInt8]) -> [UInt8] {
        number(data.count + 8, 4) + Array(name.utf8) + data
    }

    static func box(_ name: String, version: Int, flags: Int = 0, _ data: [UInt8]) -> [UInt8] {
        box(name, number(version << 24 | flags, 4) + data)
    }

    /// A box whose size has eight bytes.
    static func large(_ name: String, _ data: [UInt8]) -> [UInt8] {
        number(1, 4) + Array(name.utf8) + number(data.count + 16, 8) + data
    }

    // MARK: Sample entries

    static func sound(_ format: String, _ settings: [UInt8], channels: Int = 2, rate: Int = 48_000) -> [UInt8] {
        box(
            format,
            number(0, 6) + number(1, 2) + number(0, 8) + number(channels, 2) + number(16, 2) + number(0, 4)
                + number(rate << 16, 4) + settings)
    }

    static func picture(_ format: String, _ settings: [UInt8], width: Int = 320, height: Int = 180) -> [UInt8] {
        box(
            format,
            number(0, 6) + number(1, 2) + number(0, 16) + number(width, 2) + number(height, 2) + number(0, 50)
                + settings)
    }

    /// The box `esds` with the settings of a codec of a kind.
    static func stream(_ kind: Int, _ settings: [UInt8]) -> [UInt8] {
        let config =
            [4, UInt8(15 + settings.count), UInt8(kind)] + number(0, 12) + [5, UInt8(settings.count)] + settings
        return box("esds", version: 0, [3, UInt8(3 + config.count)] + number(0, 3) + config)
    }

    static let aac = sound("mp4a", stream(0x40, [0x11, 0x90]))
    static let avc = picture("avc1", box("avcC", [1, 0x64, 0, 0x1F, 0xFF, 0xE0, 0]))

    // MARK: Films

    /// A film, and where each sample of each track lies in it.
    static func film(_ tracks: [PlainTrack], _ form: FilmForm = FilmForm()) -> (bytes: [UInt8], places: [[Int]]) {
        form.isFragmented ? fragmented(tracks, form) : whole(tracks, form)
    }

    private static func whole(_ tracks: [PlainTrack], _ form: FilmForm) -> (bytes: [UInt8], places: [[Int]]) {
        var start = box("ftyp", Array("isom".utf8) + number(0, 4))
        // Twice: the size of the header does not depend on the places in it.
        var header: [UInt8] = []
        var data: [UInt8] = []
        var places: [[Int]] = []
        for turn in 0..<2 {
            (data, places) = layOut(tracks, form, at: start.count + (form.isMovieLast ? 0 : header.count) + 16)
            let boxes = zip(tracks, places).enumerated().map { trak($0, $1.0, $1.1, form) }
            header = box("moov", mvhd(form) + boxes.flatMap { $0 })
            if turn == 1 { break }
        }
        start += form.isMovieLast ? large("mdat", data) + header : header + large("mdat", data)
        return (start, places)
    }

    /// The samples in chunks, each filled with its number.
    private static func layOut(_ tracks: [PlainTrack], _ form: FilmForm, at start: Int) -> ([UInt8], [[Int]]) {
        var data: [UInt8] = []
        var places = tracks.map { _ in [Int]() }
        func chunk(_ track: Int) {
            for _ in 0..<form.chunkSamples where places[track].count < tracks[track].samples.count {
                let size = tracks[track].samples[places[track].count].size
                data += [UInt8](repeating: UInt8(truncatingIfNeeded: places[track].count), count: size)
                places[track].append(start + data.count - size)
            }
            // Something between the chunks that belongs to nobody.
            data += [0xEE]
        }
        if form.isInterleaved {
            while zip(tracks, places).contains(where: { $0.samples.count > $1.count }) { tracks.indices.forEach(chunk) }
        } else {
            for index in tracks.indices {
                while places[index].count < tracks[index].samples.count { chunk(index) }
            }
        }
        return (data, places)
    }

    static func mvhd(_ form: FilmForm) -> [UInt8] {
        form.hasWideTimes
            ? box("mvhd", version: 1, number(0, 16) + number(form.filmScale, 4) + number(0, 88))
            : box("mvhd", version: 0, number(0, 8) + number(form.filmScale, 4) + number(0, 84))
    }

    static func trak(_ index: Int, _ track: PlainTrack, _ places: [Int], _ form: FilmForm) -> [UInt8] {
        let isWide = form.hasWideTimes
        let header = box(
            "tkhd", version: isWide ? 1 : 0, flags: 3,
            number(0, isWide ? 16 : 8) + number(index + 1, 4) + number(0, 4) + number(0, isWide ? 8 : 4) + number(0, 16)
                + [1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30, 320 << 16, 180 << 16].flatMap { number($0, 4) })
        var edits: [UInt8] = []
        if !track.edits.isEmpty {
            let list = track.edits.flatMap {
                number($0.duration, isWide ? 8 : 4) + number($0.start, isWide ? 8 : 4) + number($0.rate, 4)
            }
            edits = box("edts", box("elst", version: isWide ? 1 : 0, number(track.edits.count, 4) + list))
        }
        let media =
            box(
                "mdhd", version: isWide ? 1 : 0,
                number(0, isWide ? 16 : 8) + number(track.timescale, 4) + number(0, isWide ? 8 : 4)
                    + number(track.language, 2) + number(0, 2))
            + box("hdlr", version: 0, number(0, 4) + Array(track.handler.utf8) + number(0, 13))
            + (track.tag.map { box("elng", version: 0, Array($0.utf8) + [0]) } ?? [])
            + box(
                "minf",
                box("dinf", box("dref", version: 0, number(1, 4) + track.reference)) + tables(track, places, form))
        return box("trak", header + edits + box("mdia", media))
    }

    private static func tables(_ track: PlainTrack, _ places: [Int], _ form: FilmForm) -> [UInt8] {
        let samples = form.isFragmented ? [] : track.samples
        let entries = track.entries ?? [track.entry]
        var boxes = box("stsd", version: 0, number(entries.count, 4) + entries.flatMap { $0 })
        boxes += box("stts", version: 0, runs(samples.map(\.duration)))
        if samples.contains(where: { $0.composition != 0 }) {
            boxes += box("ctts", version: 1, runs(samples.map(\.composition)))
        }
        if form.hasSyncTable, samples.contains(where: { !$0.isSync }) {
            let syncs = samples.indices.filter { samples[$0].isSync }
            boxes += box("stss", version: 0, number(syncs.count, 4) + syncs.flatMap { number($0 + 1, 4) })
        }
        boxes += sizes(samples.map(\.size), form)
        let chunks = stride(from: 0, to: samples.count, by: form.chunkSamples).map { places[$0] }
        let last = samples.count % form.chunkSamples
        var pieces = chunks.isEmpty ? [] : [[1, form.chunkSamples, 1]]
        if last > 0 { pieces = (chunks.count > 1 ? pieces : []) + [[chunks.count, last, 1]] }
        boxes += box("stsc", version: 0, number(pieces.count, 4) + pieces.flatMap { $0 }.flatMap { number($0, 4) })
        boxes += box(
            form.hasWidePlaces ? "co64" : "stco", version: 0,
            number(chunks.count, 4) + chunks.flatMap { number($0, form.hasWidePlaces ? 8 : 4) })
        return box("stbl", boxes + track.extra)
    }

    private static func sizes(_ sizes: [Int], _ form: FilmForm) -> [UInt8] {
        if form.commonSize, let size = sizes.first {
            return box("stsz", version: 0, number(size, 4) + number(sizes.count, 4))
        }
        switch form.sizeBits {
        case 32: return box("stsz", version: 0, number(0, 4) + number(sizes.count, 4) + sizes.flatMap { number($0, 4) })
        case 4:
            let pairs = stride(from: 0, to: sizes.count, by: 2).map {
                UInt8(sizes[$0] << 4 | ($0 + 1 < sizes.count ? sizes[$0 + 1] : 0))
            }
            return box("stz2", version: 0, number(4, 4) + number(sizes.count, 4) + pairs)
        default:
            let table = sizes.flatMap { number($0, form.sizeBits / 8) }
            return box("stz2", version: 0, number(form.sizeBits, 4) + number(sizes.count, 4) + table)
        }
    }

    /// Numbers as runs of the same number.
    static func runs(_ values: [Int]) -> [UInt8] {
        var runs: [(count: Int, value: Int)] = []
        for value in values {
            if runs.last?.value == value { runs[runs.count - 1].count += 1 } else { runs.append((1, value)) }
        }
        return number(runs.count, 4) + runs.flatMap { number($0.count, 4) + number($0.value, 4) }
    }

    // MARK: Fragments

    private static func fragmented(_ tracks: [PlainTrack], _ form: FilmForm) -> (bytes: [UInt8], places: [[Int]]) {
        let defaults = tracks.indices.flatMap { index in
            box(
                "trex", version: 0,
                [index + 1, 1, tracks[index].samples.first?.duration ?? 0, tracks[index].samples.first?.size ?? 0, 0]
                    .flatMap { number($0, 4) })
        }
        let traks = tracks.indices.flatMap { trak($0, tracks[$0], [], form) }
        var bytes = box("ftyp", Array("iso6".utf8) + number(0, 4))
        bytes += box("moov", mvhd(form) + traks + box("mvex", defaults))
        var places = tracks.map { _ in [Int]() }
        var times = tracks.map { _ in 0 }
        while zip(tracks, places).contains(where: { $0.samples.count > $1.count }) {
            var data: [UInt8] = []
            var ranges: [Range<Int>] = []
            for index in tracks.indices {
                let first = places[index].count
                ranges.append(first..<min(first + form.fragmentSamples, tracks[index].samples.count))
            }
            let size = box("moof", fragment(tracks, ranges, times, form, at: bytes.count, data: 0)).count
            let moof = fragment(tracks, ranges, times, form, at: bytes.count, data: bytes.count + size + 8)
            bytes += box("moof", moof)
            for (index, range) in ranges.enumerated() {
                for sample in range {
                    places[index].append(bytes.count + 8 + data.count)
                    data += [UInt8](
                        repeating: UInt8(truncatingIfNeeded: sample), count: tracks[index].samples[sample].size)
                    times[index] += tracks[index].samples[sample].duration
                }
            }
            bytes += box("mdat", data)
        }
        return (bytes, places)
    }

    /// The boxes of a fragment that begins at a place, and whose data does.
    private static func fragment(
        _ tracks: [PlainTrack], _ ranges: [Range<Int>], _ times: [Int], _ form: FilmForm, at start: Int, data: Int
    ) -> [UInt8] {
        var bytes = box("mfhd", version: 0, number(1, 4))
        var place = data
        let first = ranges.firstIndex { !$0.isEmpty }
        for (index, range) in ranges.enumerated() where !range.isEmpty {
            let samples = tracks[index].samples[range]
            var flags = form.isCountedFromMoof ? 0x2_0000 : 0
            var header = number(index + 1, 4)
            if form.hasPlace {
                flags = 1
                header += number(place, 8)
            }
            // Without flags for each sample those of the first, then common ones.
            flags |= 0x20
            header += number(0x101_0000, 4)
            var run = number(samples.count, 4)
            // From the fragment, from the place in its header, or from where the track before ends.
            let base = form.hasPlace ? place : form.isCountedFromMoof || index == first ? start : place
            if form.runFields & 1 != 0 { run += number(place - base, 4) }
            if form.runFields & 4 != 0 { run += number(samples.first?.isSync == true ? 0 : 0x101_0000, 4) }
            for sample in samples {
                if form.runFields & 0x100 != 0 { run += number(sample.duration, 4) }
                if form.runFields & 0x200 != 0 { run += number(sample.size, 4) }
                if form.runFields & 0x400 != 0 { run += number(sample.isSync ? 0 : 0x101_0000, 4) }
                if form.runFields & 0x800 != 0 { run += number(sample.composition, 4) }
                place += sample.size
            }
            bytes += box(
                "traf",
                box("tfhd", version: 0, flags: flags, header)
                    + (form.hasTimes ? box("tfdt", version: 1, number(times[index], 8)) : [])
                    + box("trun", version: 1, flags: Int(form.runFields), run))
        }
        return bytes
    }
}
