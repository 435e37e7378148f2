// Backups hold one moment, whatever goes on beside them; what comes back is what was there.

import Formats
import Synchronization
import TestKit
import Testing

@testable import SocialCore

@Suite("Backups")
struct BackupTests {
    private static let now = Timestamp(milliseconds: 1_780_000_000_000)

    private func context(_ seed: UInt64 = 1, at time: Timestamp = now, _ tap: (any FileTap)? = nil) -> Context {
        Context(
            clock: .fixed(time), random: .seeded(SeededGenerator(seed: seed)), lockWaitMilliseconds: 10_000,
            fileTap: tap)
    }

    /// A network in which some random things have happened, with records and uploads, and with somebody to whom none of
    /// them happens.
    private func lived(_ folder: Folder, shards: Int, _ chance: Chance, steps: Int = 60) throws -> Network {
        let directory = "\(folder.path)/network"
        try Network.create(directory, Network.Plan(shards: shards), context: context())
        let network = try Network(opening: directory, context: context())
        try live(network, chance, steps)
        for command in [
            NetworkCommand.createUser("zoe"), .upload(by: "zoe", [1, 2, 3, 33]), .push(["one", "two"], to: "jobs"),
            .pull("jobs", for: "w"), .count([1, 2, 3, 3]), .markRead("zoe"), .register("search", "one"),
        ] { try command.run(on: network) }
        return network
    }

    private func live(_ network: Network, _ chance: Chance, _ steps: Int) throws {
        for _ in 0..<steps { try NetworkCommand.random(chance, in: try Truth(of: network)).run(on: network) }
    }

    @Test("What comes back is what was there, with its records and uploads", arguments: [1, 4])
    func restoring(shards: Int) throws {
        let folder = try Folder()
        let chance = Chance(case: 7_000 + shards)
        let network = try lived(folder, shards: shards, chance)
        let place = Backups(in: "\(folder.path)/backups", context: context(9))
        let made = try place.create(of: network)
        let truth = try Truth(of: network)
        #expect(made.record.digest == (try Digest.of(network.router)).description)
        #expect(made.newBytes <= made.record.sizeBytes && !made.record.objects.isEmpty)
        // What happens later is not in it.
        try live(network, chance, 10)
        _ = try network.queue.push([MessageQueue.Draft([1])], to: "later")
        let again = "\(folder.path)/again"
        #expect(try place.restore(to: again) == made.record)
        let restored = try Network(opening: again, context: context(2))
        #expect(try Truth(of: restored).rows == truth.rows)
        #expect(try Checkup.problems(of: restored) { $0.rows == truth.rows ? nil : "it differs" } == [])
        #expect(try Checkup.problemsGoingOn(restored) == [])
        // Its logs begin a new life, so nobody reads on in them from a place in the former ones.
        for shard in restored.router.shards {
            let lives = try [network, restored].map { try $0.router.read(shard: shard) { try $0.state().incarnation } }
            #expect(lives[0] != lives[1])
        }
        #expect(throws: StorageError.self) { try place.restore(to: again) }
        #expect(throws: BackupError.self) { try place.restore("x", to: "\(folder.path)/other") }
        #expect(throws: BackupError.self) { try Backups(in: again, context: context()).list() }
        #expect(throws: StorageError.self) { try Backups(in: again, context: context()).create(of: network) }
    }

    @Test("The next one holds what has changed, and any of them comes back")
    func increments() throws {
        let folder = try Folder()
        let network = try lived(folder, shards: 2, Chance(case: 7_010), steps: 20)
        let text = String(repeating: "word ", count: 400)
        let author = try network.accounts.named(Handle("zoe"))
        for number in 0..<600 { _ = try network.posts.create(by: author, text: "\(number) \(text)") }
        var truths: [Truth] = []
        var news: [Int] = []
        for day in 0..<3 {
            let time = Self.now.advanced(byMilliseconds: Int64(day) * 86_400_000)
            let made = try Backups(in: "\(folder.path)/b", context: context(at: time)).create(of: network)
            truths.append(try Truth(of: network))
            news.append(made.newBytes)
            if day == 0 { _ = try network.posts.create(by: author, text: "the only new one") }
        }
        #expect(news[0] > 1 << 20)
        #expect(news[1] > 0 && news[1] < news[0] * 3 / 4)
        // The list is in the log of the database or in its file, but nothing has been written.
        #expect(news[2] == 0)
        let backups = Backups(in: "\(folder.path)/b", context: context())
        #expect(try backups.list().map(\.id) == backups.list().map(\.id).sorted())
        for (index, record) in try backups.list().enumerated() {
            let target = "\(folder.path)/\(index)"
            try backups.restore(record.id, to: target)
            #expect(try Truth(of: Network(opening: target, context: context(3))).rows == truths[index].rows)
        }
        // The first is needed no longer; what the others need stays.
        var rules = BackupRules()
        rules.last = 2
        let gone = try backups.prune(rules)
        #expect(gone.ids.count == 1 && gone.objects > 0)
        #expect(try backups.problems() == [])
        #expect(try backups.prune(rules).ids == [])
        try backups.restore(to: "\(folder.path)/last")
        #expect(try Truth(of: Network(opening: "\(folder.path)/last", context: context(4))).rows == truths[2].rows)
    }

    @Test("It shows one moment of all shards, while others write")
    func moment() throws {
        let folder = try Folder()
        let directory = "\(folder.path)/network"
        try Network.create(directory, Network.Plan(shards: 4, placement: .post), context: context())
        let network = try Network(opening: directory, context: context())
        try NetworkCommand.createUser("ana").run(on: network)
        let isDone = Atomic<Bool>(false)
        let failure = Mutex<String?>(nil)
        let writer = try WorkerThread {
            do {
                let other = try Network(opening: directory, context: Context(lockWaitMilliseconds: 10_000))
                let author = try other.accounts.named(Handle("ana"))
                var number = 0
                // Each is acknowledged before the next one begins, and lies on any shard.
                while !isDone.load(ordering: .relaxed) {
                    _ = try other.posts.create(by: author, text: "\(number)")
                    number += 1
                }
            } catch { failure.withLock { $0 = "\(error)" } }
        }
        var counts: [Int] = []
        for round in 0..<4 {
            let time = Self.now.advanced(byMilliseconds: Int64(round))
            let backups = Backups(in: "\(folder.path)/b", context: context(at: time))
            try backups.create(of: network)
            let target = "\(folder.path)/\(round)"
            try backups.restore(to: target)
            let restored = try Network(opening: target, context: Context())
            let numbers = try restored.posts.page(by: nil, in: .all, limit: .max).compactMap { Int($0.text) }.sorted()
            #expect(numbers == Array(0..<numbers.count), "a later post is there and an earlier one is not")
            #expect(try restored.verification.run().isEmpty)
            counts.append(numbers.count)
        }
        isDone.store(true, ordering: .relaxed)
        writer.join()
        #expect(failure.withLock { $0 } == nil)
        #expect(counts == counts.sorted() && counts[0] < counts[3])
    }

    @Test("Damage is found, and never brought back")
    func damage() throws {
        let folder = try Folder()
        let chance = Chance(case: 7_020)
        let network = try lived(folder, shards: 1, chance, steps: 20)
        let place = "\(folder.path)/b"
        try Backups(in: place, context: context()).create(of: network)
        var paths: [String] = []
        func collect(_ path: String) throws {
            for name in try FileSystem().names(in: path) where !name.hasSuffix(".lock") {
                let path = "\(path)/\(name)"
                if FileSystem().isDirectory(path) { try collect(path) } else { paths.append(path) }
            }
        }
        try collect(place)
        for (number, path) in paths.enumerated() {
            let bytes = try FileSystem().contents(of: path)
            var other = bytes
            switch chance.below(3) {
            case 0 where !bytes.isEmpty: other[chance.below(bytes.count)] ^= 1 << UInt8(chance.below(8))
            case 1: other = Array(bytes.dropLast())
            default: other.append(0)
            }
            try Folder.write(path, other)
            let backups = Backups(in: place, context: context())
            #expect(try backups.problems() != [], "\(path)")
            let target = "\(folder.path)/\(number)"
            #expect(throws: (any Error).self, "\(path)") { try backups.restore(to: target) }
            #expect(!FileSystem().exists(DataDirectory.manifestPath(target)))
            try Folder.write(path, bytes)
        }
        #expect(paths.count > 4)
        #expect(try Backups(in: place, context: context()).problems() == [])
        // A part that is missing is stored again by the next one.
        for path in paths where path.contains("/objects/") { try FileSystem().remove(path) }
        let later = context(at: Self.now.advanced(byMilliseconds: 5))
        try Backups(in: place, context: later).create(of: network)
        #expect(try Backups(in: place, context: context()).problems() == [])
    }

    @Test("Whatever fails while one is made, those before it are whole, and it can be tried again")
    func faults() throws {
        let folder = try Folder()
        let chance = Chance(case: 7_030)
        let network = try lived(folder, shards: 2, chance, steps: 20)
        let original = "\(folder.path)/b"
        try Backups(in: original, context: context()).create(of: network)
        try live(network, chance, 10)
        let time = Self.now.advanced(byMilliseconds: 5)
        let step = max(1, 5 / TestRun.scale)
        var points = 0
        for fault in FaultInjector.Fault.allCases {
            for position in stride(from: 1 + chance.below(step), to: 10_000, by: step) {
                let place = "\(folder.path)/copy"
                Folder.removeAll(place)
                try Folder.copy(original, to: place)
                let injector = FaultInjector(fault, at: position)
                var failure: (any Error)?
                do { try Backups(in: place, context: context(at: time, injector)).create(of: network) } catch {
                    failure = error
                }
                guard injector.hasFired else { break }
                points += 1
                let backups = Backups(in: place, context: context(at: time))
                #expect(try backups.problems() == [], "\(fault) at \(position)")
                let count = try backups.list().count
                #expect(count == 2 || failure != nil && count == 1, "\(fault) at \(position): \(count)")
                try backups.create(of: network)
                #expect(try backups.list().count == 2)
                #expect(try backups.problems() == [])
            }
        }
        TestRun.report("\(points) points of failing backups")
        #expect(points > 5)
    }

    @Test("Rules keep the newest of each day, week and month that has one")
    func rules() {
        let chance = Chance("backup rules")
        for _ in 0..<TestRun.times(200) {
            let times = (0..<1 + chance.below(60)).map { _ in
                Timestamp(milliseconds: 1_700_000_000_000 + Int64(chance.below(400)) * 43_200_000)
            }.sorted()
            var rules = BackupRules()
            rules.last = chance.below(4)
            rules.daily = chance.below(5)
            rules.weekly = chance.below(5)
            rules.monthly = chance.below(5)
            var expected = Set([times.count - 1]).union((max(0, times.count - rules.last)..<times.count))
            func keep(_ count: Int, _ name: (Timestamp) -> String) {
                var groups: [String: Int] = [:]
                for (index, time) in times.enumerated() { groups[name(time)] = index }
                expected.formUnion(groups.values.sorted().suffix(count))
            }
            keep(rules.daily) { String(RFC3339.format($0.milliseconds).prefix(10)) }
            keep(rules.monthly) { String(RFC3339.format($0.milliseconds).prefix(7)) }
            // 2023-11-13 was a Monday.
            keep(rules.weekly) { "\(($0.milliseconds - 1_699_833_600_000) / 604_800_000)" }
            let kept = rules.kept(times)
            #expect(Set(kept.indices.filter { kept[$0] }) == expected, "\(rules) \(times.map(\.milliseconds))")
        }
    }
}
