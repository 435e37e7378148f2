// The store of objects with its home in an object store of others: what is put there, what is kept here, and what
// becomes of damage on either side and on the way.

import Glibc
import TestKit
import Testing

@testable import SocialCore

@Suite("The store of objects before an object store")
struct RemoteStoreTests {
    private let folder: Folder
    private let server: S3Server
    private let world: ObjectWorld
    private let chance = Chance("remote objects")

    init() throws {
        folder = try Folder()
        server = try S3Server()
        world = try ObjectWorld(folder.path, shards: 2)
    }

    private func remote(prefix: String = "net") throws -> RemoteObjects {
        let variables = server.environment
        return RemoteObjects(try S3Address(server.address(prefix: prefix)), patience: .brief) { variables[$0] }
    }

    private func store(moved: Int = 0) throws -> ObjectStore {
        ObjectStore(
            directory: world.path, layout: world.layout(moved: moved), shared: false, remote: try remote(),
            context: Context(lockWaitMilliseconds: 0))
    }

    private func key(_ hash: ObjectHash) -> String { "net/\(hash.path)" }

    /// Removes what is kept here.
    private func forget(_ hash: ObjectHash) { for path in world.files(of: hash) { unlink(path) } }

    // MARK: Putting and reading

    @Test("what was put is there under its key, is kept here, and is fetched where it is not")
    func roundTrip() throws {
        let store = try store()
        for size in [0, 1, 65_537, 300_000, (17 << 20) + 3] {
            let bytes = chance.bytes(size)
            let stored = try store.writer.put(.bytes(bytes))
            #expect(stored.isNew && stored.hash == ObjectHash(of: bytes))
            #expect(server.objects[key(stored.hash)] == bytes)
            server.fail(nil)
            #expect(try store.reader.open(stored.hash, checks: stored.checks).read() == bytes)
            #expect(server.takeRequests().isEmpty, "what is kept here needs no request")
            forget(stored.hash)
            let object = try store.reader.open(stored.hash, checks: stored.checks)
            for _ in 0..<5 {
                let start = chance.below(size + 1)
                let range = start..<start + chance.below(min(size - start, 400_000) + 1)
                #expect(try object.read(range) == Array(bytes[range]))
            }
            #expect(try object.read() == bytes && object.damagedPlaces == [])
            // Large ones are read where they are.
            #expect(FileSystem().exists(world.files(of: stored.hash)[0]) == (size <= RemoteObjects.wholeBytes))
            #expect(try store.fetched(stored.hash, sizeBytes: size) == world.files(of: stored.hash)[0])
            #expect(try FileSystem().contents(of: world.files(of: stored.hash)[0]) == bytes)
            #expect(try !store.writer.put(.bytes(bytes)).isNew)
        }
        #expect(server.uploads == 0 && server.signatureFaults == [])
        #expect(try store.keeper.removeTemporaries() == 0)
    }

    @Test("many are put side by side, each once, and found again from another directory")
    func many() throws {
        let store = try store()
        let all = (0..<40).map { _ in chance.bytes(1 + chance.below(5_000)) }
        let stored = try store.writer.put((all + all).map { .bytes($0) })
        #expect(stored.map(\.isNew) == all.map { _ in true } + all.map { _ in false })
        #expect(server.objects.count == 40)
        let other = try ObjectWorld(folder.path + "/other")
        let second = ObjectStore(
            directory: other.path, layout: other.layout(), shared: false, remote: try remote(), context: Context())
        for (bytes, object) in zip(all, stored) {
            #expect(try second.reader.open(object.hash, checks: object.checks).read() == bytes)
        }
        var found: [ObjectHash] = []
        try remote().forEachObject { object, size in
            guard case .object(let hash) = object else {
                Issue.record("\(object)")
                return
            }
            found.append(hash)
            #expect(server.objects[key(hash)]?.count == size)
        }
        #expect(found == stored.prefix(40).map(\.hash).sorted())
    }

    @Test("a put that does not reach the store throws, and is right when it is done again")
    func failedPuts() throws {
        let store = try store()
        for bytes in [chance.bytes(1_000), chance.bytes(17 << 20)] {
            server.fail { request, _ in request.method == "PUT" ? .status(503, code: "SlowDown") : nil }
            #expect(storageError { _ = try store.writer.put(.bytes(bytes)) }?.code == .objectStoreUnreachable)
            #expect(server.objects[key(ObjectHash(of: bytes))] == nil && server.uploads == 0)
            server.fail { _, number in number % 3 == 0 ? .status(500, code: "InternalError") : nil }
            // It lies here already, which says nothing.
            #expect(try store.writer.put(.bytes(bytes)).isNew)
            #expect(server.objects[key(ObjectHash(of: bytes))] == bytes)
        }
    }

    // MARK: Damage

    @Test("flipped bytes with status 200 are never handed out, and fetched again", arguments: [70_000, 17 << 20])
    func flips(size: Int) throws {
        let store = try store()
        let bytes = chance.bytes(size)
        let stored = try store.writer.put(.bytes(bytes))
        forget(stored.hash)
        for _ in 0..<10 {
            let seed = chance.next()
            server.fail { request, number in
                request.method == "GET" && Mixing.finalize(seed &+ UInt64(number)) % 4 == 0 ? .flip : nil
            }
            forget(stored.hash)
            let start = chance.below(size - 50_000)
            do {
                let object = try store.reader.open(stored.hash, checks: stored.checks)
                let part = try object.read(start..<start + 50_000)
                #expect(part == Array(bytes[start..<start + 50_000]))
            } catch {
                #expect(error.code == .damaged)
            }
        }
        // Always flipped: nothing is kept, and no byte comes out but of blocks that were fetched beside the flip.
        server.fail { request, _ in request.method == "GET" ? .flip : nil }
        forget(stored.hash)
        let read = Result { try store.reader.open(stored.hash, checks: stored.checks).read() }
        switch read {
        case .success(let read): #expect(size > RemoteObjects.wholeBytes && read == bytes)
        case .failure(let error as StorageError):
            #expect(error.code == .damaged && error.message.contains(key(stored.hash)))
        case .failure(let error): Issue.record("\(error)")
        }
        #expect(!FileSystem().exists(world.files(of: stored.hash)[0]))
        #expect(storageError { _ = try store.fetched(stored.hash, sizeBytes: size) }?.code == .damaged)
        #expect(try store.keeper.removeTemporaries() == 0)
    }

    @Test("what is kept here and damaged is fetched, and what the store has lost is said to be gone")
    func damagedCache() throws {
        let store = try store()
        for size in [70_000, 17 << 20] {
            let bytes = chance.bytes(size)
            let stored = try store.writer.put(.bytes(bytes))
            let path = world.files(of: stored.hash)[0]
            try ObjectWorld.flip(chance.below(8 * size), of: path)
            let object = try store.reader.open(stored.hash, checks: stored.checks)
            #expect(try object.read() == bytes && object.damagedPlaces == [path])
            if size < RemoteObjects.wholeBytes { #expect(try FileSystem().contents(of: path) == bytes) }
            forget(stored.hash)
            server.objects[key(stored.hash)]?.removeLast()
            #expect(
                storageError { _ = try store.reader.open(stored.hash, checks: stored.checks).read() }?.code == .damaged)
            server.objects[key(stored.hash)] = nil
            let error = storageError { _ = try store.reader.open(stored.hash, checks: stored.checks) }
            #expect(error?.code == .noSuchFile && error?.message.contains("s3://media/net/") == true)
        }
    }

    @Test("a store that does not answer is no damage: what is kept is read, the rest is tried again later")
    func outage() throws {
        let store = try store()
        let (kept, gone) = (chance.bytes(5_000), chance.bytes(6_000))
        let stored = try store.writer.put([.bytes(kept), .bytes(gone)])
        forget(stored[1].hash)
        server.fail { _, _ in .cut }
        #expect(try store.reader.open(stored[0].hash, checks: stored[0].checks).read() == kept)
        let error = storageError { _ = try store.reader.open(stored[1].hash, checks: stored[1].checks) }
        #expect(error?.code == .objectStoreUnreachable)
        server.fail(nil)
        #expect(try store.reader.open(stored[1].hash, checks: stored[1].checks).read() == gone)
    }

    @Test("where nothing can be kept, objects are read all the same")
    func readOnly() throws {
        let store = try store()
        let bytes = chance.bytes(200_000)
        let stored = try store.writer.put(.bytes(bytes))
        let place = FileSystem.parent(of: FileSystem.parent(of: world.files(of: stored.hash)[0]))
        Folder.removeAll(place)
        // A file where the folder should be.
        try TemporaryDirectory.write([1], to: place)
        #expect(try store.reader.open(stored.hash, checks: stored.checks).read() == bytes)
        #expect(try FileSystem().contents(of: place) == [1])
        // A dry run keeps nothing either.
        Folder.removeAll(place)
        var context = Context()
        context.isDryRun = true
        let dry = ObjectStore(
            directory: world.path, layout: world.layout(), shared: false, remote: try remote(), context: context)
        #expect(try dry.reader.open(stored.hash, checks: stored.checks).read() == bytes)
        #expect(!FileSystem().exists(place))
    }

    // MARK: Upkeep

    @Test("what is removed is gone, and the leftovers of puts are aborted, but nobody else's")
    func removing() throws {
        let store = try store()
        let stored = try store.writer.put((0..<20).map { .bytes([$0, 7]) })
        server.objects["net/strange"] = [1]
        server.leaveUpload(of: key(stored[0].hash))
        server.leaveUpload(of: "net/strange")
        try store.remote?.remove(stored.map(\.hash))
        #expect(server.objects == ["net/strange": [1]])
        #expect(try store.keeper.removeTemporaries() == 1 && server.uploads == 1)
        var found: [ObjectKeeper.Found] = []
        try store.remote?.forEachObject { object, _ in found.append(object) }
        #expect(found == [.stranger(path: "s3://media/net/strange")])
    }

    @Test("a place is tried out before it is used: it must be there, empty, writable and without versions")
    func probing() throws {
        try remote().probe()
        #expect(server.objects.isEmpty)
        // What a probe has left that was stopped is no obstacle.
        server.objects["net/social-probe"] = [1]
        try remote().probe()
        server.objects["network/x"] = [1]
        try remote().probe()
        #expect(storageError { try remote(prefix: "").probe() }?.code == .notEmpty)
        server.objects["net/\(ObjectHash(of: [1]).path)"] = [1]
        #expect(storageError { try remote().probe() }?.code == .notEmpty)
        server.objects = [:]
        server.fail { request, _ in request.method == "PUT" ? .status(403, code: "AccessDenied") : nil }
        #expect(storageError { try remote().probe() }?.code == .objectStoreRefused)
        server.fail { request, _ in request.method == "GET" && request.key != "" ? .flip : nil }
        #expect(storageError { try remote().probe() }?.code == .objectStoreFailed)
        server.fail(nil)
        server.keepVersions()
        #expect(storageError { try remote().probe() }?.code == .badObjectStore)
        let variables = server.environment
        let other = try S3Address("s3://other?endpoint=\(server.endpoint)")
        let missing = RemoteObjects(other, patience: .brief) { variables[$0] }
        #expect(storageError { try missing.probe() }?.code == .noSuchBucket)
    }

    @Test("a store is copied to another, from here or from there")
    func copying() throws {
        let store = try store()
        let stored = try store.writer.put([.bytes([1, 2]), .bytes([3]), .bytes([4])])
        forget(stored[1].hash)
        forget(stored[2].hash)
        server.objects[key(stored[2].hash)] = [1, 2]
        let other = try ObjectWorld(folder.path + "/backup").store()
        #expect(try store.copy(stored[0].hash, sizeBytes: 2, to: other))
        #expect(try store.copy(stored[1].hash, sizeBytes: 1, to: other))
        // The bytes of another object are not taken, and do not cost that one.
        #expect(throws: StorageError.self) { try store.copy(stored[2].hash, sizeBytes: 1, to: other) }
        #expect(try !store.copy(ObjectHash(of: [9]), sizeBytes: 1, to: other))
        #expect([2, 1, nil] == stored.map { other.keeper.sizeBytes(of: $0.hash) })
    }

    @Test("any history of puts, reads, damage, outages and removals ends as a dictionary would")
    func histories() throws {
        let store = try store()
        var model: [ObjectHash: (bytes: [UInt8], checks: BlockChecks)] = [:]
        for _ in 0..<150 * TestRun.scale {
            let hash = chance.one(of: model.keys.sorted())
            let isFailing = chance.isOne(in: 4)
            let seed = chance.next()
            server.fail { _, number in
                switch isFailing ? Mixing.finalize(seed &+ UInt64(number)) % 5 : 9 {
                case 0: .status(503, code: "SlowDown")
                case 1: .cut
                case 2: .cutBody
                default: nil
                }
            }
            do {
                switch (chance.below(5), hash) {
                // Of what is being removed while the store is cut off nobody knows whether it is still there.
                case (0, let hash?) where !isFailing:
                    try store.remote?.remove([hash])
                    _ = try store.keeper.remove(hash)
                    model[hash] = nil
                case (1, let hash?): forget(hash)
                case (2, let hash?) where !isFailing:
                    let path = world.files(of: hash)[0]
                    let size = model[hash]?.bytes.count ?? 0
                    if FileSystem().exists(path), size > 0 { try ObjectWorld.flip(chance.below(8 * size), of: path) }
                case (3, let hash?):
                    guard let (bytes, checks) = model[hash] else { continue }
                    #expect(try store.reader.open(hash, checks: checks).read() == bytes)
                default:
                    let bytes = chance.bytes(chance.below(100_000))
                    let stored = try store.writer.put(.bytes(bytes))
                    #expect(stored.isNew == (model[stored.hash] == nil))
                    model[stored.hash] = (bytes, stored.checks)
                }
            } catch let error as StorageError {
                #expect(isFailing && error.code == .objectStoreUnreachable, "\(error)")
            }
        }
        server.fail(nil)
        for (hash, (bytes, checks)) in model {
            #expect(server.objects[key(hash)] == bytes)
            #expect(try store.reader.open(hash, checks: checks).read() == bytes)
        }
        #expect(server.signatureFaults == [])
    }
}
