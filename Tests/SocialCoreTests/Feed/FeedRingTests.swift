// The ring of one reader's ids and the file of many rings, against a naive model: a sorted array that is cut to its
// capacity, and says from which id on it is whole.

import TestKit
import Testing

@testable import SocialCore

/// A feed as an array.
struct NaiveFeed {
    let capacity: Int
    var coveredFrom: Int64
    /// Oldest first.
    var ids: [Int64]

    mutating func insert(_ id: Int64) {
        guard id >= coveredFrom, !ids.contains(id) else { return }
        ids = (ids + [id]).sorted()
        guard ids.count > capacity else { return }
        ids.removeFirst()
        coveredFrom = ids[0]
    }

    var record: FeedRecord {
        FeedRecord(
            reader: UserID(rawValue: 7), coveredFrom: PostID(rawValue: coveredFrom), generatedAt: noon,
            entries: ids.map(PostID.init(rawValue:)))
    }
}

@Suite("A ring of ids")
struct FeedRingTests {
    static let operations = TestRun.times(1_500)

    @Test("It agrees with a sorted array at every capacity", arguments: 1...20)
    func model(capacity: Int) throws {
        let chance = Chance("ring of \(capacity)")
        let size = FeedCache.recordHeaderBytes + 8 * capacity
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { bytes.deallocate() }
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        var ring = FeedRing(bytes: bytes)
        #expect(ring.record == nil)
        var model = NaiveFeed(capacity: capacity, coveredFrom: 100, ids: [])
        ring.fill(model.record)
        for step in 0..<FeedRingTests.operations {
            switch chance.below(40) {
            case 0:
                let covered = Int64(chance.below(900))
                let ids = Set((0..<chance.below(capacity + 1)).map { _ in covered + Int64(chance.below(300)) })
                model = NaiveFeed(capacity: capacity, coveredFrom: covered, ids: ids.sorted())
                ring.fill(model.record)
            case 1...6:
                let gone = Set((0..<3).compactMap { _ in chance.one(of: model.ids) })
                model.ids.removeAll { gone.contains($0) }
                ring.keep { !gone.contains($0.rawValue) }
            case 7...15:
                let id = Int64(chance.below(1_200))
                model.insert(id)
                let isDone = ring.insert(PostID(rawValue: id), capacity)
                #expect(isDone)
            default:
                let id = (model.ids.last ?? model.coveredFrom) + Int64(chance.below(3))
                model.insert(id)
                let isDone = ring.insert(PostID(rawValue: id), capacity)
                #expect(isDone)
            }
            try #require(ring.record == model.record, "seed \(chance.seed), step \(step)")
        }
    }

    @Test("Any flipped byte but those of the last word shows")
    func flips() {
        let capacity = 4
        let size = FeedCache.recordHeaderBytes + 8 * capacity
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { bytes.deallocate() }
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        var ring = FeedRing(bytes: bytes)
        ring.fill(NaiveFeed(capacity: capacity, coveredFrom: 1, ids: [2, 3, 5, 8]).record)
        for offset in (0..<size).filter({ $0 / 8 != 7 }) {
            for bit in 0..<8 {
                bytes[offset] ^= 1 << UInt8(bit)
                #expect(ring.record == nil, "offset \(offset), bit \(bit)")
                bytes[offset] ^= 1 << UInt8(bit)
            }
        }
        #expect(ring.isWhole)
    }
}
