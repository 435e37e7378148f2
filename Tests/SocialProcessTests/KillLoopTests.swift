// Processes that work side by side on one network and are killed at any time, round after round: regenerating,
// publishing, posting, following. After each round the caches are clean, and what was acknowledged is there.

import Glibc
import SocialCore
import TestKit
import Testing

@Suite("Killed side by side", .serialized)
struct KillLoopTests {
    private static let rounds = TestRun.times(12, usually: 6)

    @Test("Processes that are killed while others work leave clean feeds and lose nothing", arguments: [1, 4])
    func loop(shards: Int) throws {
        var crowd = try KilledCrowd(shards: shards, Chance(case: 90 + shards))
        var problems: [String] = []
        var round = 0
        // Where the machine is busy, most are killed before they have done anything.
        while round < KillLoopTests.rounds || crowd.uploads.isEmpty && round < 40, problems.isEmpty {
            try crowd.work()
            problems = try crowd.problems().map { "round \(round): \($0)" }
            round += 1
        }
        TestRun.report(
            """
            \(crowd.kills) of \(crowd.started) processes killed in \(round) rounds, \(crowd.posts.count) posts and \
            \(crowd.follows.count) follows and \(crowd.uploads.count) uploads acknowledged, \(shards) shards
            """)
        #expect(problems == [])
        #expect(
            crowd.kills > 0 && crowd.posts.count > 0 && crowd.uploads.count > 0, "nothing was killed, or everything")
    }
}

/// A network, and the processes that work on it and are killed.
private struct KilledCrowd {
    private static let accounts = 24
    private let folder: Folder
    private let data: String
    private let chance: Chance
    private let hasPublish: Bool
    /// Whom each process is to make follow whom: a pair is never taken twice.
    private var pairs: [(String, String)] = []
    private(set) var posts: Set<String> = []
    private(set) var follows: Set<[String]> = []
    private(set) var uploads: Set<String> = []
    private(set) var started = 0
    private(set) var kills = 0

    init(shards: Int, _ chance: Chance) throws {
        self.chance = chance
        folder = try Folder()
        data = "\(folder.path)/network"
        let names = (0..<KilledCrowd.accounts).map { "user-\($0)" }
        for one in names { for other in names where one != other { pairs.append((one, other)) } }
        for index in pairs.indices { pairs.swapAt(index, index + chance.below(pairs.count - index)) }
        let lines =
            names.map { "[\"user\",\"create\",\"\($0)\"]\n" }
            + pairs.prefix(60).map { "[\"follow\",\"add\",\"\($0)\",\"\($1)\"]\n" }
        pairs.removeFirst(60)
        for (words, input) in [
            (["init", data, "--shards", "\(shards)"], ""), (["config", "set", "feed.capacity", "9"], ""),
            (["batch", "-"], lines.joined()),
        ] {
            let result = try Program.run(words, data: data, input: input)
            guard result.exit == 0 else { throw StorageError(.ioError, "\(words): \(result.errors)") }
        }
        hasPublish = try Program.run(["feed", "publish"], data: data).exit == 0
    }

    /// Starts some processes, kills most of those that are not done after a while, and notes what was acknowledged.
    mutating func work() throws {
        var running: [(words: [String], program: RunningProgram)] = []
        for _ in 0..<6 + chance.below(5) {
            let words = try command()
            running.append((words, try Program.start(words, data: data)))
            usleep(UInt32(chance.below(4_000)))
        }
        started += running.count
        usleep(UInt32(chance.below(running.contains { $0.words[0] == "upload" } ? 200_000 : 40_000)))
        for (_, program) in running where chance.percent(70) { program.kill() }
        for (words, program) in running {
            let result = try program.wait()
            if result.exit == nil { kills += 1 }
            if let exit = result.exit, exit != 0 {
                throw StorageError(.ioError, "\(words) ends with \(exit): \(result.errors)")
            }
            // What is printed in full has been acknowledged, also by a process that was killed just after.
            guard result.output.hasSuffix("}\n") || result.output.hasSuffix("]\n") else { continue }
            if words[0] == "upload" { uploads.formUnion(result.values(of: "id")) }
            if words[0] == "post" { posts.formUnion(result.values(of: "id")) }
            if words[0] == "follow" { follows.insert(Array(words.suffix(2))) }
        }
    }

    private mutating func command() throws -> [String] {
        let author = "user-\(chance.below(KilledCrowd.accounts))"
        switch chance.below(13) {
        case 10, 11:
            let paths = (0..<1 + chance.below(9)).map { _ in "\(folder.path)/\(chance.below(1_000)).bin" }
            for path in Set(paths) {
                let bytes = Array(repeating: UInt8(path.utf8.reduce(0) { $0 &* 31 &+ Int($1) } & 255), count: 3_000)
                try Folder.write(path, bytes + Array(path.utf8))
            }
            return ["upload", "put", "--any", "--by", author] + paths
        case 12: return ["upload", "gc"]
        case 0: return ["feed", "regenerate", "--full"]
        case 1, 2: return ["feed", "regenerate"]
        case 3: return ["feed", hasPublish ? "publish" : "regenerate"]
        case 4, 5:
            guard let (one, other) = pairs.popLast() else { fallthrough }
            return ["follow", "add", one, other]
        default: return ["post", "create", "number \(chance.next())", "--by", author]
        }
    }

    /// What is wrong with what the processes have left behind.
    func problems() throws -> [String] {
        var problems: [String] = []
        let network = try Network(opening: data, context: Context())
        problems += try Checkup.problems(of: network) { truth in
            let lost = posts.subtracting(truth.posts.map(\.id.description))
            let gone = uploads.subtracting(truth.media.map(\.description))
            return lost.isEmpty && gone.isEmpty ? nil : "acknowledged and lost: \(lost.sorted()) \(gone.sorted())"
        }
        for pair in follows {
            let (one, other) = (try network.accounts.find(Handle(pair[0])), try network.accounts.find(Handle(pair[1])))
            guard let one, let other, try network.graph.edge(one.id, other.id) != nil else {
                problems.append("the follow \(pair) was acknowledged and is lost")
                continue
            }
        }
        let verdict = try Program.run(["feed", "verify"], data: data)
        if verdict.exit != 0 { problems.append("feed verify ends with \(verdict): \(verdict.output)") }
        return problems
    }
}
