// Reads a page of counts: from entry to entry, or one entry found through the index of blocks. Nothing is believed
// before its column has matched its check.

/// Reads the entries of a page.
struct RollupPageReader {
    /// Where an entry lies, and its sums.
    struct Place {
        var resource: ResourceNumber
        var tally: Tally
        var chunk: Int
        var buckets: Range<Int>
        var viewers: Range<Int>
    }

    /// One block of the index.
    private struct Block {
        var first: Int64
        var start: Int
    }

    let page: RollupPage
    /// The entries of the page.
    let count: Int
    private let totals: [UInt8]
    private let blocks: [Block]
    private let load: (Int) throws -> RollupChunk
    private var loaded: (number: Int, buckets: [UInt8]?, viewers: [UInt8]?, chunk: RollupChunk)?
    private var offset: Int
    private var done = 0
    private var last: Int64 = 0
    private var bucketsEnd = 0
    private var viewersEnd = 0

    /// Begins to read a page.
    ///
    /// - Parameter load: brings a chunk when it is needed.
    /// - Throws: `damaged`.
    init(_ page: RollupPage, chunk load: @escaping (Int) throws -> RollupChunk) throws(StorageError) {
        self.page = page
        self.load = load
        totals = try RollupSeal.totals.opened(page.totals, page.key)
        guard let (count, blocks, start) = RollupPageReader.index(totals) else { throw Self.damaged(page.key) }
        (self.count, self.blocks, offset) = (count, blocks, start)
    }

    private static func index(_ totals: [UInt8]) -> (count: Int, blocks: [Block], start: Int)? {
        totals.withUnsafeBufferPointer { bytes in
            var offset = 0
            guard let count = LongVarint.read(bytes, at: &offset), count <= bytes.count else { return nil }
            let number = count == 0 ? 0 : 1 + RollupPage.block(of: count - 1)
            var blocks: [Block] = []
            blocks.reserveCapacity(number)
            var next = Block(first: 0, start: 0)
            for _ in 0..<number {
                guard let first = LongVarint.read(bytes, at: &offset), let size = LongVarint.read(bytes, at: &offset)
                else { return nil }
                next.first = next.first.addingClamped(Int64(first))
                blocks.append(next)
                next.start &+= size
            }
            for index in blocks.indices { blocks[index].start &+= offset }
            guard next.start &+ offset == bytes.count else { return nil }
            return (count, blocks, offset)
        }
    }

    static func damaged(_ key: RollupKey) -> StorageError {
        StorageError(
            .damaged, "a page of counts is damaged (\"\(key.kind.name)\", \(key.audience), \(key.span))",
            hint: "run \"social analytics status\"")
    }

    // MARK: Entries

    /// The next entry; nil at the end.
    mutating func next() throws(StorageError) -> Place? {
        guard done < count else { return nil }
        beginBlock(done)
        guard let place = totals.withUnsafeBufferPointer({ read($0) }) else { throw Self.damaged(page.key) }
        done += 1
        return place
    }

    /// Where an entry is the first of its block, its resource is not told by the one before.
    @inline(__always)
    private mutating func beginBlock(_ entry: Int) {
        guard entry == 0 || (entry - 1) % RollupPage.blockEntries == 0 else { return }
        last = blocks[RollupPage.block(of: entry)].first
        bucketsEnd = 0
        viewersEnd = 0
    }

    @inline(__always)
    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Place? {
        guard let step = LongVarint.read(bytes, at: &offset), let count = LongVarint.read(bytes, at: &offset),
            let amount = LongVarint.read(bytes, at: &offset), let bucketBytes = LongVarint.read(bytes, at: &offset),
            let viewerBytes = LongVarint.read(bytes, at: &offset)
        else { return nil }
        last = last.addingClamped(Int64(step))
        let starts = (bucketsEnd, viewersEnd)
        bucketsEnd &+= bucketBytes
        viewersEnd &+= viewerBytes
        guard bucketsEnd >= starts.0, viewersEnd >= starts.1 else { return nil }
        return Place(
            resource: ResourceNumber(rawValue: last), tally: Tally(count: Int64(count), amount: Int64(amount)),
            chunk: RollupPage.block(of: done), buckets: starts.0..<bucketsEnd, viewers: starts.1..<viewersEnd)
    }

    /// Where the entry of a resource lies; nil when there is none.
    ///
    /// The reader goes on from there.
    mutating func place(of resource: ResourceNumber) throws(StorageError) -> Place? {
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].first <= resource.rawValue { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        done = low == 1 ? 0 : 1 + (low - 2) * RollupPage.blockEntries
        offset = blocks[low - 1].start
        for _ in 0..<RollupPage.blockEntries {
            guard let place = try next() else { return nil }
            if place.resource == resource { return place }
            if resource < place.resource { return nil }
        }
        return nil
    }

    // MARK: What an entry holds

    /// The whole entry at a place.
    mutating func entry(at place: Place) throws -> RollupEntry {
        RollupEntry(resource: place.resource, buckets: try buckets(at: place), viewers: try viewers(at: place))
    }

    private mutating func chunk(_ number: Int) throws -> RollupChunk {
        if let loaded, loaded.number == number { return loaded.chunk }
        let chunk = try load(number)
        loaded = (number, nil, nil, chunk)
        return chunk
    }

    /// The buckets of an entry.
    mutating func buckets(at place: Place) throws -> [RollupEntry.Bucket] {
        let chunk = try chunk(place.chunk)
        let opened =
            try loaded?.buckets ?? RollupSeal.buckets(UInt64(place.chunk)).opened(chunk.buckets, page.key)
        loaded?.buckets = opened
        let limit = page.key.grain.bucketsPerDay
        let parts = RollupPageReader.slice(opened, place.buckets) { bytes -> [RollupEntry.Bucket]? in
            var offset = 0
            guard let number = LongVarint.read(bytes, at: &offset), number <= limit else { return nil }
            var parts: [RollupEntry.Bucket] = []
            parts.reserveCapacity(number)
            var index = 0
            for _ in 0..<number {
                guard let step = LongVarint.read(bytes, at: &offset), let count = LongVarint.read(bytes, at: &offset),
                    let amount = LongVarint.read(bytes, at: &offset), step < limit, index + step < limit
                else { return nil }
                index += step
                let tally = Tally(count: Int64(count), amount: Int64(amount))
                parts.append(RollupEntry.Bucket(index: index, tally: tally))
            }
            return parts
        }
        guard let parts else { throw Self.damaged(page.key) }
        return parts
    }

    /// The viewers of an entry.
    mutating func viewers(at place: Place) throws -> [RollupEntry.Viewers] {
        let chunk = try chunk(place.chunk)
        let opened =
            try loaded?.viewers ?? RollupSeal.viewers(UInt64(place.chunk)).opened(chunk.viewers, page.key)
        loaded?.viewers = opened
        let parts = RollupPageReader.slice(opened, place.viewers) { bytes -> [RollupEntry.Viewers]? in
            var offset = 0
            guard let number = LongVarint.read(bytes, at: &offset), number <= 24 else { return nil }
            var parts: [RollupEntry.Viewers] = []
            var hour = 0
            for _ in 0..<number {
                guard let step = LongVarint.read(bytes, at: &offset), step < 24,
                    let sketch = ViewerSketch(bytes, at: &offset)
                else { return nil }
                hour += step
                parts.append(RollupEntry.Viewers(hour: hour, sketch: sketch))
            }
            return parts
        }
        guard let parts else { throw Self.damaged(page.key) }
        return parts
    }

    private static func slice<Result>(
        _ bytes: [UInt8], _ range: Range<Int>, _ read: (UnsafeBufferPointer<UInt8>) -> Result?
    ) -> Result? {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
        return bytes.withUnsafeBufferPointer { read(UnsafeBufferPointer(rebasing: $0[range])) }
    }
}
