// What is said of samples beside their tables: what depends on what (`sdtp`), and groups of samples (`sbgp`, `sgpd`),
// in the tables of a track as in those of a fragment (ISO/IEC 14496-12 §8.6.4, §8.9 and §10).

/// What the boxes `sdtp` and `sbgp` inside another say of its samples.
struct SampleMarks {
    private var dependencies: MovieBox?
    private var openAccess: SampleRuns.Cursor?
    private var sync: SampleRuns.Cursor?
    private var index = 0
    /// How many samples have to be decoded before one, for sound.
    private(set) var preroll = 0

    /// Reads what stands in a box about so many samples.
    init(of box: MovieBox, count: Int) throws(MovieError) {
        var boxes = box.children()
        while let child = try boxes.next() {
            switch child.name {
            case "sdtp": dependencies = child
            case "sbgp":
                let kind = FourCC(try child.u32(4))
                if kind == "rap " { openAccess = try Self.members(child, count).cursor() }
                if kind == "sync" { sync = try Self.members(child, count).cursor() }
            case "sgpd": if FourCC(try child.u32(4)) == "roll" { preroll = max(preroll, try Self.preroll(child)) }
            default: break
            }
        }
    }

    /// Whether nothing is said of single samples.
    var isEmpty: Bool { dependencies == nil && openAccess == nil && sync == nil }

    /// Adds what is said of the next sample to its flags.
    mutating func next(_ flags: SampleFlags) -> SampleFlags {
        var bits = flags.bits
        if let box = dependencies, let byte = try? box.u8(4 + index) {
            bits = bits & ~(0xFF << 20) | UInt32(byte) << 20
        }
        index += 1
        if let member = sync?.next(), member != 0 { bits &= ~SampleFlags.notSync.bits }
        if let member = openAccess?.next(), member != 0, bits & SampleFlags.notSync.bits != 0 {
            bits |= SampleFlags.openAccess.bits
        }
        return SampleFlags(bits: bits)
    }

    /// 1 for the samples that belong to a group, 0 for the others.
    private static func members(_ box: MovieBox, _ count: Int) throws(MovieError) -> SampleRuns {
        let entries = try box.u8(0) == 1 ? 12 : 8
        var runs = SampleRuns()
        for entry in 0..<(try box.counted(entries, width: 8)) {
            let offset = entries + 4 + 8 * entry
            let length = min(Int(try box.u32(offset)), count - runs.count)
            runs.append(try box.u32(offset + 4) == 0 ? 0 : 1, count: length)
        }
        return runs
    }

    /// The longest distance of a group description `roll` that goes back.
    private static func preroll(_ box: MovieBox) throws(MovieError) -> Int {
        let version = try box.u8(0)
        let common = version == 1 ? Int(try box.u32(8)) : 2
        let start = version == 0 ? 8 : 12
        // A length before each description if they have none in common.
        let width = common == 0 ? 6 : common
        guard width == 2 || common == 0 else { return 0 }
        var longest = 0
        for entry in 0..<(try box.counted(start, width: width)) {
            let distance = Int16(truncatingIfNeeded: try box.u16(start + 4 + entry * width + width - 2))
            longest = max(longest, -Int(distance))
        }
        return longest
    }
}
