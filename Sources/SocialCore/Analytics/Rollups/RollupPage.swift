// A page of counts: all accesses of one kind, by people or by bots, on one day. A page is written once; pages of the
// same key are added up by whoever reads them, and merged when they grow many.
//
// A page is the sums of all its resources, which most questions need alone, and chunks that tell the rest of 256
// resources each. Numbers are varints (LEB128), entries are in ascending order of their resources, and the first one,
// number 0, holds the sum of all and has a block and a chunk of its own.
//
//     totals    entries · for each block: its first resource (less that of the block before), its bytes · the entries:
//               resource (less the one before), count, amount, bytes of its buckets and of its viewers
//     buckets   of each entry of a chunk: buckets, then index (less the one before), count, amount for each
//     viewers   of each entry of a chunk: hours, then hour (less the one before) and sketch for each
//
// Each of them ends with eight bytes that check it.

extension RollupPage {
    /// Entries of a block and of its chunk, beside the first one.
    static let blockEntries = 256

    /// The block of an entry.
    static func block(of entry: Int) -> Int { entry == 0 ? 0 : 1 + (entry - 1) / blockEntries }

    /// Packs entries, which are in ascending order of their resources, the first that of everything.
    init(_ key: RollupKey, _ entries: [RollupEntry]) {
        var writer = RollupPageWriter(key)
        for entry in entries { writer.add(entry) }
        self = writer.page()
    }

    /// Reads the page, whose chunks are in memory.
    func reader() throws(StorageError) -> RollupPageReader {
        try RollupPageReader(self) { number in number < chunks.count ? chunks[number] : RollupChunk() }
    }

    /// The entries.
    ///
    /// - Throws: `damaged`.
    func entries() throws -> [RollupEntry] {
        var reader = try reader()
        var entries: [RollupEntry] = []
        while let place = try reader.next() { entries.append(try reader.entry(at: place)) }
        return entries
    }

    /// The page that holds everything that some pages of one kind and audience hold.
    ///
    /// - Parameter key: whose grain is the coarsest of them, or a coarser one.
    static func merged(
        _ readers: [RollupPageReader], into key: RollupKey
    ) throws -> RollupPage {
        var readers = readers
        var writer = RollupPageWriter(key)
        var heads: [RollupEntry?] = []
        for index in readers.indices { heads.append(try RollupPage.next(&readers[index], key)) }
        while let least = heads.compactMap({ $0?.resource }).min() {
            var joined: RollupEntry?
            for index in heads.indices {
                guard let entry = heads[index], entry.resource == least else { continue }
                if joined == nil { joined = entry } else { joined?.merge(entry) }
                heads[index] = try RollupPage.next(&readers[index], key)
            }
            if let joined { writer.add(joined) }
        }
        return writer.page()
    }

    private static func next(
        _ reader: inout RollupPageReader, _ key: RollupKey
    ) throws -> RollupEntry? {
        guard let place = try reader.next() else { return nil }
        let entry = try reader.entry(at: place)
        let grain = reader.page.key.grain
        return grain == key.grain ? entry : entry.coarsened(from: grain, to: key.grain)
    }
}

/// Packs entries into a page.
struct RollupPageWriter {
    private let key: RollupKey
    private var count = 0
    private var events: Int64 = 0
    private var index: [UInt8] = []
    private var totals: [UInt8] = []
    private var chunk = RollupChunk()
    private var chunks: [RollupChunk] = []
    private var blockStart = 0
    private var blockFirst: Int64 = 0
    private var lastBlockFirst: Int64 = 0
    private var last: Int64 = 0

    /// Begins a page.
    init(_ key: RollupKey) { self.key = key }

    /// Adds the entry of the next resource, the first time that of everything.
    mutating func add(_ entry: RollupEntry) {
        if count > 0, RollupPage.block(of: count) > RollupPage.block(of: count - 1) { endBlock() }
        if totals.count == blockStart {
            blockFirst = entry.resource.rawValue
            last = blockFirst
        }
        let before = (chunk.buckets.count, chunk.viewers.count)
        LongVarint.append(entry.buckets.count, to: &chunk.buckets)
        var bucket = 0
        for part in entry.buckets {
            LongVarint.append(part.index - bucket, to: &chunk.buckets)
            LongVarint.append(Int(part.tally.count), to: &chunk.buckets)
            LongVarint.append(Int(part.tally.amount), to: &chunk.buckets)
            bucket = part.index
        }
        LongVarint.append(entry.viewers.count, to: &chunk.viewers)
        var hour = 0
        for part in entry.viewers {
            LongVarint.append(part.hour - hour, to: &chunk.viewers)
            part.sketch.append(to: &chunk.viewers)
            hour = part.hour
        }
        let tally = entry.tally
        if entry.resource == .all { events = tally.count }
        LongVarint.append(Int(entry.resource.rawValue - last), to: &totals)
        LongVarint.append(Int(tally.count), to: &totals)
        LongVarint.append(Int(tally.amount), to: &totals)
        LongVarint.append(chunk.buckets.count - before.0, to: &totals)
        LongVarint.append(chunk.viewers.count - before.1, to: &totals)
        last = entry.resource.rawValue
        count += 1
    }

    private mutating func endBlock() {
        LongVarint.append(Int(blockFirst - lastBlockFirst), to: &index)
        LongVarint.append(totals.count - blockStart, to: &index)
        lastBlockFirst = blockFirst
        blockStart = totals.count
        let number = UInt64(chunks.count)
        chunks.append(
            RollupChunk(
                buckets: RollupSeal.buckets(number).closed(chunk.buckets, key),
                viewers: RollupSeal.viewers(number).closed(chunk.viewers, key)))
        chunk.buckets.removeAll(keepingCapacity: true)
        chunk.viewers.removeAll(keepingCapacity: true)
    }

    /// The finished page.
    mutating func page() -> RollupPage {
        if totals.count > blockStart { endBlock() }
        var head: [UInt8] = []
        LongVarint.append(count, to: &head)
        return RollupPage(
            key, events: events, resources: Int64(max(0, count - 1)),
            totals: RollupSeal.totals.closed(head + index + totals, key), chunks: chunks)
    }
}

/// The checks of the parts of a page.
enum RollupSeal {
    case totals
    case buckets(UInt64)
    case viewers(UInt64)

    static let checkBytes = 8

    private var number: UInt64 {
        switch self {
        case .totals: 1
        case .buckets(let chunk): chunk << 2 | 2
        case .viewers(let chunk): chunk << 2 | 3
        }
    }

    /// The bytes with their check behind them.
    func closed(_ bytes: [UInt8], _ key: RollupKey) -> [UInt8] {
        var sealed = bytes
        sealed.append(word: check(bytes, key))
        return sealed
    }

    private func check(_ bytes: [UInt8], _ key: RollupKey) -> UInt64 {
        ReplicaCheck.mix([number, key.check, ReplicaCheck.sum(of: bytes)])
    }

    /// The bytes without their check, which has been looked at.
    func opened(_ sealed: [UInt8], _ key: RollupKey) throws(StorageError) -> [UInt8] {
        guard sealed.count >= RollupSeal.checkBytes else { throw RollupPageReader.damaged(key) }
        var bytes = sealed
        bytes.removeLast(RollupSeal.checkBytes)
        guard check(bytes, key) == sealed[bytes.count...].word(0) else { throw RollupPageReader.damaged(key) }
        return bytes
    }
}

/// Numbers of up to 63 bits in as many bytes as they need, seven bits in each; negative ones become 0.
enum LongVarint {
    /// Adds a number.
    @inline(__always)
    static func append(_ value: Int, to bytes: inout [UInt8]) {
        var rest = UInt64(max(0, value))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Reads a number and moves on; nil where the bytes end or the number is too large.
    @inline(__always)
    static func read(_ bytes: UnsafeBufferPointer<UInt8>, at index: inout Int) -> Int? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while index < bytes.count, shift < 63 {
            let byte = bytes[index]
            index += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return Int(value) }
            shift += 7
        }
        return nil
    }
}

extension RollupKey {
    /// Mixed into the checks of a page, so that one cannot stand in the place of another.
    var check: UInt64 {
        var name = kind.name
        let kind = name.withUTF8 { ViewerKey.hash($0, seed: 0x7061_6765) }
        return ReplicaCheck.mix([
            kind, UInt64(audience.rawValue), UInt64(bitPattern: span.rawValue), UInt64(bitPattern: grain.rawValue),
        ])
    }
}
