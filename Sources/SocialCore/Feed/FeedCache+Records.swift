// The records of the cache: a reader's ids in a ring, oldest first, under a checksum that costs the same to keep
// whether a feed holds ten entries or a thousand. Layout of the 64 bytes before the ring:
//
//     0 reader · 8 covered from · 16 generated at · 24 count, start · 32 flags, hour of last activity, size of ring
//     40 sum of the mixes · 48 check · 56 nothing: touched first

extension FeedCache {
    /// What the cache says about a reader.
    package enum Lookup: Equatable, Sendable {
        /// A whole record.
        case found(FeedRecord)
        /// There is no record, or one that is being written, or whose writer was killed: its check is zero.
        case absent
        /// The record is torn or flipped.
        case damaged
    }

    /// Copies a reader's record and proves it.
    package func record(of reader: UserID) -> Lookup {
        guard let offset = recordOffset(of: reader) else { return .absent }
        for _ in 0..<4 {
            if let record = copy(at: offset) { return .found(record) }
        }
        return map.load(at: offset + 48) == 0 ? .absent : .damaged
    }

    /// The readers whose records are torn or were never finished, in the order in which the records lie.
    package var unfinished: [UserID] {
        readers.filter { reader in
            guard let offset = recordOffset(of: reader) else { return false }
            return copy(at: offset) == nil
        }
    }

    /// The readers with a record, in the order in which the records lie.
    package var readers: [UserID] {
        recordOffsets.map { UserID(rawValue: Int64(bitPattern: map.load(at: $0))) }
    }

    /// What became of a change to a feed.
    package enum Outcome: Equatable, Sendable {
        /// The feed is as it should be.
        case done
        /// The record is damaged or cannot be found, and must be filled afresh: every reader has one, and one that
        /// damage of the index hides must not come to light again with this change missing.
        case missing
        /// The file is full and must grow.
        case full
    }

    /// Puts a record in the place of what the cache says about a reader.
    ///
    /// - Returns: false when the file is full and must grow.
    package func replace(_ record: FeedRecord) throws -> Bool {
        let count = min(record.entries.count, capacity)
        // The size of a ring whose header is not whole cannot be believed.
        if let offset = recordOffset(of: record.reader), ring(at: offset) >= count,
            try change(at: offset, { ring in ring.fillIfWhole(record) })
        {
            return true
        }
        guard let offset = try addRecord(for: record.reader, ring: FeedCache.ring(for: count, capacity)) else {
            return false
        }
        try change(at: offset) { ring in ring.fill(record) }
        try enter(record.reader, at: offset)
        return true
    }

    /// The size of the ring for some entries: some more fit, and what the last 64 bytes have room for.
    static func ring(for count: Int, _ capacity: Int) -> Int { min(capacity, (count + count / 8 + 8) & ~7) }

    /// Puts a post into a reader's feed, where it may be already, or be older than what the record covers.
    ///
    /// - Parameter floor: a reader who was last active before this hour gets nothing; the record says from then on that
    ///   it is incomplete.
    package func insert(_ post: PostID, for reader: UserID, activeSince floor: Int = 0) throws -> Outcome {
        guard let offset = recordOffset(of: reader, isChecked: false) else { return .missing }
        if let outcome = try put(post, for: reader, at: offset, floor) { return outcome }
        // Another reader's record with the same 32 bits of hash.
        guard let offset = recordOffset(of: reader) else { return .missing }
        return try put(post, for: reader, at: offset, floor) ?? .missing
    }

    /// Puts a post into the record at an offset; nil when the record is another reader's.
    private func put(_ post: PostID, for reader: UserID, at offset: Int, _ floor: Int) throws -> Outcome? {
        map.touch(offset + 56)
        let outcome: Outcome? = try change(at: offset) { ring in
            guard ring.isOf(reader) else { return nil }
            guard ring.hasWholeHeader else { return .missing }
            if ring.isIncomplete { return .done }
            if ring.activeHour < floor {
                ring.setIncomplete()
                return .done
            }
            return ring.insert(post, capacity) ? .done : .full
        }
        guard outcome == .full else { return outcome }
        // The ring is smaller than the capacity, and full: the record moves to a larger one.
        guard var record = copy(at: offset) else { return .missing }
        let place = record.entries.firstIndex { $0 > post } ?? record.entries.count
        record.entries.insert(post, at: place)
        let size = FeedCache.ring(for: 2 * record.entries.count, capacity)
        guard let larger = try addRecord(for: reader, ring: size) else { return .full }
        try change(at: larger) { ring in ring.fill(record) }
        try enter(reader, at: larger)
        return .done
    }

    /// Notes when a reader was last active.
    ///
    /// - Returns: whether the feed is whole and complete.
    func setActivity(of reader: UserID, _ time: Timestamp) throws -> Bool {
        guard let offset = recordOffset(of: reader) else { return false }
        return try change(at: offset) { ring in
            guard ring.hasWholeHeader else { return false }
            ring.setActiveHour(FeedRecord.hour(of: time))
            return !ring.isIncomplete
        }
    }

    /// Takes posts out of a reader's feed; false when the record is damaged or cannot be found.
    package func remove(from reader: UserID, where isGone: (PostID) -> Bool) throws -> Bool {
        guard let offset = recordOffset(of: reader) else { return false }
        return try change(at: offset) { ring in
            guard ring.isWhole else { return false }
            ring.keep { !isGone($0) }
            return true
        }
    }

    /// Whether a reader's record is whole, which is told without a copy; nil when there is none.
    func state(of reader: UserID) -> (isWhole: Bool, isIncomplete: Bool)? {
        guard let offset = recordOffset(of: reader) else { return nil }
        let end = offset + FeedCache.recordHeaderBytes + 8 * ring(at: offset)
        // Safety: the view's lock is held, so nobody changes the record, and nothing is written through this view.
        let bytes = UnsafeMutableRawBufferPointer(mutating: UnsafeRawBufferPointer(rebasing: map.bytes[offset..<end]))
        let ring = FeedRing(bytes: bytes)
        return (ring.isWhole, ring.isIncomplete)
    }

    /// What the headers of all records say together.
    package struct Census: Equatable, Sendable {
        /// Records that are whole and complete.
        package var complete = 0
        /// Ids in them.
        package var entries = 0
        /// When the one that was filled from the truth longest ago was.
        package var oldest: Timestamp?
    }

    /// Counts what the cache holds, without reading the ids.
    package var census: Census {
        var census = Census()
        for offset in recordOffsets {
            // Safety: the header lies inside the file, and nothing is written through this view.
            let bytes = UnsafeMutableRawBufferPointer(
                mutating: UnsafeRawBufferPointer(
                    rebasing: map.bytes[offset..<offset + FeedCache.recordHeaderBytes + 8 * ring(at: offset)]))
            let ring = FeedRing(bytes: bytes)
            guard ring.hasWholeHeader, !ring.isIncomplete else { continue }
            census.complete += 1
            census.entries += ring.count
            census.oldest = min(census.oldest ?? ring.generatedAt, ring.generatedAt)
        }
        return census
    }

    private func change<Result>(at offset: Int, _ body: (inout FeedRing) -> Result) throws -> Result {
        try map.update(offset..<offset + FeedCache.recordHeaderBytes + 8 * ring(at: offset)) { bytes in
            var ring = FeedRing(bytes: bytes)
            return body(&ring)
        }
    }

    private func copy(at offset: Int) -> FeedRecord? {
        let size = FeedCache.recordHeaderBytes + 8 * ring(at: offset)
        return withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { bytes in
            bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: map.bytes[offset..<offset + size]))
            return FeedRing(bytes: bytes).record
        }
    }
}

/// The bytes of one record, changed in place.
// Safety (whole type): the buffer spans exactly one record, and every index into the ring is taken modulo its size.
struct FeedRing {
    private let bytes: UnsafeMutableRawBufferPointer
    /// How many ids fit.
    private let size: Int

    init(bytes: UnsafeMutableRawBufferPointer) {
        self.bytes = bytes
        size = (bytes.count - FeedCache.recordHeaderBytes) / 8
    }

    // MARK: Reading

    /// Whether the record's header agrees with its checksum: enough to change it, because the sum of the entries is
    /// kept up and not computed afresh, so that a flipped entry still shows when it is read.
    var hasWholeHeader: Bool {
        count <= size && start < max(1, size) && Int(load(32) >> 32) == size && load(48) == headerCheck
    }

    /// Whether the record's header and entries agree with its checksum.
    var isWhole: Bool {
        guard hasWholeHeader else { return false }
        var sum: UInt64 = 0
        forEachRun { ids in for id in ids { sum &+= FeedRing.mix(id) } }
        return sum == load(40)
    }

    /// The record as a value; nil when it is torn.
    var record: FeedRecord? {
        guard isWhole else { return nil }
        var entries: [PostID] = []
        entries.reserveCapacity(count)
        forEachRun { ids in for id in ids { entries.append(PostID(rawValue: id)) } }
        var record = FeedRecord(
            reader: UserID(rawValue: Int64(bitPattern: load(0))), coveredFrom: coveredFrom,
            generatedAt: generatedAt, entries: entries)
        record.isIncomplete = isIncomplete
        record.activeHour = activeHour
        return record
    }

    /// Whether something was left out.
    var isIncomplete: Bool { load(32) & 1 == 1 }
    /// The hour in which the reader was last active.
    var activeHour: Int { Int(load(32) >> 8 & 0xFF_FFFF) }

    /// Whether the record is this reader's.
    func isOf(_ reader: UserID) -> Bool { load(0) == UInt64(bitPattern: reader.rawValue) }

    // MARK: Changing

    /// Replaces the whole record if it is one: false otherwise.
    mutating func fillIfWhole(_ record: FeedRecord) -> Bool {
        guard hasWholeHeader else { return false }
        fill(record)
        return true
    }

    /// Replaces the whole record.
    mutating func fill(_ record: FeedRecord) {
        store(0, at: 48)
        store(UInt64(bitPattern: record.reader.rawValue), at: 0)
        store(UInt64(bitPattern: record.coveredFrom.rawValue), at: 8)
        store(UInt64(bitPattern: record.generatedAt.milliseconds), at: 16)
        setFlags(isIncomplete: record.isIncomplete, activeHour: record.activeHour)
        write(record.entries.suffix(size).map(\.rawValue))
        seal()
    }

    /// Says that something was left out.
    func setIncomplete() {
        setFlags(isIncomplete: true, activeHour: activeHour)
        seal()
    }

    /// Notes the hour in which the reader was last active.
    func setActiveHour(_ hour: Int) {
        guard hour != activeHour else { return }
        setFlags(isIncomplete: isIncomplete, activeHour: hour)
        seal()
    }

    private func setFlags(isIncomplete: Bool, activeHour: Int) {
        store((isIncomplete ? 1 : 0) | UInt64(activeHour & 0xFF_FFFF) << 8 | UInt64(size) << 32, at: 32)
    }

    /// Puts an id in its place; a ring that is full, and as large as a feed may be, lets its oldest entry go and then
    /// covers less.
    ///
    /// - Returns: false when the ring is full and must grow.
    mutating func insert(_ post: PostID, _ capacity: Int) -> Bool {
        guard post >= coveredFrom else { return true }
        let id = post.rawValue
        let count = count
        var place = count == 0 || self[count - 1] < id ? count : firstIndex(notBelow: id)
        if place < count, self[place] == id { return true }
        let overflows = count == size
        if overflows, size < capacity { return false }
        store(0, at: 48)
        if overflows, place > 0 {
            dropOldest()
            place -= 1
        }
        // An id older than all of a full ring is let go at once; either way the ring covers no more than it holds.
        if self.count < size { shiftUp(from: place, id) }
        if overflows { store(UInt64(bitPattern: self[0]), at: 8) }
        seal()
        return true
    }

    /// Keeps the ids that pass.
    mutating func keep(_ isKept: (PostID) -> Bool) {
        let before = (0..<count).map { self[$0] }
        let after = before.filter { isKept(PostID(rawValue: $0)) }
        guard after.count < before.count else { return }
        store(0, at: 48)
        write(after)
        seal()
    }

    private mutating func dropOldest() {
        store(load(40) &- FeedRing.mix(self[0]), at: 40)
        let next = (start + 1) % size
        store(UInt64(count - 1) | UInt64(next) << 32, at: 24)
    }

    /// Moves the entries from a place on up by one, and puts an id there.
    private mutating func shiftUp(from place: Int, _ id: Int64) {
        let count = count
        var index = count
        while index > place {
            self[index] = self[index - 1]
            index -= 1
        }
        self[place] = id
        store(UInt64(count + 1) | UInt64(start) << 32, at: 24)
        store(load(40) &+ FeedRing.mix(id), at: 40)
    }

    /// Writes the header around ids that stand in the ring already, dealt from its beginning on, round and round.
    func finish(
        reader: UserID, floor: PostID, now: Timestamp, posts: Int, overflows: Bool, isIncomplete: Bool, activeHour: Int
    ) {
        store(0, at: 48)
        store(UInt64(bitPattern: reader.rawValue), at: 0)
        store(UInt64(bitPattern: now.milliseconds), at: 16)
        store(UInt64(min(posts, size)) | (posts > size ? UInt64(posts % size) << 32 : 0), at: 24)
        setFlags(isIncomplete: isIncomplete, activeHour: activeHour)
        var sum: UInt64 = 0
        for index in 0..<min(posts, size) {
            sum &+= FeedRing.mix(bytes.load(fromByteOffset: FeedCache.recordHeaderBytes + 8 * index, as: Int64.self))
        }
        store(sum, at: 40)
        store(UInt64(bitPattern: overflows ? self[0] : floor.rawValue), at: 8)
        seal()
    }

    private mutating func write(_ ids: [Int64]) {
        store(UInt64(ids.count), at: 24)
        var sum: UInt64 = 0
        for (index, id) in ids.enumerated() {
            self[index] = id
            sum &+= FeedRing.mix(id)
        }
        store(sum, at: 40)
    }

    private func seal() { store(headerCheck, at: 48) }

    private func firstIndex(notBelow id: Int64) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: Bytes

    var count: Int { Int(load(24) & 0xFFFF_FFFF) }
    var generatedAt: Timestamp { Timestamp(milliseconds: Int64(bitPattern: load(16))) }
    private var start: Int { Int(load(24) >> 32) }
    private var coveredFrom: PostID { PostID(rawValue: Int64(bitPattern: load(8))) }

    private var headerCheck: UInt64 {
        FeedCache.check(load(0), load(8), load(16), load(24), load(32), load(40))
    }

    /// Calls a closure with the entries, oldest first: what lies in one piece, and what goes on from the beginning.
    private func forEachRun(_ body: (UnsafeBufferPointer<Int64>) -> Void) {
        let ids = UnsafeBufferPointer<Int64>(
            rebasing: UnsafeRawBufferPointer(rebasing: bytes[FeedCache.recordHeaderBytes...])
                .assumingMemoryBound(to: Int64.self).prefix(size))
        let end = start + count
        body(UnsafeBufferPointer(rebasing: ids[start..<min(end, size)]))
        if end > size { body(UnsafeBufferPointer(rebasing: ids[..<(end - size)])) }
    }

    /// The i-th entry, oldest first.
    private subscript(index: Int) -> Int64 {
        get { bytes.load(fromByteOffset: entryOffset(index), as: Int64.self) }
        nonmutating set { bytes.storeBytes(of: newValue, toByteOffset: entryOffset(index), as: Int64.self) }
    }

    private func entryOffset(_ index: Int) -> Int {
        FeedCache.recordHeaderBytes + 8 * ((start + index) % size)
    }

    private func load(_ offset: Int) -> UInt64 { bytes.load(fromByteOffset: offset, as: UInt64.self) }

    private func store(_ value: UInt64, at offset: Int) {
        bytes.storeBytes(of: value, toByteOffset: offset, as: UInt64.self)
    }

    private static func mix(_ id: Int64) -> UInt64 { Mixing.finalize(UInt64(bitPattern: id)) }
}
