// Objects put, read and looked after, and what is not an object in their places.

import Glibc
import SocialCore
import TestKit
import Testing

@Suite("The store of objects")
struct ObjectStoreTests {
    private let folder: Folder
    private let chance = Chance("objects")

    init() throws { folder = try Folder() }

    @Test("What was put is read back, whole and in parts, however it came in", arguments: [1, 5])
    func roundTrip(shards: Int) throws {
        let world = try ObjectWorld(folder.path, shards: shards)
        let store = world.store()
        for size in [0, 1, 100, 65_535, 65_536, 65_537, 300_000, 5 << 20] {
            let bytes = chance.bytes(size)
            let pieceBytes = 1 + chance.below(99_999)
            let stored = try store.writer.put(chance.isOne(in: 2) ? .bytes(bytes) : .pieces(bytes, of: pieceBytes))
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
            #expect(throws: StorageError.self) { try object.forEachChunk(in: 0..<size + 1) { _ in } }
            #expect(store.keeper.sizeBytes(of: stored.hash) == size)
            #expect(try store.keeper.prove(stored.hash, in: world.layout().home(stored.hash)) == .sound)
            #expect(try world.allFiles().contains { $0.hasSuffix(stored.hash.path) })
        }
        #expect(try store.keeper.removeTemporaries() == 0)
    }

    @Test("A large stream passes through a file, also into another shard's folder")
    func streams() throws {
        let world = try ObjectWorld(folder.path, shards: 4, places: 2, writeQuorum: 3)
        var writer = world.store().writer
        writer.streamMemoryBytes = 1_000
        for size in [0, 999, 1_000, 1_001, 70_000, 200_000] {
            for pieceBytes in [13_001, 300_000] {
                let bytes = chance.bytes(size)
                let stored = try writer.put([.pieces(bytes, of: pieceBytes), .pieces(bytes, of: 500)])
                #expect(stored.map(\.checks) == [BlockChecks(of: bytes), BlockChecks(of: bytes)])
                #expect(stored.map(\.isNew) == [size > 0 || pieceBytes == 13_001, false])
                for path in world.files(of: stored[0].hash) { #expect(try FileSystem().contents(of: path) == bytes) }
            }
        }
        #expect(try world.store().keeper.removeTemporaries() == 0)
    }

    @Test("The same bytes are stored once, also within one put and whatever the size of the put")
    func duplicates() throws {
        let world = try ObjectWorld(folder.path, shards: 2)
        let writer = world.store().writer
        let all = (0..<40).map { _ in chance.bytes(1 + chance.below(3_000)) }
        let puts = (0..<600).map { $0 < 40 ? all[$0] : all[chance.below(40)] }
        let stored = try writer.put(puts.map { .bytes($0) })
        #expect(stored.map(\.hash) == puts.map { ObjectHash(of: $0) })
        #expect(stored.map(\.isNew) == puts.indices.map { $0 < 40 })
        #expect(try writer.put(all.map { .bytes($0) }).allSatisfy { !$0.isNew })
        #expect(try !writer.put(.bytes(all[0])).isNew)
        #expect(try world.allFiles().count == 40)
        #expect(try writer.put([]) == [])
    }

    @Test("Of the same bytes in one put the first are new, although others come in before them")
    func order() throws {
        let writer = try ObjectWorld(folder.path, shards: 2).store().writer
        let bytes = chance.bytes(1_000)
        let late = ObjectSource.stream { sink in
            usleep(100_000)
            try sink(bytes[...])
        }
        // So many that they are stored together, on all cores.
        let stored = try writer.put([late] + (0..<20).map { _ in .bytes(bytes) })
        #expect(stored.map(\.isNew) == [true] + (0..<20).map { _ in false })
    }

    @Test("A put of the same bytes mends what is damaged, and a source that fails leaves nothing", arguments: [1, 9])
    func mends(count: Int) throws {
        struct Failure: Error {}
        let world = try ObjectWorld(folder.path, shards: 2, places: 1, writeQuorum: 2)
        let store = world.store()
        let all = (0..<count).map { _ in chance.bytes(2_000) }
        let stored = try store.writer.put(all.map { .bytes($0) })
        for (number, path) in world.files(of: stored[0].hash).enumerated() {
            for damage in 0..<4 {
                switch damage {
                case 0: try ObjectWorld.flip(chance.below(16_000), of: path)
                case 1: try TemporaryDirectory.write(Array(all[0].dropLast()), to: path)
                case 2:
                    unlink(path)
                    symlink("/etc/passwd", path)
                default:
                    unlink(path)
                    mkfifo(path, 0o600)
                }
                let again = try store.writer.put(all.map { .bytes($0) })
                #expect(again.map(\.isNew) == all.indices.map { $0 == 0 && number == 0 })
                #expect(try FileSystem().contents(of: path) == all[0] && !FileSystem().isLink(path))
            }
        }
        let before = try world.allFiles()
        let failing = ObjectSource.stream { sink in
            try sink([1, 2, 3])
            throw Failure()
        }
        var writer = store.writer
        writer.streamMemoryBytes = 2
        #expect(throws: Failure.self) { try writer.put(Array(repeating: failing, count: count)) }
        #expect(try world.allFiles() == before)
    }

    @Test("A damaged, missing or strange file is not served, and another copy is")
    func heals() throws {
        let world = try ObjectWorld(folder.path, shards: 2, places: 2)
        let store = world.store()
        let bytes = chance.bytes(200_000)
        let stored = try store.writer.put(.bytes(bytes))
        let files = world.files(of: stored.hash)
        func read() throws -> [UInt8] { try store.reader.open(stored.hash, checks: stored.checks).read() }
        // Each block is whole in one place at least, and all of them in none.
        for (path, blocks) in zip(files, [[0, 1, 2], [0, 2], [1, 3]]) {
            for block in blocks { try ObjectWorld.flip(8 * (block * 65_536 + 17), of: path) }
        }
        let object = try store.reader.open(stored.hash, checks: stored.checks)
        #expect(try object.read() == bytes && object.damagedPlaces == [files[0], files[1]])
        var chunks: [UInt8] = []
        try object.forEachChunk(in: 70_000..<190_000) { chunks += $0 }
        #expect(chunks == Array(bytes[70_000..<190_000]))
        // Things that are no files.
        unlink(files[0])
        mkfifo(files[0], 0o600)
        try TemporaryDirectory.write(bytes, to: files[2])
        #expect(try read() == bytes)
        unlink(files[0])
        symlink(files[2], files[0])
        #expect(try read() == bytes)
        unlink(files[0])
        mkdir(files[0], 0o700)
        #expect(try read() == bytes)
        rmdir(files[0])
        try TemporaryDirectory.write(Array(bytes.prefix(100)), to: files[0])
        #expect(try read() == bytes)
        unlink(files[0])
        #expect(try read() == bytes)
        // Nothing left that is whole.
        try ObjectWorld.flip(3, of: files[2])
        try ObjectWorld.flip(3, of: files[1])
        let error = storageError { _ = try read() }
        #expect(error?.code == .damaged && error?.hint == "run \"social upload verify --repair\"")
        #expect(error?.message.contains(stored.hash.description) == true && error?.message.contains(files[1]) == true)
        unlink(files[1])
        unlink(files[2])
        #expect(storageError { _ = try read() }?.code == .noSuchFile)
        symlink("/etc/passwd", files[1])
        #expect(storageError { _ = try read() }?.code == .damaged)
    }

    @Test("No flipped bit is ever served")
    func flips() throws {
        let world = try ObjectWorld(folder.path, places: 1)
        let store = world.store()
        for size in [1, 100, 70_000] {
            let bytes = chance.bytes(size)
            let stored = try store.writer.put(.bytes(bytes))
            let files = world.files(of: stored.hash)
            for _ in 0..<TestRun.times(150) {
                let bit = chance.below(8 * size)
                try ObjectWorld.flip(bit, of: files[0])
                let object = try store.reader.open(stored.hash, checks: stored.checks)
                #expect(try object.read() == bytes && object.damagedPlaces == [files[0]])
                #expect(try store.keeper.prove(stored.hash, in: world.folder("home", 0)) == .damaged)
                let copy = try FileSystem().contents(of: files[1])
                unlink(files[1])
                #expect(storageError { _ = try object.read() } == nil, "the copy is still open")
                #expect(
                    storageError { _ = try store.reader.open(stored.hash, checks: stored.checks).read() }?.code
                        == .damaged)
                try TemporaryDirectory.write(copy, to: files[1])
                try ObjectWorld.flip(bit, of: files[0])
            }
        }
    }

    @Test("Too few places refuse a put, and enough accept it")
    func quorum() throws {
        let world = try ObjectWorld(folder.path, shards: 1, places: 2, writeQuorum: 2)
        let store = world.store()
        TemporaryDirectory.remove("\(folder.path)/place0")
        let stored = try store.writer.put(.bytes([1, 2, 3]))
        #expect(try FileSystem().contents(of: world.files(of: stored.hash)[2]) == [1, 2, 3])
        TemporaryDirectory.remove("\(folder.path)/place1")
        let before = try world.allFiles()
        for count in [1, 10] {
            let items = (0..<count).map { ObjectSource.bytes([UInt8($0)]) }
            let error = storageError { _ = try store.writer.put(items) }
            #expect(error?.code == .quorumLost && error?.hint != nil)
        }
        #expect(try world.allFiles() == before)
        #expect(!FileSystem().exists("\(folder.path)/place1"))
    }

    @Test("Whoever removes objects waits for those who put some, and they for him")
    func holds() throws {
        let world = try ObjectWorld(folder.path)
        let store = world.store()
        let first = try store.hold()
        let second = try store.hold()
        #expect(storageError { try store.exclusively {} }?.code == .busy)
        first.release()
        #expect(storageError { try store.exclusively {} }?.code == .busy)
        second.release()
        let inside = try store.exclusively { storageError { _ = try store.hold() }?.code }
        #expect(inside == .busy)
        #expect(storageError { _ = try store.hold() } == nil)
        #expect(storageError { try store.exclusively {} } == nil, "a hold that nobody has is none")
    }
}
