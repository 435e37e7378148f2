// Objects put, read and looked after.

import SocialCore
import TestKit
import Testing

@Suite("The store of objects")
struct ObjectStoreTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("What was put is read back, whole and in parts, however it came in", arguments: [1, 5])
    func roundTrip(shards: Int) throws {
        let world = try ObjectWorld(folder.path, shards: shards)
        let store = world.store()
        let chance = Chance("round trip")
        for size in [0, 1, 100, 65_535, 65_536, 65_537, 300_000, 5 << 20] {
            let bytes = chance.bytes(size)
            let source: ObjectSource =
                chance.isOne(in: 2) ? .bytes(bytes) : .pieces(bytes, of: 1 + chance.below(99_999))
            let stored = try store.writer.put(source)
            #expect(stored.hash == ObjectHash(of: bytes) && stored.sizeBytes == size && stored.isNew)
            #expect(stored.checks == BlockChecks(of: bytes))
            let object = try store.reader.open(stored.hash, checks: stored.checks)
            #expect(try object.read() == bytes && object.damagedPlaces == [])
            for _ in 0..<5 {
                let start = chance.below(size + 1)
                let range = start..<start + chance.below(size - start + 1)
                #expect(try object.read(range) == Array(bytes[range]))
                var pieces: [UInt8] = []
                try object.forEachChunk(in: range) { pieces += $0 }
                #expect(pieces == Array(bytes[range]))
            }
            #expect(throws: StorageError.self) { try object.read(0..<size + 1) }
            #expect(store.keeper.sizeBytes(of: stored.hash) == size)
        }
    }
}
