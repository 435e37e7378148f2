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
        for act in scene.acts {
            // Some of the points in the usual run, all of them in the long one.
            let stride = max(1, (shards == 1 ? 8 : 24) / TestRun.scale)
            for position in Swift.stride(from: 1 + Chance(case: shards).below(stride), to: 10_000, by: stride) {
                let outcome: FaultScene.Outcome
                do { outcome = try scene.run(act, fault, at: position) } catch {
                    problems.append("\(act.name), \(fault) at \(position): \(error)")
                    continue
                }
                guard outcome.hasFired, problems.count < 8 else { break }
                counts[act.name, default: 0] += 1
                let expected: StorageError.Code = fault == .diskFull ? .diskFull : .ioError
                if let error = outcome.error, error.code != expected {
                    problems.append("\(act.name), \(fault) at \(position): \(error.code) \(error.message)")
                }
                problems += outcome.problems.map { "\(act.name), \(fault) at \(position): \($0)" }
            }
        }
        TestRun.report("\(counts.values.reduce(0, +)) points of \(fault), \(shards) shards")
        #expect(problems == [])
        #expect(counts["init"] ?? 0 > 0)
        #expect(counts["post create"] ?? 0 > 0 || shards > 1)
    }
}
