// A random life of a store of objects beside a model: a dictionary of what must be there. Everything may fail, and the
// power may go at any change.

import SocialCore
import TestKit

/// What must be there, and what may be.
struct ObjectModel {
    /// What was acknowledged and not removed since.
    var present: [ObjectHash: [UInt8]] = [:]
    /// What was put or removed by something that did not come to its end: it may be there, whole, or not.
    var uncertain: [ObjectHash: [UInt8]] = [:]
    /// How far the slots have moved.
    var moved = 0

    /// Everything that may be there.
    var all: [ObjectHash: [UInt8]] { present.merging(uncertain) { one, _ in one } }
}

/// Something that is done to a store.
enum ObjectAct {
    case put([ObjectSource], bytes: [[UInt8]])
    case remove(ObjectHash)
    case settle(ObjectHash)
    /// The slots move on, and nothing has followed them yet.
    case move
    case sweep

    /// What is likely to find something.
    static func random(_ model: ObjectModel, _ chance: Chance) -> ObjectAct {
        let known = model.all.keys.sorted()
        let one = chance.one(of: known)
        switch (chance.below(20), one) {
        case (0..<4, let hash?): return .settle(hash)
        case (4..<6, let hash?): return .remove(hash)
        case (6, _): return .move
        case (7, _): return .sweep
        case (let number, _):
            let count = number < 14 ? 1 + chance.below(3) : 4 + chance.below(4)
            var bytes = (0..<count).map { _ in
                chance.bytes(chance.isOne(in: 6) ? chance.below(5_000) : chance.below(600))
            }
            // What is there already, or comes twice.
            if let one, let old = model.all[one], chance.isOne(in: 3) { bytes[0] = old }
            if count > 1, chance.isOne(in: 3) { bytes[1] = bytes[0] }
            let sources = bytes.map { chance.isOne(in: 3) ? ObjectSource.pieces($0, of: 700) : .bytes($0) }
            return .put(sources, bytes: bytes)
        }
    }

    /// Does it.
    ///
    /// - Returns: whether it was done; if not, the model knows what is uncertain now.
    func run(on world: ObjectWorld, _ model: inout ObjectModel, _ tap: (any FileTap)?) throws -> StorageError? {
        let store = world.store(tap, moved: model.moved)
        do {
            switch self {
            case .put(let sources, let bytes):
                var writer = store.writer
                writer.streamMemoryBytes = 1_000
                for bytes in bytes { model.uncertain[ObjectHash(of: bytes)] = bytes }
                let hold = try store.hold()
                defer { hold.release() }
                let stored = try writer.put(sources)
                for (object, bytes) in zip(stored, bytes) {
                    guard object.hash == ObjectHash(of: bytes), object.checks == BlockChecks(of: bytes) else {
                        return StorageError(.damaged, "the put names something else")
                    }
                    model.present[object.hash] = bytes
                }
            case .remove(let hash):
                model.uncertain[hash] = model.all[hash]
                model.present[hash] = nil
                _ = try store.exclusively { try store.keeper.remove(hash) }
                if store.keeper.sizeBytes(of: hash) != nil { return StorageError(.notEmpty, "\(hash) is still there") }
            case .settle(let hash):
                let result = try store.keeper.settle(hash)
                guard result.isSound || model.present[hash] == nil else {
                    return StorageError(.damaged, "\(hash) is lost")
                }
            case .move: model.moved += 1
            case .sweep: _ = try store.exclusively { try store.keeper.removeTemporaries() }
            }
        } catch let error as StorageError { return error }
        return nil
    }
}

extension ObjectWorld {
    /// What is wrong: an object that is not there, or is another; a file that is not what it is named.
    func problems(_ model: ObjectModel) throws -> [String] {
        var problems: [String] = []
        let store = store(moved: model.moved)
        for (hash, bytes) in model.present.sorted(by: { $0.key < $1.key }) {
            do {
                let object = try store.reader.open(hash, checks: BlockChecks(of: bytes))
                if try object.read() != bytes { problems.append("\(hash) is read as something else") }
                if object.damagedPlaces != [] { problems.append("\(hash) is damaged in \(object.damagedPlaces)") }
            } catch { problems.append("\(hash): \(error)") }
            let sound = try folders.filter { try store.keeper.prove(hash, in: $0) == .sound }
            // The home, or a replica place.
            let roots = Set(sound.map { $0.dropFirst(path.count + 1).prefix { $0 != "/" } })
            if roots.count < writeQuorum { problems.append("\(hash) lies only in \(sound)") }
        }
        let all = model.all
        for place in folders {
            try store.keeper.forEachObject(in: place) { found in
                guard case .object(let hash) = found else { return problems.append("\(found)") }
                if all[hash] == nil { problems.append("\(hash) was never put") }
                let proof = try store.keeper.prove(hash, in: place)
                if proof != .sound { problems.append("\(hash) in \(place) is \(proof)") }
            }
        }
        return problems
    }

    private var folders: [String] { layout().folders + layout().copyFolders }
}
