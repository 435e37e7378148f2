// One track's part of a fragment (ISO/IEC 14496-12 §8.8): where its samples lie and what they are like, each of
// which may be said for a sample, for a run, for the fragment or for the whole track.

/// What samples of fragments are like unless something else is said (`trex`, `tfhd`).
struct FragmentDefaults {
    /// The entry of `stsd`, from 1.
    var entry: Int
    /// How long a sample lasts.
    var duration: UInt32
    /// How large a sample is.
    var size: UInt32
    /// What is known of a sample.
    var flags: SampleFlags

    /// Reads a box `trex`.
    init(_ box: MovieBox) throws(MovieError) {
        entry = Int(try box.u32(8))
        duration = try box.u32(12)
        size = try box.u32(16)
        flags = SampleFlags(bits: try box.u32(20))
    }
}

/// Reads a box `traf`.
struct FragmentReader {
    /// The id of the track.
    let id: UInt32
    /// How many samples were added.
    private(set) var sampleCount = 0
    /// How many samples have to be decoded before one, for sound.
    private(set) var preroll = 0
    /// Where the data of the last run ends, which may be where that of the next track begins.
    private(set) var dataEnd: Int

    private let box: MovieBox
    private let fileBytes: Int
    private var defaults: FragmentDefaults

    /// The entry of `stsd` that describes the samples.
    var entry: Int { defaults.entry }

    /// Reads the header.
    ///
    /// - Parameter lastEnd: where the data of the part before ends; nil for the first part of a fragment.
    init(
        _ box: MovieBox, fragmentStart: Int, lastEnd: Int?, fileBytes: Int,
        defaults: (UInt32) throws(MovieError) -> FragmentDefaults
    ) throws(MovieError) {
        self.box = box
        self.fileBytes = fileBytes
        let header = try box.needed("tfhd")
        let flags = try header.u32(0)
        id = try header.u32(4)
        do {
            self.defaults = try defaults(id)
        } catch {
            throw header.located(error)
        }
        var offset = 8
        // From where the moof begins, unless the places are counted from elsewhere in the oldest way.
        dataEnd = flags & 0x02_0000 != 0 ? fragmentStart : lastEnd ?? fragmentStart
        if flags & 1 != 0 {
            dataEnd = try header.wide(offset, isWide: true)
            offset += 8
        }
        func next() throws(MovieError) -> UInt32 {
            offset += 4
            return try header.u32(offset - 4)
        }
        if flags & 2 != 0 { self.defaults.entry = Int(try next()) }
        if flags & 8 != 0 { self.defaults.duration = try next() }
        if flags & 0x10 != 0 { self.defaults.size = try next() }
        if flags & 0x20 != 0 { self.defaults.flags = SampleFlags(bits: try next()) }
    }

    /// Adds the samples to those of the track.
    mutating func add(to table: inout SampleTable) throws(MovieError) {
        if let time = try box.child("tfdt") {
            let start = try time.wide(4, isWide: time.u8(0) == 1)
            do throws(MovieError) {
                guard start <= MovieLimits.ticks, try table.extend(to: Int64(start)) else {
                    throw time.error(.damaged, "the fragment begins at \(start), before what was there already")
                }
            } catch {
                throw time.located(error)
            }
        }
        var total = 0
        var runs = box.children()
        while let run = try runs.next() { total += run.name == "trun" ? Int(try run.u32(4)) : 0 }
        var marks = try SampleMarks(of: box, count: total)
        preroll = marks.preroll
        let base = dataEnd
        runs = box.children()
        while let run = try runs.next() {
            guard run.name == "trun" else { continue }
            do {
                try add(run, from: base, to: &table, &marks)
            } catch {
                throw run.located(error)
            }
        }
    }

    private mutating func add(
        _ run: MovieBox, from base: Int, to table: inout SampleTable, _ marks: inout SampleMarks
    ) throws(MovieError) {
        let flags = try run.u32(0)
        let has = { (bit: UInt32) in flags & bit != 0 }
        let width = [0x100, 0x200, 0x400, 0x800].reduce(0) { $0 + (has($1) ? 4 : 0) }
        var offset = 8 + (has(1) ? 4 : 0) + (has(4) ? 4 : 0)
        let count = Int(try run.u32(4))
        guard count * width <= run.count - offset else {
            throw run.error(.damaged, "\(count) samples of \(width) bytes do not fit into it")
        }
        var place = dataEnd
        if has(1) { place = base + Int(Int32(bitPattern: try run.u32(8))) }
        let firstFlags = has(4) ? SampleFlags(bits: try run.u32(offset - 4)) : nil
        func next() throws(MovieError) -> UInt32 {
            offset += 4
            return try run.u32(offset - 4)
        }
        if width == 0 && marks.isEmpty && firstFlags == nil {
            // Nothing is said of single samples, of which there may be very many.
            try table.append(size: defaults.size, count: count, limit: fileBytes)
            try table.append(duration: defaults.duration, count: count)
            table.append(composition: 0, count: count)
            table.append(flags: defaults.flags, count: count)
            try table.append(place: place, count: count, limit: fileBytes)
            place += Int(defaults.size) * count
        } else {
            for index in 0..<count {
                try table.append(duration: has(0x100) ? next() : defaults.duration, count: 1)
                let size = try has(0x200) ? next() : defaults.size
                var flags = try has(0x400) ? SampleFlags(bits: next()) : defaults.flags
                if index == 0, let firstFlags { flags = firstFlags }
                table.append(composition: try has(0x800) ? Int32(bitPattern: next()) : 0, count: 1)
                table.append(flags: marks.next(flags), count: 1)
                try table.append(size: size, count: 1, limit: fileBytes)
                try table.append(place: place, count: 1, limit: fileBytes)
                place += Int(size)
            }
        }
        dataEnd = place
        sampleCount += count
    }
}
