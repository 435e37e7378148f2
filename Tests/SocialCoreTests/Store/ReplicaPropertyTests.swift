// Anything at any time: writes, moves of slots, failures at any change of a file, losses and damage, repairs,
// promotions and recoveries, in random order, against the one thing that must hold: what was acknowledged is there.

import SocialCore
import TestKit
import Testing

@Suite("Replicas under random losses")
struct ReplicaPropertyTests {
    /// One run: a world in which at most one copy is out of order at a time.
    private final class Run {
        let world: ReplicaWorld
        let chance: Chance
        /// The place that is out of order: 0 is the data directory.
        var hurt: Int?
        var history: [String] = []
        var counts: [String: Int] = [:]
        var failure: String?
        private var number = 0

        init(case index: Int, shards: Int) throws {
            chance = Chance(case: index)
            world = try ReplicaWorld(shards: shards, chance: chance)
        }

        func step() throws {
            switch chance.below(100) {
            case 0..<40: post(nil)
            case 40..<65: post(injector())
            case 65..<77: try harm()
            case 77..<87: try heal()
            case 87..<92: try recover()
            case 92..<94: try promote()
            case 94..<97: try move()
            default: try verify()
            }
        }

        func note(_ event: String) {
            history.append(event)
            counts[String(event.prefix { $0 != " " }), default: 0] += 1
        }

        private func injector() -> FaultInjector {
            let fault = chance.one(of: FaultInjector.Fault.allCases) ?? .killed
            return FaultInjector(fault, at: 1 + chance.below(60))
        }

        private func post(_ fault: FaultInjector?) {
            // Sometimes what is unknown is tried again.
            let name = ["ana", "bob", "cleo", "dan"][chance.below(4)]
            number += 1
            let again = chance.isOne(in: 4) ? chance.one(of: world.unknown.keys.sorted()) : nil
            let parts = again?.split(separator: " ")
            let key = parts.map { String($0[1]) } ?? "k\(number)"
            let by = parts.map { String($0[0]) } ?? name
            let code = world.post(key, by: by, fault)
            note("post \(key) \(fault.map { "\($0.hasFired ? "failed" : "untouched")" } ?? "") \(code ?? "ok")")
            if fault == nil, let code { failure = "a post fails with \(code)" }
        }

        private func harm() throws {
            guard hurt == nil else { return }
            let place = chance.below(3)
            let shard = world.shard(place, chance.below(try world.open().router.shards.count))
            let file = "\(shard)/\(["truth.sqlite", "truth.sqlite-wal", "replica.log"][chance.below(3)])"
            let kind = chance.below(place == 0 ? 3 : 4)
            note("harm \(kind) \(file)")
            switch kind {
            case 0: try FileSystem().remove(file)
            case 1: if FileSystem().exists(file) { try world.cut(file) }
            case 2: if FileSystem().exists(file) { try world.flip(file) }
            default: world.remove(place)
            }
            hurt = place
            // Whoever reads does not notice; whoever wrote on might carry a flipped bit of the truth to the others.
            try look()
            guard place == 0 else { return }
            let leaders = try world.open().replicaStatus(isDeep: true).filter { $0.isLeader && $0.isTruthLost }
            if !leaders.isEmpty { try heal() }
        }

        private func heal() throws {
            guard hurt != nil else { return }
            let isLost = try world.open().replicaStatus(isDeep: true).contains(where: \.isTruthLost)
            note("heal \(isLost ? "by promotion" : "by repair")")
            try attempt { network in
                if isLost {
                    _ = try network.promote(shard: nil, from: nil)
                }
                _ = try network.repairReplicas(nil)
            }
            let states = try world.states(isDeep: true)
            if states.contains(where: { $0 != "ok" }) { failure = "after healing: \(states)" }
            hurt = nil
        }

        private func promote() throws {
            guard hurt == nil else { return }
            note("promote")
            try attempt { _ = try $0.promote(shard: nil, from: nil) }
        }

        /// Moves slots between shards, while one copy of each may be out of order.
        private func move() throws {
            let shards = try world.open().router.shards
            guard shards.count > 1, hurt != 0 else { return }
            let slots = (0..<1 + chance.below(900)).map { _ in Slot(masking: Int64(chance.below(Slot.count))) }
            let target = shards[chance.below(shards.count)]
            note("move \(slots.count) slots to \(target)")
            try attempt { _ = try $0.moveSlots(Array(Set(slots)).sorted(), to: target) }
        }

        /// Does something, often with a failure on the way, and then once more without.
        private func attempt(_ work: (Network) throws -> Void) throws {
            if chance.isOne(in: 2) {
                let fault = injector()
                let code = refusal {
                    try RecordingVFS.watching(world.folder.path, fault) { try work(try world.open(fault)) }
                }
                note("attempt \(code ?? "ok")")
                try look()
            }
            try work(try world.open())
        }

        private func recover() throws {
            guard hurt == nil || hurt == 0 else { return }
            note("recover")
            let former = world.directory
            try world.recover(from: [1, 2])
            Folder.removeAll(former)
            hurt = nil
        }

        private func verify() throws {
            guard hurt == nil else { return }
            let findings = try world.findings()
            note("verify")
            if !findings.isEmpty { failure = "\(findings)" }
        }

        func look() throws {
            let problems = try world.problems()
            if !problems.isEmpty { failure = "\(problems)" }
        }
    }

    @Test("what was acknowledged is never lost", arguments: [1, 4])
    func losses(shards: Int) throws {
        var counts: [String: Int] = [:]
        var acknowledged = 0
        let count = TestRun.times(6, usually: 4)
        for index in 0..<count {
            let run = try Run(case: 5_000 * shards + index, shards: shards)
            for _ in 0..<60 where run.failure == nil {
                do {
                    try run.step()
                    try run.look()
                } catch { run.failure = "\(error)" }
            }
            if let failure = run.failure {
                Issue.record("case \(index): \(failure)\n\(run.history.suffix(12).joined(separator: "\n"))")
                break
            }
            for (event, count) in run.counts { counts[event, default: 0] += count }
            acknowledged += run.world.posts.count
        }
        let events = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        TestRun.report("\(shards) shards: \(acknowledged) posts acknowledged, \(events)")
        #expect(acknowledged > 15 * count)
    }
}
