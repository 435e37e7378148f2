// Walks through the documents that have a term, a block at a time; blocks in between are passed over unread.

/// The documents that have a term, in order.
package final class PostingCursor {
    /// What stands behind the last document.
    package static let end = UInt32.max

    private let segment: Segment
    /// The blocks of the term, five words each.
    private let blocks: UnsafeBufferPointer<UInt32>
    private let blockCount: Int
    private var next = 0
    private(set) var block: PostingBlock
    private let documents: UnsafeMutablePointer<UInt32>
    private let frequencies: UnsafeMutablePointer<UInt32>
    private var hasFrequencies = false
    private var place = 0
    /// The place up to which the positions of the block have been passed, and the byte from its first on.
    private var passed = (place: 0, byte: 0)

    /// How many documents have the term, those included that are no more.
    package let count: Int
    /// The present document; `end` behind the last.
    package private(set) var document: UInt32

    init(_ segment: Segment, _ term: Int) throws(StorageError) {
        self.segment = segment
        let entry = try segment.file.part(Segment.Section.terms, 2 * term..<2 * term + 2, of: UInt32.self)
        count = Int(entry[1])
        blockCount = (count + PostingBlock.limit - 1) / PostingBlock.limit
        let first = Int(entry[0]) * PostingBlock.words
        blocks = try segment.file.part(Segment.Section.blocks, first..<first + blockCount * PostingBlock.words)
        guard blockCount > 0 else { throw segment.file.damaged }
        documents = .allocate(capacity: 2 * PostingBlock.limit)
        frequencies = documents + PostingBlock.limit
        block = PostingBlock(blocks, at: 0)
        document = 0
        try load(0)
    }

    deinit { documents.deallocate() }

    /// Unpacks a block and stands at its first document.
    private func load(_ number: Int) throws(StorageError) {
        guard number < blockCount else {
            next = blockCount
            document = PostingCursor.end
            return
        }
        let before = number == 0 ? -1 : Int(blocks[(number - 1) * PostingBlock.words])
        block = PostingBlock(blocks, at: number * PostingBlock.words)
        next = number + 1
        hasFrequencies = false
        place = 0
        passed = (0, 0)
        let start = Int(block.data)
        guard 1...PostingBlock.limit ~= block.count, block.documentBits <= 32, block.frequencyBits <= 32,
            Int(block.last) < segment.count
        else { throw segment.file.damaged }
        let bytes = try segment.file.part(
            Segment.Section.data, start..<start + block.dataBytes + PostingBlock.padding, of: UInt8.self)
        guard let base = UnsafeRawBufferPointer(bytes).baseAddress else { throw segment.file.damaged }
        var document = before
        PostingBlock.unpack(base, bits: block.documentBits, count: block.count) { index, distance in
            document += Int(distance) + 1
            documents[index] = UInt32(truncatingIfNeeded: document)
        }
        guard document == Int(block.last) else { throw segment.file.damaged }
        self.document = documents[0]
    }

    private func loadFrequencies() throws(StorageError) {
        let start = Int(block.data) + block.documentBytes
        let bytes = try segment.file.part(
            Segment.Section.data, start..<start + block.dataBytes - block.documentBytes + PostingBlock.padding,
            of: UInt8.self)
        guard let base = UnsafeRawBufferPointer(bytes).baseAddress else { throw segment.file.damaged }
        PostingBlock.unpack(base, bits: block.frequencyBits, count: block.count) { frequencies[$0] = $1 &+ 1 }
        hasFrequencies = true
    }

    /// How often the present document has the term.
    @inline(__always)
    package func frequency() throws(StorageError) -> Int {
        if !hasFrequencies { try loadFrequencies() }
        return Int(frequencies[place])
    }

    /// Goes to the next document.
    @inline(__always)
    package func advance() throws(StorageError) {
        place += 1
        if place < block.count { document = documents[place] } else { try load(next) }
    }

    /// Goes to the first document that is not before another; stays if it is there.
    @inline(__always)
    package func advance(to target: UInt32) throws(StorageError) {
        guard document < target else { return }
        if block.last < target {
            try load(firstBlock(reaching: target))
            guard document < target else { return }
        }
        repeat { place += 1 } while documents[place] < target
        document = documents[place]
    }

    /// The first block behind the present one that ends at a document or later.
    private func firstBlock(reaching target: UInt32) -> Int {
        var (low, step) = (next, 1)
        while low + step < blockCount, blocks[(low + step) * PostingBlock.words] < target {
            low += step
            step *= 2
        }
        var high = min(low + step, blockCount)
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle * PostingBlock.words] < target { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Goes to the first document that is not before another in a block that is worth it.
    func advance(to target: UInt32, where isWorth: (PostingBlock) -> Bool) throws(StorageError) {
        if block.last >= target, isWorth(block) { return try advance(to: target) }
        guard document != PostingCursor.end else { return }
        var number = block.last >= target ? next : firstBlock(reaching: target)
        while number < blockCount, !isWorth(PostingBlock(blocks, at: number * PostingBlock.words)) { number += 1 }
        try load(number)
        try advance(to: target)
    }

    /// No document of the term scores more: the largest bound of a block.
    func maximum(_ scorer: TermScorer) -> Int {
        var maximum = 0
        for number in 0..<blockCount {
            maximum = max(maximum, scorer.bound(PostingBlock(blocks, at: number * PostingBlock.words)))
        }
        return maximum
    }

    /// Adds the positions of the present document to a list.
    package func positions(into list: inout [UInt32]) throws(StorageError) {
        if !hasFrequencies { try loadFrequencies() }
        let all = segment.file.count(Segment.Section.positions, of: UInt8.self)
        let start = Int(block.positions)
        var most = 0
        for index in 0...place { most += 5 * Int(frequencies[index]) }
        let bytes = try segment.file.part(
            Segment.Section.positions, min(start, all)..<min(all, start + most), of: UInt8.self)
        var byte = passed.byte
        for earlier in passed.place..<place {
            for _ in 0..<frequencies[earlier] { _ = Varint.read(bytes, at: &byte) }
        }
        passed = (place, byte)
        var position: UInt32 = 0
        for _ in 0..<frequencies[place] {
            position &+= Varint.read(bytes, at: &byte)
            list.append(position)
        }
    }
}
