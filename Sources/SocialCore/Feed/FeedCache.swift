// The packed cache of a shard's feeds: one mapped file with eight bytes an entry and no row. This file has the header,
// the offsets and the index; the records stand in FeedCache+Records.
//
//     header    magic, format, index size, sources, room for marks, count, boot, used; then 64 bytes a source:
//               shard, incarnation, applied, its check, synced, its check
//     marks     the authors whose posts were not put into feeds: author, first and last such post, check; then zeros
//     index     open addressing from a reader's id to its record, 8 bytes each: where it begins, in units of 64 bytes,
//               and 32 bits of the id's hash, so that looking a record up does not touch it
//     records   64 bytes of header and a ring of ids, for each reader; a ring is as large as it has to be
//
// The applied offset of a source holds for as long as the machine stays up, because what a killed process wrote through
// the mapping survives it. After a reboot only the synced offset holds: events from there on are applied again, which
// changes nothing where they were applied before.

/// The cache file of one shard's feeds.
///
/// One process writes at a time, under the shard's view lock; readers copy and check.
package final class FeedCache {
    static let magic: UInt64 = 0x3230_4445_4546_4353  // "SCFEED02"
    /// Bytes of a record before its ring.
    package static let recordHeaderBytes = 64
    /// Records begin at multiples of so many bytes.
    static let unitBytes = 64
    private static let headerBytes = 64
    private static let sourceBytes = 64
    private static let markBytes = 32

    /// How many entries a feed holds at most.
    package let capacity: Int
    /// What a cache file has room for.
    package let room: Room
    let map: MappedFile
    private let boot: BootSource
    private let indexSize: Int
    private let sourceCount: Int
    private let marksOffset: Int
    private let indexOffset: Int
    let recordsOffset: Int

    /// What a cache file has room for.
    package struct Room: Equatable, Sendable {
        /// Feeds.
        package var feeds: Int
        /// Units of 64 bytes for their records.
        package var units: Int
        /// Authors whose posts are pulled.
        package var marks = 64

        /// Room for some feeds, in units of 64 bytes altogether, and more of both for later.
        package static func generous(feeds: Int, units: Int, marks: Int = 0) -> Room {
            let spare = 32 + feeds / 16
            return Room(feeds: feeds + spare, units: units + units / 16 + 8 * spare, marks: 64 + 2 * marks)
        }
    }

    // MARK: Opening and making

    /// Maps a cache file.
    ///
    /// - Returns: nil when there is none, or it is not whole: then it is rebuilt.
    package init?(opening path: String, writable: Bool, context: Context) {
        let opened = try? MappedFile(
            opening: path, writable: writable, isPrivate: context.isDryRun, tap: context.fileTap)
        guard let map = opened, map.sizeBytes >= FeedCache.headerBytes, map.load(at: 0) == FeedCache.magic
        else { return nil }
        let layout = map.load(at: 8)
        let sizes = map.load(at: 16)
        guard map.load(at: 56) == FeedCache.check(layout, sizes) else { return nil }
        self.map = map
        boot = context.boot
        capacity = Int(layout & 0xFFFF_FFFF)
        indexSize = Int(layout >> 32)
        sourceCount = Int(sizes & 0xFFFF_FFFF)
        let marks = Int(sizes >> 32)
        marksOffset = FeedCache.headerBytes + FeedCache.sourceBytes * sourceCount
        indexOffset = marksOffset + FeedCache.markBytes * marks
        recordsOffset = FeedCache.aligned(indexOffset + 8 * indexSize)
        let units = (map.sizeBytes - recordsOffset) / FeedCache.unitBytes
        guard units > 0, map.sizeBytes == recordsOffset + units * FeedCache.unitBytes, indexSize > 0 else { return nil }
        room = Room(feeds: indexSize / 2, units: units, marks: marks)
    }

    /// Makes an empty cache file in a temporary place; `publish` puts it in its own.
    ///
    /// - Parameters:
    ///   - capacity: how many entries a feed holds at most.
    ///   - vector: the log positions from which the cache goes on.
    package static func create(
        _ path: String, capacity: Int, room: Room, vector: OffsetVector, shared: Bool, context: Context
    ) throws -> FeedCache {
        var indexSize = 64
        while indexSize < room.feeds * 2 { indexSize *= 2 }
        let indexOffset = headerBytes + sourceBytes * vector.entries.count + markBytes * room.marks
        let size = aligned(indexOffset + 8 * indexSize) + max(1, room.units) * unitBytes
        let map = try MappedFile(
            creating: "\(path).new", sizeBytes: size, shared: shared, tap: context.fileTap)
        let layout = UInt64(capacity) | UInt64(indexSize) << 32
        let sizes = UInt64(vector.entries.count) | UInt64(room.marks) << 32
        try map.store(layout, at: 8)
        try map.store(sizes, at: 16)
        try map.store(context.boot.identity, at: 32)
        for (index, source) in vector.entries.enumerated() {
            let base = headerBytes + sourceBytes * index
            try map.store(UInt64(truncatingIfNeeded: source.shard), at: base)
            try storeOffset(source.position, shard: source.shard, in: map, at: base + 8)
            try storeOffset(source.position, shard: source.shard, in: map, at: base + 32)
        }
        try map.store(check(layout, sizes), at: 56)
        try map.store(magic, at: 0)
        guard let cache = FeedCache(opening: "\(path).new", writable: true, context: context) else {
            throw StorageError(.ioError, "cannot make \"\(path)\"")
        }
        return cache
    }

    /// Makes what was written durable and puts the file in its own place.
    package func publish(as path: String, context: Context) throws {
        try map.sync()
        try FileSystem(tap: context.fileTap).rename("\(path).new", to: path)
    }

    // MARK: Offsets

    /// Whether the cache has been looked through since the machine came up.
    ///
    /// Before that, a power cut may have torn records.
    package var isOfThisBoot: Bool { map.load(at: 32) == boot.identity }

    /// How far the cache has come in each log; nil when that cannot be told and the cache must be rebuilt.
    package var applied: OffsetVector? {
        let sameBoot = map.load(at: 32) == boot.identity && boot.identity != 0
        var vector = OffsetVector()
        for index in 0..<sourceCount {
            let base = FeedCache.headerBytes + FeedCache.sourceBytes * index
            let shard = Int(truncatingIfNeeded: map.load(at: base))
            guard let position = (sameBoot ? offset(of: shard, at: base + 8) : nil) ?? offset(of: shard, at: base + 32)
            else { return nil }
            vector[shard] = position
        }
        return vector
    }

    /// How far the durable part of the cache has come.
    package var synced: OffsetVector {
        var vector = OffsetVector()
        for index in 0..<sourceCount {
            let base = FeedCache.headerBytes + FeedCache.sourceBytes * index
            let shard = Int(truncatingIfNeeded: map.load(at: base))
            vector[shard] = offset(of: shard, at: base + 32)
        }
        return vector
    }

    /// Says that events have been applied.
    package func setApplied(_ vector: OffsetVector) throws {
        // After a reboot the old applied offsets must not come to life with the new boot's identity.
        let isNewBoot = map.load(at: 32) != boot.identity
        for index in 0..<sourceCount {
            let base = FeedCache.headerBytes + FeedCache.sourceBytes * index
            let shard = Int(truncatingIfNeeded: map.load(at: base))
            guard let position = vector[shard] else { continue }
            if isNewBoot || offset(of: shard, at: base + 8) != position {
                try FeedCache.storeOffset(position, shard: shard, in: map, at: base + 8)
            }
        }
        if isNewBoot { try map.store(boot.identity, at: 32) }
    }

    /// Makes the entries durable, and then the offsets up to which they are.
    package func sync() throws {
        guard let applied else { return }
        try map.sync()
        for index in 0..<sourceCount {
            let base = FeedCache.headerBytes + FeedCache.sourceBytes * index
            let shard = Int(truncatingIfNeeded: map.load(at: base))
            guard let position = applied[shard] else { continue }
            try FeedCache.storeOffset(position, shard: shard, in: map, at: base + 32)
        }
        try map.sync()
    }

    private func offset(of shard: Int, at base: Int) -> LogPosition? {
        let incarnation = map.load(at: base)
        let n = map.load(at: base + 8)
        let check = FeedCache.check(UInt64(truncatingIfNeeded: shard), incarnation, n)
        guard map.load(at: base + 16) == check else { return nil }
        return LogPosition(incarnation: incarnation, n: Int64(bitPattern: n))
    }

    private static func storeOffset(_ position: LogPosition, shard: Int, in map: MappedFile, at base: Int) throws {
        let n = UInt64(bitPattern: position.n)
        try map.store(position.incarnation, at: base)
        try map.store(n, at: base + 8)
        try map.store(check(UInt64(truncatingIfNeeded: shard), position.incarnation, n), at: base + 16)
    }

    // MARK: Marks

    /// The authors whose posts were not put into feeds; nil when a mark is damaged and the cache must be rebuilt.
    package var marks: [PullMark]? {
        var marks: [PullMark] = []
        for number in 0..<room.marks {
            let offset = marksOffset + FeedCache.markBytes * number
            let words = (map.load(at: offset), map.load(at: offset + 8), map.load(at: offset + 16))
            let check = map.load(at: offset + 24)
            // They end where nothing is: a count could be damaged, and nobody would miss the last of them.
            if words == (0, 0, 0), check == 0 { break }
            guard check == FeedCache.check(words.0, words.1, words.2) else { return nil }
            marks.append(
                PullMark(
                    author: UserID(rawValue: Int64(bitPattern: words.0)),
                    first: PostID(rawValue: Int64(bitPattern: words.1)),
                    last: PostID(rawValue: Int64(bitPattern: words.2))))
        }
        return marks
    }

    /// Notes that a post is not put into feeds.
    ///
    /// - Returns: false when the file is full and must grow.
    func mark(_ post: PostID, by author: UserID) throws -> Bool {
        guard let marks else { return true }
        let known = marks.firstIndex { $0.author == author }
        if known == nil, marks.count == room.marks { return false }
        var mark = known.map { marks[$0] } ?? PullMark(author: author, first: post, last: post)
        mark.first = min(mark.first, post)
        mark.last = max(mark.last, post)
        if let known, marks[known] == mark { return true }
        let offset = marksOffset + FeedCache.markBytes * (known ?? marks.count)
        // Whoever reads a mark between two stores finds it damaged and reads from the truth.
        try map.update(offset..<offset + FeedCache.markBytes) { bytes in
            let words = [mark.author.rawValue, mark.first.rawValue, mark.last.rawValue].map(UInt64.init(bitPattern:))
            for (index, word) in words.enumerated() {
                bytes.storeBytes(of: word, toByteOffset: 8 * index, as: UInt64.self)
            }
            bytes.storeBytes(of: FeedCache.check(words[0], words[1], words[2]), toByteOffset: 24, as: UInt64.self)
        }
        return true
    }

    // MARK: Index

    /// How many feeds the cache holds.
    package var count: Int { Int(map.load(at: 24) & 0xFFFF_FFFF) }

    /// How many units of records are in use: no check covers it, so it may be any number, and counts as no more than
    /// there are.
    private var used: Int { Int(min(map.load(at: 40), UInt64(room.units))) }

    /// Where a reader's record begins; nil when the cache has none.
    ///
    /// Two ids with the same 32 bits of hash in the same run are told apart by the record itself, which names its
    /// reader.
    /// - Parameter isChecked: false leaves that to the caller, so that the record is not touched here.
    func recordOffset(of reader: UserID, isChecked: Bool = true) -> Int? {
        let hash = Mixing.finalize(UInt64(bitPattern: reader.rawValue))
        var place = Int(truncatingIfNeeded: hash) & (indexSize - 1)
        for _ in 0..<indexSize {
            let entry = map.load(at: indexOffset + 8 * place)
            if entry == 0 { return nil }
            if entry >> 32 == hash >> 32, let offset = offset(ofEntry: entry),
                !isChecked || map.load(at: offset) == UInt64(bitPattern: reader.rawValue)
            {
                return offset
            }
            place = (place + 1) & (indexSize - 1)
        }
        return nil
    }

    /// Adds an empty record for a reader, or gives the reader a larger one in the place of what it has; the caller
    /// fills it at once.
    ///
    /// What is left behind stays as it was, for those who are reading it.
    /// - Parameter ring: how many ids shall fit.
    /// - Returns: nil when the file is full and must grow.
    func addRecord(for reader: UserID, ring: Int) throws -> Int? {
        let units = FeedCache.units(ofRing: ring)
        let used = used
        guard used + units <= room.units, let entry = entry(of: reader) else { return nil }
        if entry.isNew {
            guard count < room.feeds else { return nil }
            try map.store(UInt64(count + 1), at: 24)
        }
        let offset = recordsOffset + FeedCache.unitBytes * used
        try map.store(UInt64(used + units), at: 40)
        try map.store(UInt64(bitPattern: reader.rawValue), at: offset)
        try map.store(UInt64(ring) << 32, at: offset + 32)
        try map.store(0, at: offset + 48)
        return offset
    }

    /// Lets the index name a record that has been filled.
    func enter(_ reader: UserID, at offset: Int) throws {
        guard let entry = entry(of: reader) else { return }
        let hash = Mixing.finalize(UInt64(bitPattern: reader.rawValue))
        let unit = UInt64((offset - recordsOffset) / FeedCache.unitBytes + 1)
        try map.store(unit | (hash & ~0xFFFF_FFFF), at: entry.offset)
    }

    /// Lays records one after the other into a file that is being made, and enters them in the index.
    ///
    /// - Returns: where each begins, in bytes from the first.
    func lay(_ readers: some Sequence<(UserID, Int)>) throws -> [Int] {
        var starts: [Int] = []
        var next = 0
        for (reader, units) in readers {
            let hash = Mixing.finalize(UInt64(bitPattern: reader.rawValue))
            var place = Int(truncatingIfNeeded: hash) & (indexSize - 1)
            while map.load(at: indexOffset + 8 * place) != 0 { place = (place + 1) & (indexSize - 1) }
            try map.store(UInt64(next + 1) | (hash & ~0xFFFF_FFFF), at: indexOffset + 8 * place)
            starts.append(next * FeedCache.unitBytes)
            next += units
        }
        try map.store(UInt64(next), at: 40)
        try map.store(UInt64(starts.count), at: 24)
        return starts
    }

    /// Changes the first units of the records of a file that is being made.
    func updateRecords(units: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Void) throws {
        try map.update(recordsOffset..<recordsOffset + units * FeedCache.unitBytes, body)
    }

    /// Where the index names a reader's record, or will; nil when a damaged one has no place left.
    private func entry(of reader: UserID) -> (offset: Int, isNew: Bool)? {
        let hash = Mixing.finalize(UInt64(bitPattern: reader.rawValue))
        var place = Int(truncatingIfNeeded: hash) & (indexSize - 1)
        for _ in 0..<indexSize {
            let entry = map.load(at: indexOffset + 8 * place)
            if entry == 0 { return (indexOffset + 8 * place, true) }
            if entry >> 32 == hash >> 32, let offset = offset(ofEntry: entry),
                map.load(at: offset) == UInt64(bitPattern: reader.rawValue)
            {
                return (indexOffset + 8 * place, false)
            }
            place = (place + 1) & (indexSize - 1)
        }
        return nil
    }

    /// After a power cut the units in use are those that the index names.
    func recoverUse() throws {
        var end = used
        for place in 0..<indexSize {
            guard let offset = offset(ofEntry: map.load(at: indexOffset + 8 * place)) else { continue }
            end = max(end, (offset - recordsOffset) / FeedCache.unitBytes + FeedCache.units(ofRing: ring(at: offset)))
        }
        if end != used { try map.store(UInt64(min(end, room.units)), at: 40) }
    }

    /// Where the records begin, in the order in which they lie.
    var recordOffsets: [Int] {
        (0..<indexSize).compactMap { offset(ofEntry: map.load(at: indexOffset + 8 * $0)) }.sorted()
    }

    private func offset(ofEntry entry: UInt64) -> Int? {
        let unit = Int(entry & 0xFFFF_FFFF)
        return unit >= 1 && unit <= room.units ? recordsOffset + FeedCache.unitBytes * (unit - 1) : nil
    }

    /// How many ids the ring of a record holds, as far as its header can be believed.
    func ring(at offset: Int) -> Int {
        let left = (map.sizeBytes - offset - FeedCache.recordHeaderBytes) / 8
        return max(0, min(Int(map.load(at: offset + 32) >> 32), capacity, left))
    }

    /// How many units a record takes.
    static func units(ofRing ring: Int) -> Int { 1 + (ring + 7) / 8 }

    static func check(_ parts: UInt64...) -> UInt64 { parts.reduce(magic) { Mixing.finalize($0 ^ $1) } }

    private static func aligned(_ offset: Int) -> Int { (offset + 63) & ~63 }
}
