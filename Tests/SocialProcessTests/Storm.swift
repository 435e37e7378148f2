// Many processes of several verbs that write to one directory at once, some of them killed, while slots move, backups
// are made and logs are checkpointed beside them; and what those that were not stopped have said.

import Formats
import Glibc
import SocialCore
import TestKit

/// A directory, those who write to it, and what they were told.
struct Storm {
    /// How many processes there are at a time.
    private let crowd: Int
    /// Whether everybody writes the same files, again and again, while logs are checkpointed as fast as can be.
    private let isNarrow: Bool
    private static let accounts = 20
    private let folder: Folder
    private let data: String
    private let shards: Int
    private let chance: Chance
    private var running: [Started] = []
    private var said = Said()
    private(set) var counts: [String: Int] = [:]

    /// What was acknowledged.
    private struct Said {
        var posts: [String] = []
        var handles: Set<String> = []
        var follows: Set<[String]> = []
        var likes: Set<[String]> = []
        var uploads: Set<String> = []
        var messages: Set<String> = []
        var count: Int {
            posts.count + handles.count + follows.count + likes.count + uploads.count + messages.count
        }
    }

    /// A process that has been started.
    private struct Started {
        var words: [String]
        var program: RunningProgram
        var input: [[String]] = []
        /// When it is to be killed, if it is.
        var end: ContinuousClock.Instant?
    }

    init(shards: Int, crowd: Int, isNarrow: Bool, _ chance: Chance) throws {
        (self.shards, self.crowd, self.isNarrow, self.chance) = (shards, crowd, isNarrow, chance)
        folder = try Folder()
        data = "\(folder.path)/network"
        let people = (0..<Storm.accounts).map { "[\"user\",\"create\",\"user-\($0)\"]\n" }.joined()
        for (words, input) in [(["init", data, "--shards", "\(shards)"], ""), (["batch", "-"], people)] {
            let result = try Program.run(words, data: data, input: input)
            guard result.exit == 0 else { throw StorageError(.ioError, "\(words): \(result.errors)") }
        }
    }

    /// What came of it, for a report.
    var summary: String {
        let others = counts.sorted { $0.key < $1.key }.filter { $0.key != "numbers" }.map { "\($0.value) \($0.key)" }
        return "\(said.count) changes acknowledged, " + others.joined(separator: ", ")
    }

    /// Lets it blow.
    mutating func blow(_ duration: Duration) throws -> [String] {
        let end = ContinuousClock.now + duration
        var problems: [String] = []
        while ContinuousClock.now < end || !running.isEmpty {
            while running.count < crowd, ContinuousClock.now < end { running.append(try start()) }
            var rest: [Started] = []
            for process in running {
                if let end = process.end, end < ContinuousClock.now { process.program.kill() }
                guard let result = try process.program.poll() else {
                    rest.append(process)
                    continue
                }
                if let problem = note(process, result) { problems.append(problem) }
            }
            running = rest
            if isNarrow || chance.isOne(in: 20) { try checkpoint() }
            if !isNarrow { usleep(1_000) }
        }
        return problems
    }

    private mutating func start() throws -> Started {
        let (words, input) = try command()
        let lines = input.map { JSONValue.array($0.map(JSONValue.string)).text + "\n" }.joined()
        let program = try Program.start(words, data: data, input: lines)
        counts["processes", default: 0] += 1
        let wait = Duration.milliseconds(chance.below(words[0] == "post" ? 60 : 300))
        return Started(
            words: words, program: program, input: input, end: chance.percent(15) ? ContinuousClock.now + wait : nil)
    }

    private func user() -> String { "user-\(chance.below(Storm.accounts))" }

    /// A command line, and the lines of a batch.
    private mutating func command() throws -> (words: [String], input: [[String]]) {
        counts["numbers", default: 0] += 1
        let name = "n\(counts["numbers"] ?? 0)"
        switch chance.below(isNarrow ? 48 : 100) {
        case 0..<30: return (["post", "create", name, "--by", user()], [])
        case 30..<45:
            let commit = chance.percent(50) ? "each" : "group"
            let lines = (0..<5 + chance.below(isNarrow ? 200 : 20)).map { number in
                ["post", "create", "\(name)-\(number)", "--by", user()]
            }
            return (["batch", "-", "--commit", commit], lines)
        case 45..<48: return (["post", "list", "--limit", "1"], [])
        case 48..<58:
            // Nobody follows himself.
            let (one, step) = (chance.below(Storm.accounts), 1 + chance.below(Storm.accounts - 1))
            return (["follow", "add", "user-\(one)", "user-\((one + step) % Storm.accounts)"], [])
        case 58..<66: return (["user", "create", name], [])
        case 66..<74:
            if let post = chance.one(of: said.posts) { return (["post", "like", post, "--by", user()], []) }
            return (["queue", "push", "jobs", name], [])
        case 74..<80: return (["queue", "push", "jobs", name], [])
        case 80..<86:
            let path = "\(folder.path)/\(name).bin"
            try Folder.write(path, Array(repeating: UInt8(chance.below(256)), count: 2_000) + Array(name.utf8))
            return (["upload", "put", "--any", "--by", user(), path], [])
        case 86..<90 where shards > 1:
            let first = chance.below(Slot.count - 200)
            return (["shard", "move", "\(first)-\(first + 199)", "--to", "\(chance.below(shards))"], [])
        case 90..<92: return (["backup", "create", "\(folder.path)/backups"], [])
        case 92..<94: return (["config", "set", "feed.capacity", "\(5 + chance.below(100))"], [])
        case 94..<96: return (["feed", "regenerate"], [])
        case 96..<98: return (["search", "posts", "n1"], [])
        default: return (["notification", "list", user()], [])
        }
    }

    /// Notes what a process has said; what is wrong with how it ended.
    private mutating func note(_ process: Started, _ result: ProgramResult) -> String? {
        if process.words[0] == "batch" {
            // Each line that is printed in full is acknowledged.
            let whole = result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            for line in whole where line.contains("\"exit\":0,") {
                said.posts += String(line).printedValues(of: "id")
            }
        } else if result.output.hasSuffix("}\n") || result.output.hasSuffix("]\n") {
            acknowledge(process.words, result)
        }
        switch result.exit {
        case 0: counts["ended", default: 0] += 1
        case 75: counts["refused", default: 0] += 1
        case nil: counts["killed", default: 0] += 1
        case let exit: return "\(process.words) ends with \(exit ?? 0): \(result.output.suffix(300)) \(result.errors)"
        }
        return result.exit == nil && process.end == nil ? "\(process.words) was ended by a signal" : nil
    }

    private mutating func acknowledge(_ words: [String], _ result: ProgramResult) {
        switch (words[0], words[1]) {
        case ("post", "create"): said.posts += result.values(of: "id")
        case ("post", "like"): said.likes.insert([words[4], words[2]])
        case ("follow", "add"): said.follows.insert([words[2], words[3]])
        case ("user", "create"): said.handles.insert(words[2])
        case ("upload", "put"): said.uploads.formUnion(result.values(of: "id"))
        case ("queue", "push"): said.messages.insert(words[3])
        case ("shard", "move"): counts["moves", default: 0] += 1
        case ("backup", "create"): counts["backups", default: 0] += 1
        default: break
        }
    }

    /// Checkpoints the log of a shard in one of the ways there are, under the lock that every writer takes.
    private mutating func checkpoint() throws {
        let file = ["truth", "records"][chance.percent(isNarrow ? 90 : 70) ? 0 : 1]
        let shard = DataDirectory.shardPath(data, shard: chance.below(shards))
        guard FileSystem().exists("\(shard)/\(file).sqlite") else { return }
        let lock = FileLock(path: "\(shard)/\(file).lock")
        do { try lock.acquire(waitingMilliseconds: 5) } catch { return }
        defer { lock.release() }
        if DatabaseFile.checkpoint("\(shard)/\(file).sqlite", mode: chance.below(4)) {
            counts["checkpoints", default: 0] += 1
        }
    }
}

extension Storm {
    /// What is wrong afterwards.
    func problems() throws -> [String] {
        var problems: [String] = []
        let health = [
            ["shard", "rebalance"], ["verify"], ["feed", "verify"], ["shard", "verify"],
            ["upload", "verify", "--deep"],
            ["backup", "create", "\(folder.path)/backups"], ["backup", "verify", "\(folder.path)/backups"],
        ]
        for words in health {
            let result = try Program.run(words, data: data)
            if result.exit != 0 { problems.append("\(words) afterwards: \(result.output) \(result.errors)") }
        }
        for shard in 0..<shards {
            for file in ["truth", "records"] {
                let path = "\(DataDirectory.shardPath(data, shard: shard))/\(file).sqlite"
                guard FileSystem().exists(path) else { continue }
                let verdict = DatabaseFile.integrity(path)
                if verdict != ["ok"] { problems.append("\(path): \(verdict)") }
            }
        }
        return problems + (try losses())
    }

    /// What was acknowledged and is not there, and what is there twice.
    private func losses() throws -> [String] {
        let network = try Network(opening: data, context: Context())
        let truth = try Truth(of: network)
        var names: [String: UserID] = [:]
        for row in truth.all() where row.hasPrefix("h ") {
            let words = row.split(separator: " ")
            names[String(words[1])] = UserID(decimal: String(words[2]))
        }
        let edges = Set(truth.all().map { $0.split(separator: " ").prefix(4).joined(separator: " ") })
        func id(_ name: String) -> String { names[name].map(\.description) ?? "nobody" }
        let posts = Set(truth.posts.map(\.id.description))
        // Before anything was pushed there is no such topic.
        let topics = try network.queue.status().map(\.topic.name)
        let messages = try topics.contains("jobs") ? network.queue.messages(of: "jobs", limit: .max) : []
        let contents = messages.map { String(decoding: $0.message.payload, as: UTF8.self) }
        var lost = said.posts.filter { !posts.contains($0) }.map { "post \($0)" }
        lost += said.handles.filter { names[$0] == nil }.map { "account \($0)" }
        for pair in said.follows {
            if truth.feeds.follows[names[pair[0]] ?? UserID(rawValue: 0)]?.contains(
                names[pair[1]] ?? UserID(rawValue: 0)) != true
            {
                lost.append("follow \(pair)")
            }
        }
        lost += said.likes.filter { !edges.contains("r like \(id($0[0])) \($0[1])") }.map { "like \($0)" }
        lost += said.uploads.subtracting(truth.media.map(\.description)).map { "upload \($0)" }
        lost += said.messages.subtracting(contents).map { "message \($0)" }
        let texts = truth.posts.map(\.text)
        let twice = Set(texts).count == texts.count && Set(contents).count == contents.count
        return lost.map { "acknowledged and lost: \($0)" } + (twice ? [] : ["something is there twice"])
    }
}
