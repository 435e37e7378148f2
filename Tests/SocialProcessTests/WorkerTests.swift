// Workers as real processes, killed at random: no task is lost, and what each does happens once.

import Foundation
import SocialCore
import TestKit
import Testing

@Suite("Workers that are killed", .serialized)
struct WorkerTests {
    /// Kills a worker, and takes note that it has ended: what nobody takes note of keeps others waiting.
    private func stop(_ worker: RunningProgram) {
        worker.kill()
        _ = try? worker.wait()
    }

    @Test("Every task is done in the end, and its effect is there once, however many workers are killed meanwhile")
    func kills() throws {
        let chance = Chance("killed workers")
        let folder = try TemporaryDirectory()
        let data = folder.file("network")
        func run(_ words: [String], input: String = "") throws -> ProgramResult {
            let result = try Program.run(words, data: data, input: input)
            try #require(result.exit == 0, "\(words): \(result.errors)")
            return result
        }
        _ = try run(["init", data, "--shards", "2"])
        _ = try run(["user", "create", "ana"])
        let tasks = 24
        _ = try run(
            ["queue", "push", "jobs", "--lines", "-", "--attempts", "1000"],
            input: (1...tasks).map { "task \($0)\n" }.joined())
        // What is done is a post; its key is that of the task.
        let effect =
            "read task; \"\(Program.path)\" post create \"$task\" --by ana --idempotency-key \"$SOCIAL_KEY\" -q"
        func start() throws -> RunningProgram {
            try Program.start(
                [
                    "queue", "work", "jobs", "--exec", effect, "--lease", "1s", "--heartbeat-timeout", "1s", "--jobs",
                    "2",
                ], data: data)
        }
        var workers = [try start(), try start(), try start()]
        defer { for worker in workers { stop(worker) } }
        var kills = 0
        let network = try Network(opening: data, context: Context())
        let end = ContinuousClock.now + .seconds(120)
        while try network.queue.status("jobs").first?.consumer?.done ?? 0 < Int64(tasks) {
            try #require(ContinuousClock.now < end, "the tasks are not done in two minutes")
            usleep(UInt32(100_000 + chance.below(400_000)))
            if kills >= 8 { continue }
            let victim = chance.below(workers.count)
            stop(workers[victim])
            workers[victim] = try start()
            kills += 1
        }
        let posts = try network.posts.page(by: nil, in: .all, limit: .max).map(\.text)
        #expect(posts.sorted() == (1...tasks).map { "task \($0)" }.sorted())
        let status = try #require(try network.queue.status("jobs").first)
        #expect((status.ready, status.leased, status.dead) == (0, 0, 0))
        TestRun.report("\(kills) workers killed over \(tasks) tasks")
    }

    @Test("A worker that dies is missed after its time-out, and its slots are dealt to the others within their bounds")
    func missing() throws {
        let folder = try TemporaryDirectory()
        let data = folder.file("network")
        #expect(try Program.run(["init", data], data: data).exit == 0)
        let words = ["queue", "work", "jobs", "--exec", "true", "--heartbeat-timeout", "2s"]
        let workers = try (0..<3).map { _ in try Program.start(words, data: data) }
        defer { for worker in workers { stop(worker) } }
        let services = try Network(opening: data, context: Context()).services
        func waitFor(_ count: Int, seconds: Int) throws -> [ServiceRegistry.Standing] {
            let end = ContinuousClock.now + .seconds(seconds)
            while true {
                let alive = try services.list().filter(\.isAlive)
                if alive.count == count { return alive }
                try #require(ContinuousClock.now < end, "\(alive.count) are alive instead of \(count)")
                usleep(20_000)
            }
        }
        let three = try waitFor(3, seconds: 60)
        #expect(three.map(\.slots).reduce(0, +) == Slot.count)
        #expect(three.allSatisfy { $0.slots <= SlotDealing(three.map(\.service.instance)).bound })
        stop(workers[0])
        let killed = ContinuousClock.now
        let two = try waitFor(2, seconds: 30)
        // Heard of last up to half a second before, it is missed two seconds after that.
        #expect(killed.duration(to: .now) < .seconds(10))
        #expect(two.map(\.slots).reduce(0, +) == Slot.count)
        #expect(two.allSatisfy { $0.slots <= SlotDealing(two.map(\.service.instance)).bound })
        #expect(two.allSatisfy { instance in three.contains { $0.service.instance == instance.service.instance } })
    }
}
