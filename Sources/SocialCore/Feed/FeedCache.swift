// The packed cache of a shard's feeds: one mapped file with eight bytes an entry and no row. This file has the header,
// the offsets and the index; the records stand in FeedCache+Records.
//
//     header    magic, format, capacity, room, count, index size, boot, sources; then 64 bytes a source:
//               shard, incarnation, applied, its check, synced, its check
//     index     open addressing from a reader's id to its record, 8 bytes each: the record's number and 32 bits of the
//               id's hash, so that looking a record up does not touch it
//     records   64 bytes of header and `capacity` ids in a ring, for each reader
//
// The applied offset of a source holds for as long as the machine stays up, because what a killed process wrote through
// the mapping survives it. After a reboot only the synced offset holds: events from there on are applied again, which
// changes nothing where they were applied before.

/// The cache file of one shard's feeds.
///
/// One process writes at a time, under the shard's view lock; readers copy and check.
package final class FeedCache {
    static let magic: UInt64 = 0x3130_4445_4546_4353  // "SCFEED01"
    /// Bytes of a record before its ring.
    package static let recordHeaderBytes = 64
    private static let headerBytes = 64
    private static let sourceBytes = 64

    /// How many entries a feed holds.
    package let capacity: Int
    /// How many feeds fit.
    package let room: Int
    let map: MappedFile
    private let boot: BootSource
    private let indexSize: Int
    private let sourceCount: Int
    private let indexOffset: Int
    private let recordsOffset: Int

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
        room = Int(layout >> 32)
        indexSize = Int(sizes & 0xFFFF_FFFF)
        sourceCount = Int(sizes >> 32)
        indexOffset = FeedCache.headerBytes + FeedCache.sourceBytes * sourceCount
        recordsOffset = FeedCache.aligned(indexOffset + 8 * indexSize)
        guard map.sizeBytes == recordsOffset + room * (FeedCache.recordHeaderBytes + 8 * capacity) else { return nil }
    }

    /// Makes an empty cache file in a temporary place; `publish` puts it in its own.
    ///
    /// - Parameters:
    ///   - room: how many feeds fit.
    ///   - vector: the log positions from which the cache goes on.
    package static func create(
        _ path: String, capacity: Int, room: Int, vector: OffsetVector, shared: Bool, context: Context
    ) throws -> FeedCache {
        var indexSize = 64
        while indexSize < room * 2 { indexSize *= 2 }
        let indexOffset = headerBytes + sourceBytes * vector.entries.count
        let recordsOffset = aligned(indexOffset + 8 * indexSize)
        let size = recordsOffset + room * (recordHeaderBytes + 8 * capacity)
        let map = try MappedFile(
            creating: "\(path).new", sizeBytes: size, shared: shared, tap: context.fileTap)
        let layout = UInt64(capacity) | UInt64(room) << 32
        let sizes = UInt64(indexSize) | UInt64(vector.entries.count) << 32
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

    // MARK: Index

    /// How many feeds the cache holds.
    package var count: Int { Int(min(map.load(at: 24), UInt64(room))) }

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
            let number = Int(entry & 0xFFFF_FFFF)
            if entry >> 32 == hash >> 32, number >= 1, number <= room {
                let offset = offset(ofRecord: number - 1)
                if !isChecked || map.load(at: offset) == UInt64(bitPattern: reader.rawValue) { return offset }
            }
            place = (place + 1) & (indexSize - 1)
        }
        return nil
    }

    /// Adds an empty record for a reader, which `replace` fills at once.
    ///
    /// - Returns: nil when the file is full and must grow.
    func addRecord(for reader: UserID) throws -> Int? {
        let number = count
        guard number < room else { return nil }
        let offset = offset(ofRecord: number)
        let hash = Mixing.finalize(UInt64(bitPattern: reader.rawValue))
        var place = Int(truncatingIfNeeded: hash) & (indexSize - 1)
        // A whole index is at most half full; a damaged one may have no place left.
        for _ in 0..<indexSize where map.load(at: indexOffset + 8 * place) != 0 {
            place = (place + 1) & (indexSize - 1)
        }
        guard map.load(at: indexOffset + 8 * place) == 0 else { return nil }
        try map.store(UInt64(bitPattern: reader.rawValue), at: offset)
        try map.store(UInt64(number + 1), at: 24)
        try map.store(UInt64(number + 1) | (hash & ~0xFFFF_FFFF), at: indexOffset + 8 * place)
        return offset
    }

    /// Where a record begins.
    func offset(ofRecord number: Int) -> Int {
        recordsOffset + number * (FeedCache.recordHeaderBytes + 8 * capacity)
    }

    static func check(_ parts: UInt64...) -> UInt64 { parts.reduce(magic) { Mixing.finalize($0 ^ $1) } }

    private static func aligned(_ offset: Int) -> Int { (offset + 63) & ~63 }
}
