// Many who put, read and remove objects at the same time.

import Foundation
import SocialCore
import Synchronization
import TestKit
import Testing

@Suite("Crowds at a store of objects", .serialized)
struct ObjectCrowdTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    @Test("Eight who put the same bytes at once store them once, whole")
    func same() throws {
        let world = try ObjectWorld(folder.path, shards: 2, places: 1, writeQuorum: 2)
        let chance = Chance("the same bytes")
        let all = (0..<30).map { _ in chance.bytes(1 + chance.below(40_000)) }
        let failures = Mutex<[String]>([])
        Crowd.run(8) { number in
            // Each with a store of its own, as processes have.
            let store = world.store()
            do {
                var stored: [StoredObject] = []
                for start in stride(from: 0, to: all.count, by: 5) {
                    let part = all[start..<start + 5]
                    // Some one by one, some together.
                    if number % 2 == 0 {
                        stored += try part.map { try store.writer.put(.bytes($0)) }
                    } else {
                        stored += try store.writer.put(part.map { .pieces($0, of: 9_000) })
                    }
                }
                for (object, bytes) in zip(stored, all) {
                    guard try store.reader.open(object.hash, checks: object.checks).read() == bytes else {
                        throw StorageError(.damaged, "\(object.hash) is read as something else")
                    }
                }
            } catch { failures.withLock { $0.append("\(error)") } }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(try world.allFiles().count == 2 * all.count)
    }

    @Test("What is removed while others put and read is only what nobody refers to, and nothing half is ever read")
    func collecting() throws {
        let world = try ObjectWorld(folder.path, shards: 2)
        let chance = Chance("collecting")
        let all = (0..<60).map { _ in chance.bytes(1 + chance.below(100_000)) }
        let checks = all.map { BlockChecks(of: $0) }
        let hashes = all.map { ObjectHash(of: $0) }
        let rows = Mutex<Set<ObjectHash>>([])
        let failures = Mutex<[String]>([])
        let removed = Atomic(0)
        let seed = chance.seed
        Crowd.run(8) { number in
            let chance = Chance(seed: seed &+ UInt64(number))
            let store = world.store(lockWaitMilliseconds: 60_000)
            do {
                while removed.load(ordering: .relaxed) < TestRun.times(60), failures.withLock({ $0.isEmpty }) {
                    let pick = chance.below(all.count)
                    if number == 0 {
                        try store.exclusively {
                            let used = rows.withLock { $0 }
                            for place in world.layout().folders {
                                try store.keeper.forEachObject(in: place) { found in
                                    guard case .object(let hash) = found, !used.contains(hash) else { return }
                                    let count = try store.keeper.remove(hash)
                                    removed.add(count, ordering: .relaxed)
                                }
                            }
                        }
                    } else if number < 4, chance.isOne(in: 10) {
                        let hold = try store.hold()
                        let picks = [pick] + (0..<chance.below(6)).map { _ in chance.below(all.count) }
                        let stored = try store.writer.put(picks.map { .bytes(all[$0]) })
                        rows.withLock { rows in for object in stored { rows.insert(object.hash) } }
                        hold.release()
                        rows.withLock { rows in
                            while rows.count > 10, let first = rows.first { rows.remove(first) }
                        }
                    } else {
                        do {
                            let object = try store.reader.open(hashes[pick], checks: checks[pick])
                            if try object.read() != all[pick] || object.damagedPlaces != [] {
                                throw StorageError(.damaged, "\(hashes[pick]) is read as something else")
                            }
                        } catch let error as StorageError where error.code == .noSuchFile {}
                    }
                }
            } catch { failures.withLock { $0.append("\(number): \(error)") } }
        }
        #expect(failures.withLock { $0 } == [])
        let store = world.store()
        for (index, hash) in hashes.enumerated() where rows.withLock({ $0.contains(hash) }) {
            #expect(try store.reader.open(hash, checks: checks[index]).read() == all[index])
        }
        #expect(try store.keeper.removeTemporaries() == 0)
    }
}

/// Threads that do something at the same time.
private enum Crowd {
    static func run(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let finished = DispatchSemaphore(value: 0)
        for number in 0..<count {
            Thread.detachNewThread {
                body(number)
                finished.signal()
            }
        }
        for _ in 0..<count { finished.wait() }
    }
}
