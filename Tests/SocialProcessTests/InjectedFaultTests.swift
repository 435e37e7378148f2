// Every change that a writing command makes to a file fails once, and once the process is killed there.

import SocialCore
import TestKit
import Testing

@Suite("Injected faults", .serialized)
struct InjectedFaultTests {
    @Test(
        "A change that fails is reported, leaves nothing half done and can be tried again",
        arguments: FaultInjector.Fault.allCases, [1, 4])
    func everyChange(fault: FaultInjector.Fault, shards: Int) throws {
        let scene = try FaultScene(shards: shards)
        var counts: [String: Int] = [:]
        var problems: [String] = []
        // Some of the acts and of their points in the usual run, all of them in the long one.
        let chance = Chance(case: 60 + shards)
        let acts = TestRun.some(shards == 1 ? 8 : 4, of: scene.acts, chance)
        for act in acts {
            let all = try scene.points(of: act, fault)
            // Who moves slots does the same a thousand times.
            let wanted = TestRun.scale == 1 ? (shards == 1 ? 3 : 2) : min(400, 20 * TestRun.scale)
            for position in TestRun.some(wanted, of: Array(1...max(1, all)), chance, isUsual: true).sorted() {
                let outcome: FaultScene.Outcome
                do { outcome = try scene.run(act, fault, at: position) } catch {
                    problems.append("\(act.name), \(fault) at \(position): \(error)")
                    continue
                }
                guard problems.count < 8 else { break }
                guard outcome.hasFired else { continue }
                counts[act.name, default: 0] += 1
                let expected: StorageError.Code = fault == .diskFull ? .diskFull : .ioError
                // Nobody hears what a process would have said that is killed; and what replicas have may be stored.
                if let error = outcome.error, ![expected, .outcomeUnknown].contains(error.code), fault != .killed {
                    problems.append("\(act.name), \(fault) at \(position): \(error.code) \(error.message)")
                }
                problems += outcome.problems.map { "\(act.name), \(fault) at \(position): \($0)" }
            }
        }
        TestRun.report("\(counts.values.reduce(0, +)) points of \(fault) in \(acts.count) acts, \(shards) shards")
        #expect(problems == [])
        #expect(counts.values.reduce(0, +) > acts.count / 2)
    }
}
