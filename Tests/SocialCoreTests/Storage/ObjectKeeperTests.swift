// Objects listed, removed and brought to where they belong.

import Glibc
import SocialCore
import TestKit
import Testing

@Suite("The upkeep of objects")
struct ObjectKeeperTests {
    private let folder: Folder
    private let chance = Chance("upkeep")

    init() throws { folder = try Folder() }

    @Test("Everything in a folder is named, sorted, and what has no place there is told apart")
    func listing() throws {
        let world = try ObjectWorld(folder.path)
        let store = world.store()
        let stored = try store.writer.put((0..<300).map { _ in .bytes(chance.bytes(20)) })
        let place = world.folder("home", 0)
        let group = "\(place)/\(stored[0].hash.path.prefix(2))"
        let strangers = ["\(place)/x", "\(place)/AB", "\(group)/short", "\(place)/zz"]
        for path in strangers { try TemporaryDirectory.write([1], to: path) }
        symlink(group, "\(place)/link")
        try TemporaryDirectory.write([1], to: "\(place)/incoming/1-1")
        var hashes: [ObjectHash] = []
        var found: Set<String> = []
        try store.keeper.forEachObject(in: place) {
            switch $0 {
            case .object(let hash): hashes.append(hash)
            case .stranger(let path): found.insert(path)
            }
        }
        #expect(hashes == stored.map(\.hash).sorted())
        #expect(found == Set(strangers + ["\(place)/link"]))
        try store.keeper.forEachObject(in: world.folder("home", 7)) { _ in Issue.record("nothing is there") }
        #expect(try store.keeper.removeTemporaries() == 1)
        #expect(try store.keeper.prove(stored[0].hash, sizeBytes: 20, in: place) == .sound)
        #expect(try store.keeper.prove(stored[0].hash, sizeBytes: 21, in: place) == .wrongSize)
        #expect(try store.keeper.prove(ObjectHash(of: [9, 9]), in: place) == .missing)
    }

    @Test("An object that is removed is gone from everywhere")
    func removing() throws {
        let world = try ObjectWorld(folder.path, shards: 3, places: 2)
        let store = world.store()
        let stored = try store.writer.put([.bytes([1]), .bytes([2])])
        // One more where it lay before the slots moved.
        _ = try world.store(moved: 1).writer.put(.bytes([1]))
        #expect(try store.keeper.remove(stored[0].hash) == 6)
        #expect(try store.keeper.remove(stored[0].hash) == 0 && store.keeper.sizeBytes(of: stored[0].hash) == nil)
        #expect(try world.allFiles().count == 3)
    }

    @Test("After the slots have moved, objects are read where they lie and settle where they belong")
    func moving() throws {
        let world = try ObjectWorld(folder.path, shards: 3, places: 2, writeQuorum: 2)
        let all = (0..<20).map { _ in chance.bytes(chance.below(5_000)) }
        let stored = try world.store().writer.put(all.map { .bytes($0) })
        let moved = world.store(moved: 1)
        for (object, bytes) in zip(stored, all) {
            #expect(try moved.reader.open(object.hash, checks: object.checks).read() == bytes)
            #expect(moved.keeper.sizeBytes(of: object.hash) == bytes.count)
            let result = try moved.keeper.settle(object.hash, sizeBytes: bytes.count)
            #expect(result.isSound && result.damagedPlaces == [] && result.failures == [])
            #expect(result.restoredPlaces == world.files(of: object.hash, moved: 1))
            #expect(result.removedPlaces == world.files(of: object.hash))
            let again = try moved.keeper.settle(object.hash)
            #expect(again.isSound && again.restoredPlaces + again.removedPlaces + again.damagedPlaces == [])
            #expect(try moved.reader.open(object.hash, checks: object.checks).read() == bytes)
        }
        #expect(try world.allFiles().count == 3 * Set(all).count)
        #expect(try moved.keeper.removeTemporaries() == 0)
    }

    @Test("Whatever is damaged or missing is mended from the last whole file, which is never removed")
    func repair() throws {
        let world = try ObjectWorld(folder.path, shards: 2, places: 2)
        let store = world.store()
        for _ in 0..<TestRun.times(200) {
            let bytes = chance.bytes(1 + chance.below(500))
            let stored = try store.writer.put(.bytes(bytes))
            if chance.isOne(in: 2) { _ = try world.store(moved: 1).writer.put(.bytes(bytes)) }
            let belongs = world.files(of: stored.hash)
            let places = belongs + world.files(of: stored.hash, moved: 1)
            var sound = 0
            var damaged: Set<String> = []
            for path in places where FileSystem().exists(path) {
                switch chance.below(5) {
                case 0: unlink(path)
                case 1:
                    unlink(path)
                    symlink("/dev/zero", path)
                    damaged.insert(path)
                case 2:
                    try ObjectWorld.flip(chance.below(8 * bytes.count), of: path)
                    damaged.insert(path)
                default: sound += 1
                }
            }
            let before = try world.allFiles()
            let result = try store.keeper.settle(stored.hash, sizeBytes: bytes.count)
            #expect(result.isSound == (sound > 0) && Set(result.damagedPlaces) == damaged && result.failures == [])
            if sound > 0 {
                for path in belongs { #expect(try FileSystem().contents(of: path) == bytes && isAlone(path)) }
                #expect(try world.allFiles() == belongs.sorted())
            } else {
                #expect(try world.allFiles() == before && result.restoredPlaces == [] && result.removedPlaces == [])
            }
            _ = try store.keeper.remove(stored.hash)
        }
    }

    /// Whether a file has one name, and shares its bytes with no other.
    private func isAlone(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_nlink == 1
    }

    @Test("A place that cannot be reached is named, and what only lies elsewhere in it stays")
    func unreachable() throws {
        let world = try ObjectWorld(folder.path, shards: 2, places: 1)
        let stored = try world.store().writer.put(.bytes([1, 2]))
        let before = world.files(of: stored.hash)
        // The folder to which the copy should go is no folder.
        let shard = ObjectWorld.shard(of: stored.hash, of: 2, moved: 1)
        TemporaryDirectory.remove("\(folder.path)/place0/\(shard)")
        try TemporaryDirectory.write([], to: "\(folder.path)/place0/\(shard)")
        let result = try world.store(moved: 1).keeper.settle(stored.hash)
        #expect(result.isSound && result.failures.count == 1 && result.removedPlaces == [before[0]])
        #expect(FileSystem().exists(before[1]))
    }
}
