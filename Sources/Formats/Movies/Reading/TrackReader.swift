// A track while a film is read: the boxes of `trak`, and what fragments add to it.

/// Collects what a film says of a track.
struct TrackReader {
    /// The name that the file knows the track by.
    let id: UInt32
    /// What samples of fragments are like unless the fragment says otherwise (`trex`).
    var defaults: FragmentDefaults?
    /// The samples so far.
    private(set) var samples: SampleTable

    private let box: MovieBox
    private let number: Int
    private let kind: MediaMetadata.Track.Kind
    private let timescale: Int
    private let language: String
    private let edits: EditList
    private let filmScale: Int
    private let entries: MovieBox
    private let references: MovieBox?
    private var entry: Int?
    private var hasSeveralEntries: Bool
    private var preroll: Int
    private let size: (width: UInt32, height: UInt32)
    private let matrix: [UInt32]

    /// Reads a box `trak`.
    init(_ box: MovieBox, number: Int, filmScale: Int, fileBytes: Int) throws(MovieError) {
        self.box = box
        self.number = number
        self.filmScale = filmScale
        let header = try box.needed("tkhd")
        let isWide = try header.u8(0) == 1
        id = try header.u32(isWide ? 20 : 12)
        guard id != 0 else { throw header.error(.damaged, "the track has the id 0") }
        var matrix: [UInt32] = []
        let base = isWide ? 52 : 40
        for index in 0..<9 { matrix.append(try header.u32(base + 4 * index)) }
        self.matrix = matrix
        size = (try header.u32(base + 36), try header.u32(base + 40))

        let media = try box.needed("mdia")
        let mediaHeader = try media.needed("mdhd")
        let width = try mediaHeader.u8(0) == 1 ? 8 : 4
        timescale = Int(try mediaHeader.u32(4 + 2 * width))
        guard timescale > 0 else { throw mediaHeader.error(.damaged, "a second has 0 units") }
        language = try Self.language(media, code: mediaHeader.u16(8 + 3 * width))
        kind = MediaMetadata.Track.Kind(handler: FourCC(try media.needed("hdlr").u32(8)))
        if let list = try box.child("edts")?.child("elst") {
            edits = try EditList(list, filmScale: filmScale, trackScale: timescale)
        } else {
            edits = EditList()
        }

        let information = try media.needed("minf")
        references = try information.child("dinf")?.child("dref")
        let tables = try information.needed("stbl")
        entries = try tables.needed("stsd")
        var reader = SampleTableReader(tables, fileBytes: fileBytes)
        samples = try reader.read()
        entry = reader.entry
        hasSeveralEntries = reader.hasSeveralEntries
        preroll = reader.preroll
    }

    /// Adds the samples of a part of a fragment.
    mutating func add(_ fragment: inout FragmentReader) throws(MovieError) {
        try fragment.add(to: &samples)
        if fragment.sampleCount > 0 {
            if let entry, entry != fragment.entry { hasSeveralEntries = true }
            entry = entry ?? fragment.entry
        }
        preroll = max(preroll, fragment.preroll)
    }

    /// The track, when the whole film has been read.
    func finished() throws(MovieError) -> MovieTrack {
        var (first, end) = (samples.startTime, samples.startTime + samples.duration)
        if !samples.isInOrder {
            (first, end) = (.max, .min)
            for sample in samples {
                first = min(first, sample.compositionTime)
                end = max(end, sample.compositionTime + sample.duration)
            }
        }
        // Without an edit list everything is presented, also what is shown before the time zero.
        let start = edits.mediaStart.map { Int64($0) } ?? min(0, first)
        var presented = max(0, end - start)
        if edits.duration > 0 {
            presented = min(presented, MovieTime(Int64(edits.duration), filmScale).ticks(timescale))
        }
        let sampleEntry = try SampleEntryReader(entries, number: entry ?? 1, kind: kind)
        return MovieTrack(
            number: number, id: id, kind: kind, timescale: timescale, language: language, entry: sampleEntry.entry,
            samples: samples, presentationStart: start, delay: MovieTime(Int64(edits.delay), filmScale),
            presentedDuration: presented, preroll: preroll, trackSize: size, matrix: matrix,
            refusal: try refusal(sampleEntry))
    }

    /// Why the track cannot be packaged.
    private func refusal(_ entry: SampleEntryReader) throws(MovieError) -> MovieError? {
        if samples.count == 0 { return box.error(.unsupported, "the track has no samples") }
        if let reason = edits.refusal {
            return box.error(
                .unsupported, "its edit list presents \(reason); one part at the usual speed is understood")
        }
        if hasSeveralEntries { return entries.error(.unsupported, "the samples are coded in more than one way") }
        if let references, try !isInFile(references, entry.reference) {
            return references.error(.unsupported, "the samples are in another file")
        }
        return entry.refusal
    }

    /// Whether a data reference means the film itself.
    private func isInFile(_ references: MovieBox, _ number: Int) throws(MovieError) -> Bool {
        var boxes = references.children(from: 8)
        var index = 0
        while let box = try boxes.next() {
            index += 1
            if index == number { return try box.u32(0) & 1 == 1 }
        }
        return true
    }

    private static func language(_ media: MovieBox, code: Int) throws(MovieError) -> String {
        if let box = try media.child("elng") {
            let tag = try box.rest(from: 4).prefix { $0 != 0 }
            let isTag = { (byte: UInt8) in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
            if (2...64).contains(tag.count), tag.allSatisfy(isTag) { return String(decoding: tag, as: UTF8.self) }
        }
        // Three letters of five bits; QuickTime has numbers of its own below them.
        let letters = [code >> 10 & 31, code >> 5 & 31, code & 31]
        guard letters.allSatisfy({ (1...26).contains($0) }) else { return "und" }
        return String(decoding: letters.map { UInt8($0 + 0x60) }, as: UTF8.self)
    }
}
