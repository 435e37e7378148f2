// The box `moof` before a segment's data (ISO/IEC 14496-12 §8.8.4, in the form of ISO/IEC 23000-19 §7.5): what all
// samples have in common is said once. Its size is known before it is written, from what samples differ in.

/// What the samples of a segment have in common.
struct FragmentShape {
    /// How many bytes the samples have.
    private(set) var dataBytes = 0
    private var count = 0
    private var duration: Int64 = 0
    private var size = 0
    /// The flags of the first sample, and of the others.
    private var flags: (first: UInt32, rest: UInt32) = (0, 0)
    private var differs: Fields = []

    /// What a run says of each sample, as the flags of `trun`.
    private struct Fields: OptionSet {
        let rawValue: UInt32
        static let firstFlags = Fields(rawValue: 0x4)
        static let durations = Fields(rawValue: 0x100)
        static let sizes = Fields(rawValue: 0x200)
        static let flags = Fields(rawValue: 0x400)
        static let offsets = Fields(rawValue: 0x800)

        /// How many bytes a sample takes.
        var sampleBytes: Int { 4 * (rawValue >> 8).nonzeroBitCount }
    }

    /// Takes in the next sample, as it will be written.
    mutating func add(_ sample: MovieSample) {
        let word = sample.flags.word
        switch count {
        case 0: (duration, size, flags) = (sample.duration, sample.sizeBytes, (word, word))
        case 1: flags.rest = word
        default: if word != flags.rest { differs.insert(.flags) }
        }
        if sample.duration != duration { differs.insert(.durations) }
        if sample.sizeBytes != size { differs.insert(.sizes) }
        if sample.compositionOffset != 0 { differs.insert(.offsets) }
        count += 1
        dataBytes += sample.sizeBytes
    }

    private var fields: Fields {
        flags.first == flags.rest || differs.contains(.flags) ? differs : differs.union(.firstFlags)
    }

    /// How many bytes the box has.
    var headerBytes: Int {
        let common = differs.contains(.sizes) ? 24 : 28
        return 8 + 16 + 8 + common + 20 + 20 + (fields.contains(.firstFlags) ? 4 : 0) + count * fields.sampleBytes
    }

    /// How many bytes the segment has.
    var sizeBytes: Int { headerBytes + 8 + dataBytes }

    /// The box, and the head of the box with the data.
    func bytes(sequence: Int, decodeTime: Int64, samples: some Sequence<MovieSample>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(headerBytes + 8)
        bytes.appendBox("moof") { moof in
            moof.appendBox("mfhd", version: 0) { $0.appendBig(sequence, 4) }
            moof.appendBox("traf") { traf in
                // Places count from the beginning of the box.
                traf.appendBox("tfhd", version: 0, flags: differs.contains(.sizes) ? 0x2_0028 : 0x2_0038) { box in
                    box.appendBig(CMAFHeader.trackID, 4)
                    box.appendBig(Int(duration), 4)
                    if !differs.contains(.sizes) { box.appendBig(size, 4) }
                    box.appendBig(Int(flags.rest), 4)
                }
                traf.appendBox("tfdt", version: 1) { $0.appendBig(Int(decodeTime), 8) }
                traf.appendBox("trun", version: 1, flags: fields.rawValue | 1) { append(samples, to: &$0) }
            }
        }
        bytes.appendBig(8 + dataBytes, 4)
        bytes += ("mdat" as FourCC).bytes
        return bytes
    }

    private func append(_ samples: some Sequence<MovieSample>, to run: inout [UInt8]) {
        run.appendBig(count, 4)
        run.appendBig(headerBytes + 8, 4)
        let fields = fields
        if fields.contains(.firstFlags) { run.appendBig(Int(flags.first), 4) }
        for sample in samples {
            if fields.contains(.durations) { run.appendBig(Int(sample.duration), 4) }
            if fields.contains(.sizes) { run.appendBig(sample.sizeBytes, 4) }
            if fields.contains(.flags) { run.appendBig(Int(sample.flags.word), 4) }
            if fields.contains(.offsets) { run.appendBig(Int(sample.compositionOffset), 4) }
        }
    }
}
