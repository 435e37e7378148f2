// The tables of a track whose samples are described in one place (ISO/IEC 14496-12 §8.5–8.7): one says how large the
// samples are, one how long they last, one in which chunks they lie, and so on; put together they are a `SampleTable`.

/// Reads the boxes inside `stbl`.
struct SampleTableReader {
    private let tables: MovieBox
    private let fileBytes: Int
    private var table = SampleTable()
    /// The entry of `stsd` that the samples use, from 1; nil if there are no samples.
    private(set) var entry: Int?
    /// Whether they use more than one.
    private(set) var hasSeveralEntries = false
    /// How many samples have to be decoded before one, for sound.
    private(set) var preroll = 0

    init(_ tables: MovieBox, fileBytes: Int) {
        self.tables = tables
        self.fileBytes = fileBytes
    }

    /// Reads all of them.
    mutating func read() throws(MovieError) -> SampleTable {
        try readSizes()
        if table.count > 0 {
            try readDurations()
            try readCompositions()
            try readPlaces()
        }
        try readFlags()
        return table
    }

    private mutating func readSizes() throws(MovieError) {
        if let box = try tables.child("stz2") {
            let bits = try box.u8(7)
            guard [4, 8, 16].contains(bits) else { throw box.error(.damaged, "sizes of \(bits) bits") }
            let count = Int(try box.u32(8))
            guard (count * bits + 7) / 8 <= box.count - 12 else {
                throw box.error(.damaged, "\(count) sizes of \(bits) bits do not fit into it")
            }
            for index in 0..<count {
                let size =
                    switch bits {
                    case 4: try box.u8(12 + index / 2) >> (index % 2 == 0 ? 4 : 0) & 15
                    case 8: try box.u8(12 + index)
                    default: try box.u16(12 + 2 * index)
                    }
                try append(UInt32(size), 1, box)
            }
            return
        }
        let box = try tables.needed("stsz")
        let common = try box.u32(4)
        if common != 0 { return try append(common, Int(box.u32(8)), box) }
        let count = try box.counted(8, width: 4)
        table.expect(sizes: count)
        for index in 0..<count { try append(try box.u32(12 + 4 * index), 1, box) }
    }

    private mutating func append(_ size: UInt32, _ count: Int, _ box: MovieBox) throws(MovieError) {
        do {
            try table.append(size: size, count: count, limit: fileBytes)
        } catch {
            throw box.located(error)
        }
    }

    private mutating func readDurations() throws(MovieError) {
        let box = try tables.needed("stts")
        for index in 0..<(try box.counted(4, width: 8)) {
            let count = min(Int(try box.u32(8 + 8 * index)), table.count - table.filled.durations)
            let duration = try box.u32(12 + 8 * index)
            do {
                try table.append(duration: duration, count: count)
            } catch {
                throw box.located(error)
            }
        }
        guard table.filled.durations == table.count else {
            throw box.error(.damaged, "it is about \(table.filled.durations) samples of \(table.count)")
        }
    }

    private mutating func readCompositions() throws(MovieError) {
        if let box = try tables.child("ctts") {
            let entries = try box.counted(4, width: 8)
            table.expect(compositions: entries)
            for index in 0..<entries {
                let count = min(Int(try box.u32(8 + 8 * index)), table.count - table.filled.compositions)
                // Signed in both versions: many programs write negative ones in version 0, none such large ones.
                table.append(composition: Int32(bitPattern: try box.u32(12 + 8 * index)), count: count)
            }
        }
        // Not all programs go on to the last sample.
        table.append(composition: 0, count: table.count - table.filled.compositions)
    }

    private mutating func readPlaces() throws(MovieError) {
        let wide = try tables.child("co64")
        let chunks = if let wide { wide } else { try tables.needed("stco") }
        let width = wide == nil ? 4 : 8
        let chunkCount = try chunks.counted(4, width: width)
        table.expect(places: chunkCount)
        let runs = try tables.needed("stsc")
        let runCount = try runs.counted(4, width: 12)
        var (chunk, placed) = (0, 0)
        for run in 0..<runCount where placed < table.count {
            let offset = 8 + 12 * run
            guard Int(try runs.u32(offset)) == chunk + 1 else {
                throw runs.error(.damaged, "entry \(run + 1) does not begin with a later chunk than the one before")
            }
            let samples = Int(try runs.u32(offset + 4))
            let end = run + 1 < runCount ? min(Int(try runs.u32(offset + 12)) - 1, chunkCount) : chunkCount
            guard end > chunk || chunk == chunkCount else {
                throw runs.error(.damaged, "entry \(run + 2) does not begin with a later chunk than the one before")
            }
            try use(entry: Int(try runs.u32(offset + 8)), runs)
            while chunk < end, placed < table.count {
                let count = min(samples, table.count - placed)
                let place = try chunks.wide(8 + width * chunk, isWide: width == 8)
                do {
                    try table.append(place: place, count: count, limit: fileBytes)
                } catch {
                    throw chunks.error(error.code, "chunk \(chunk + 1): \(error.message)")
                }
                placed += count
                chunk += 1
            }
        }
        guard placed == table.count else {
            throw runs.error(.damaged, "\(chunk) chunks have \(placed) samples of \(table.count)")
        }
    }

    private mutating func use(entry number: Int, _ box: MovieBox) throws(MovieError) {
        guard number > 0 else { throw box.error(.damaged, "it names the sample entry 0") }
        if let entry, entry != number { hasSeveralEntries = true }
        entry = entry ?? number
    }

    private mutating func readFlags() throws(MovieError) {
        var flags = SampleRuns()
        if let box = try tables.child("stss") {
            for index in 0..<(try box.counted(4, width: 4)) {
                let sample = Int(try box.u32(8 + 4 * index)) - 1
                guard sample >= flags.count, sample < table.count else {
                    throw box.error(.damaged, "entry \(index + 1) names sample \(sample + 1) of \(table.count)")
                }
                flags.append(SampleFlags.notSync.bits, count: sample - flags.count)
                flags.append(SampleFlags.sync.bits)
            }
            flags.append(SampleFlags.notSync.bits, count: table.count - flags.count)
        } else {
            flags.append(SampleFlags.sync.bits, count: table.count)
        }
        var marks = try SampleMarks(of: tables, count: table.count)
        preroll = marks.preroll
        if marks.isEmpty {
            flags.forEachRun { _, count, bits in table.append(flags: SampleFlags(bits: bits), count: count) }
        } else {
            var cursor = flags.cursor()
            for _ in 0..<table.count {
                table.append(flags: marks.next(SampleFlags(bits: cursor.next())), count: 1)
            }
        }
    }
}
