// Films in the ISO base media file format (ISO/IEC 14496-12), which MP4 and QuickTime files are, whole or in fragments:
// which tracks there are, and where in the file each of their samples lies and when it is shown. Nothing is decoded,
// and of a film of gigabytes only its tables are held, in a few bytes a sample.

/// What a film consists of.
package struct Movie: Sendable {
    /// The tracks, in the order of the file.
    package let tracks: [MovieTrack]
    /// How many units a second of the whole film's own times has.
    package let timescale: Int
    /// Whether the samples are described piece by piece along the file, not in one place.
    package let isFragmented: Bool

    /// Reads the tables of a film.
    ///
    /// What is damaged or cut off is an error; a track that cannot be packaged has a `refusal`.
    package init(reading source: some MovieSource) throws(MovieError) {
        var scan = MovieScan(source)
        var reader: MovieReader?
        while let outline = try scan.next() {
            switch outline.name {
            case "moov":
                let box = try scan.box(outline)
                guard reader == nil else { throw box.error(.damaged, "there is a second one") }
                reader = try MovieReader(box, fileBytes: source.sizeBytes)
            case "moof":
                let box = try scan.box(outline)
                guard reader != nil else { throw box.error(.damaged, "a fragment stands before the box \"moov\"") }
                try reader?.add(box)
            default: break
            }
        }
        guard let reader else { throw MovieError(.damaged, "the film has no box \"moov\"") }
        var tracks: [MovieTrack] = []
        for track in reader.tracks { tracks.append(try track.finished()) }
        self.tracks = tracks
        timescale = reader.timescale
        isFragmented = reader.isFragmented
    }
}

/// A film while it is read.
private struct MovieReader {
    private(set) var tracks: [TrackReader] = []
    let timescale: Int
    let isFragmented: Bool
    private let fileBytes: Int

    /// Reads a box `moov`.
    init(_ box: MovieBox, fileBytes: Int) throws(MovieError) {
        self.fileBytes = fileBytes
        if let compressed = try box.child("cmov") {
            throw compressed.error(.unsupported, "the film's header is compressed")
        }
        let header = try box.needed("mvhd")
        timescale = Int(try header.u32(header.u8(0) == 1 ? 20 : 12))
        guard timescale > 0 else { throw header.error(.damaged, "a second has 0 units") }
        let extends = try box.child("mvex")
        isFragmented = extends != nil
        var boxes = box.children()
        while let child = try boxes.next() {
            guard child.name == "trak" else { continue }
            guard tracks.count < MovieLimits.tracks else {
                throw child.error(.tooLarge, "the film has more than \(MovieLimits.tracks) tracks")
            }
            let track = try TrackReader(
                child, number: tracks.count + 1, filmScale: timescale, fileBytes: fileBytes)
            guard !tracks.contains(where: { $0.id == track.id }) else {
                throw child.error(.damaged, "two tracks have the id \(track.id)")
            }
            tracks.append(track)
        }
        guard var boxes = extends?.children() else { return }
        while let child = try boxes.next() {
            guard child.name == "trex" else { continue }
            let id = try child.u32(4)
            guard let index = tracks.firstIndex(where: { $0.id == id }) else { continue }
            tracks[index].defaults = try FragmentDefaults(child)
        }
    }

    /// Adds the samples of a box `moof`.
    mutating func add(_ box: MovieBox) throws(MovieError) {
        var lastEnd: Int?
        var boxes = box.children()
        while let child = try boxes.next() {
            guard child.name == "traf" else { continue }
            var track = 0
            var fragment = try FragmentReader(
                child, fragmentStart: box.start, lastEnd: lastEnd, fileBytes: fileBytes
            ) { id throws(MovieError) in
                guard let index = tracks.firstIndex(where: { $0.id == id }), let defaults = tracks[index].defaults
                else { throw MovieError(.damaged, "the track \(id) has no fragments") }
                track = index
                return defaults
            }
            try tracks[track].add(&fragment)
            lastEnd = fragment.dataEnd
        }
    }
}
