// Random lives of stores: what was acknowledged is there and whole, and nothing half written lies under a hash, however
// often calls fail, processes are killed and the power goes.

import SocialCore
import TestKit
import Testing

@Suite("Stores of objects under faults")
struct ObjectPropertyTests {
    @Test("A store agrees with a dictionary, whatever fails", arguments: [0, 2])
    func faults(places: Int) throws {
        var (fired, refused) = (0, 0)
        for life in 0..<TestRun.times(20, usually: 10) {
            let chance = Chance(case: 100 * places + life)
            let folder = try Folder()
            let world = try ObjectWorld(
                folder.path, shards: 1 + chance.below(3), places: places, writeQuorum: 1 + chance.below(places + 1))
            var model = ObjectModel()
            var problems: [String] = []
            for step in 0..<25 where problems == [] {
                let act = ObjectAct.random(model, chance)
                guard let fault = chance.one(of: FaultInjector.Fault.allCases), chance.isOne(in: 2) else {
                    if let error = try act.run(on: world, &model, nil) { problems.append("step \(step): \(error)") }
                    continue
                }
                let injector = FaultInjector(fault, at: 1 + chance.below(40))
                let error = try act.run(on: world, &model, injector)
                if injector.hasFired { fired += 1 }
                if let error {
                    refused += 1
                    let codes: [StorageError.Code] = [.ioError, .diskFull, .quorumLost]
                    if !codes.contains(error.code) || !injector.hasFired { problems.append("\(fault): \(error)") }
                    // Tried again, it goes well.
                    if let error = try act.run(on: world, &model, nil) { problems.append("again: \(error)") }
                }
                problems += try world.problems(model)
            }
            #expect(problems == [], "life \(life), SOCIAL_TEST_SEED=\(TestRun.seed)")
        }
        TestRun.report("\(fired) faults, of which \(refused) were told")
        #expect(fired > 0 && refused > 0)
    }

    @Test("Each change of each kind of put can fail, and the put is refused or whole")
    func everyChange() throws {
        var points = 0
        for count in [1, 6] {
            for fault in FaultInjector.Fault.allCases {
                for position in 1... {
                    let folder = try Folder()
                    let world = try ObjectWorld(folder.path, shards: 2)
                    let chance = Chance(seed: UInt64(count))
                    var model = ObjectModel()
                    let bytes = (0..<count).map { _ in chance.bytes(1_500) }
                    let act = ObjectAct.put(
                        bytes.enumerated().map { $0 % 2 == 0 ? .pieces($1, of: 400) : .bytes($1) }, bytes: bytes)
                    let injector = FaultInjector(fault, at: position)
                    let error = try act.run(on: world, &model, injector)
                    #expect((error != nil) == injector.hasFired, "\(fault) at \(position)")
                    #expect(try world.problems(model) == [], "\(fault) at \(position)")
                    #expect(try act.run(on: world, &model, nil) == nil && world.problems(model) == [])
                    if fault != .killed { #expect(try world.store().keeper.removeTemporaries() == 0 || error != nil) }
                    guard injector.hasFired else { break }
                    points += 1
                }
            }
        }
        TestRun.report("\(points) places at which a put failed")
        #expect(points > 60)
    }

    @Test("A power cut at any change loses nothing acknowledged, and shows nothing half written", arguments: [0, 2])
    func powerCuts(places: Int) throws {
        var cuts = 0
        for number in 0..<TestRun.times(2, usually: 1) {
            let chance = Chance(case: 10_000 + 100 * places + number)
            let life = try RecordedLife(
                chance, shards: 1 + chance.below(3), places: places, writeQuorum: 1 + chance.below(places + 1))
            let problems = try life.cutEverywhere(times: 1, &cuts)
            #expect(problems == [], "life \(number), SOCIAL_TEST_SEED=\(TestRun.seed)")
        }
        TestRun.report("\(cuts) power cuts with \(places) replica places")
        #expect(cuts > 50)
    }
}

/// A life whose every change was recorded.
private struct RecordedLife {
    private let chance: Chance
    private let folder: Folder
    private let world: ObjectWorld
    private let record = DiskRecord()
    /// What the model was before and after each step.
    private var models: [ObjectModel] = [ObjectModel()]
    private var begun: [ObjectModel] = []

    init(_ chance: Chance, shards: Int, places: Int, writeQuorum: Int) throws {
        self.chance = chance
        folder = try Folder()
        world = try ObjectWorld("\(folder.path)/life", shards: shards, places: places, writeQuorum: writeQuorum)
        var model = ObjectModel()
        for step in 0..<14 {
            let act = ObjectAct.random(model, chance)
            var during = model
            switch act {
            case .put(_, let bytes): for bytes in bytes { during.uncertain[ObjectHash(of: bytes)] = bytes }
            case .remove(let hash):
                during.uncertain[hash] = during.all[hash]
                during.present[hash] = nil
            default: break
            }
            begun.append(during)
            if let error = try act.run(on: world, &model, record) { throw error }
            models.append(model)
            record.acknowledge(step)
        }
    }

    /// Cuts the power after every change, some times each; what is wrong when the machine is up again.
    func cutEverywhere(times: Int, _ cuts: inout Int) throws -> [String] {
        var disk = SimulatedDisk(root: world.path)
        for folder in try folders(below: world.path) {
            disk.apply(.makeDirectory(path: folder))
            disk.apply(.syncDirectory(path: FileSystem.parent(of: folder)))
        }
        var problems: [String] = []
        var step = 0
        for entry in record.entries where problems.count < 5 {
            switch entry {
            case .acknowledged: step += 1
            case .change(let change): disk.apply(change)
            }
            for _ in 0..<times {
                cuts += 1
                let place = "\(folder.path)/up"
                try Folder.write(disk.afterPowerCut(chance), from: world.path, to: place)
                let found = try ObjectWorld(
                    place, shards: world.shards, places: world.places, writeQuorum: world.writeQuorum)
                // A step that has begun may have done anything of what it does.
                var model = step < begun.count ? begun[step] : models[step]
                model.moved = models[step].moved
                problems += try found.problems(model).map { "cut in step \(step): \($0)" }
                guard chance.isOne(in: 10) else { continue }
                // And life goes on.
                for act in [ObjectAct.sweep] + (0..<3).map({ _ in ObjectAct.random(model, chance) }) {
                    if let error = try act.run(on: found, &model, nil) { problems.append("afterwards: \(error)") }
                }
                problems += try found.problems(model).map { "after a cut in step \(step): \($0)" }
            }
        }
        return problems
    }

    /// The folders that were there before the life began.
    private func folders(below path: String) throws -> [String] {
        let roots = ["home"] + (0..<world.places).map { "place\($0)" }
        return roots.flatMap { root in
            ["\(path)/\(root)"] + (0..<world.shards).map { "\(path)/\(root)/\($0)" }
        }
    }
}
