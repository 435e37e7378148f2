// Real processes of every writing verb, killed at their system calls and at random times.

import Glibc
import SocialCore
import TestKit
import Testing

@Suite("Killed processes", .serialized)
struct KillTests {
    private static let calls = [
        "openat", "mkdir", "write", "pwrite64", "pread64", "fdatasync", "fsync", "ftruncate", "fallocate", "rename",
        "unlink", "flock", "fcntl", "msync", "mmap", "close",
    ]

    @Test(
        "A process that is killed at any system call loses nothing that it has said",
        .enabled(if: Program.canTrace, "strace is not installed"), arguments: [1, 4])
    func systemCalls(shards: Int) throws {
        let scene = try ProcessScene(shards: shards)
        let chance = Chance(case: 70 + shards)
        let acts = TestRun.some(shards == 1 ? 6 : 4, of: scene.acts, chance)
        var points: [(act: SceneAct, stages: [Truth], call: String, ordinal: Int)] = []
        var all = 0
        for act in acts {
            let stages = try scene.stages(of: act)
            var calls = try trace(act, scene)
            all += calls.count
            for _ in 0..<min(calls.count, TestRun.times(shards == 1 ? 6 : 4, usually: 3)) {
                let chosen = calls.remove(at: chance.below(calls.count))
                points.append((act, stages, chosen.call, chosen.ordinal))
            }
        }
        var kills = 0
        var problems: [String] = []
        for point in points where problems.count < 8 {
            let place = try scene.copy(for: point.act)
            let tracer = [
                Program.strace, "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(point.call)", "-e",
                "inject=\(point.call):signal=KILL:when=\(point.ordinal)",
            ]
            let result = try scene.start(point.act, in: place, tracer: tracer).wait()
            if result.exit == nil { kills += 1 }
            problems += try scene.problems(after: point.act, result, point.stages, in: place)
                .map { "\(point.act.words) killed at \(point.call) \(point.ordinal): \($0)" }
        }
        TestRun.report("\(kills) kills at \(all) system calls of \(acts.count) command lines, \(shards) shards")
        #expect(problems == [])
        #expect(kills >= points.count * 9 / 10)
    }

    @Test("A process that is killed at any time loses nothing that it has said", arguments: [1, 4])
    func randomTimes(shards: Int) throws {
        let scene = try ProcessScene(shards: shards)
        let chance = Chance(case: 80 + shards)
        var kills = 0
        var problems: [String] = []
        for act in TestRun.some(shards == 1 ? 8 : 4, of: scene.acts, chance) {
            let stages = try scene.stages(of: act)
            for _ in 0..<2 * TestRun.scale where problems.count < 8 {
                let place = try scene.copy(for: act)
                let running = try scene.start(act, in: place)
                // Where the kill falls is chance; what is expected afterwards is not.
                usleep(UInt32(3_000 + chance.below(40_000)))
                running.kill()
                let result = try running.wait()
                if result.exit == nil { kills += 1 }
                problems += try scene.problems(after: act, result, stages, in: place)
                    .map { "\(act.words) killed at random: \($0)" }
            }
        }
        TestRun.report("\(kills) kills at random times, \(shards) shards")
        #expect(problems == [])
    }

    /// The system calls of an act that touch its data directory, each with its number among the calls of its name.
    private func trace(_ act: SceneAct, _ scene: ProcessScene) throws -> [(call: String, ordinal: Int)] {
        let place = try scene.copy(for: act)
        let log = "\(FileSystem.parent(of: place.data))/trace"
        let tracer = [
            Program.strace, "-f", "-qq", "-y", "-o", log, "-e", "trace=\(KillTests.calls.joined(separator: ","))",
        ]
        let result = try scene.start(act, in: place, tracer: tracer).wait()
        guard result.exit == 0 else { throw StorageError(.ioError, "strace: \(result.errors)") }
        var counts: [Substring: Int] = [:]
        var points: [(call: String, ordinal: Int)] = []
        for line in String(decoding: try FileSystem().contents(of: log), as: UTF8.self).split(separator: "\n") {
            guard let call = line.drop(while: { $0.isNumber }).drop(while: { $0 == " " }).split(separator: "(").first,
                KillTests.calls.contains(String(call))
            else { continue }
            counts[call, default: 0] += 1
            // What it says on its standard output counts too, and what it copies beside the directory.
            if line.contains(place.folder.path) || line.contains("write(1<") {
                points.append((String(call), counts[call] ?? 0))
            }
        }
        return points
    }
}
