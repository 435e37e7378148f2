// Many processes at once on one directory: each succeeds, nothing is lost, nothing is seen too late.

import Formats
import SocialCore
import TestKit
import Testing

@Suite("Many processes at once", .serialized)
struct CrowdTests {
    private static let crowd = 50

    /// Starts command lines together and waits for all of them.
    private func together(_ lines: [[String]], _ data: String, inputs: [String] = []) throws -> [ProgramResult] {
        let running = try lines.enumerated().map { index, words in
            try Program.start(words, data: data, input: inputs.isEmpty ? "" : inputs[index])
        }
        return try running.map { try $0.wait() }
    }

    private func expectSound(_ data: String) throws {
        for words in [["verify"], ["feed", "verify"]] {
            let result = try Program.run(words, data: data)
            #expect(result.exit == 0, "\(words): \(result.output) \(result.errors)")
        }
    }

    @Test("Fifty processes of each kind at once all succeed and nothing is lost", arguments: [1, 4])
    func writers(shards: Int) throws {
        let folder = try Folder()
        let data = "\(folder.path)/network"
        let crowd = CrowdTests.crowd
        #expect(try Program.run(["init", data, "--shards", "\(shards)"], data: data).exit == 0)
        let users = try together((0..<crowd).map { ["user", "create", "user-\($0)"] }, data)
        #expect(users.filter { $0.exit != 0 }.map(\.errors) == [])
        let follows = try together(
            (0..<crowd).map { ["follow", "add", "user-\($0)", "user-\(($0 + 1) % crowd)"] }, data)
        #expect(follows.filter { $0.exit != 0 }.map(\.errors) == [])
        let posts = try together((0..<crowd).map { ["post", "create", "post \($0)", "--by", "user-\($0 % 7)"] }, data)
        #expect(posts.filter { $0.exit != 0 }.map(\.errors) == [])
        let inputs = (0..<crowd).map { number in
            """
            ["user","create","batch-\(number)"]
            ["follow","add","batch-\(number)","user-\(number % 7)"]
            ["post","create","batched \(number)","--by","batch-\(number)"]
            ["post","create","batched again \(number)","--by","user-\(number % 7)"]

            """
        }
        let batches = try together(inputs.map { _ in ["batch", "-"] }, data, inputs: inputs)
        #expect(batches.filter { $0.exit != 0 }.map { $0.errors + $0.output } == [])

        let truth = try Truth(of: try Network(opening: data, context: Context()))
        #expect(truth.accounts.count == 2 * crowd)
        #expect(Set(truth.accounts).count == 2 * crowd)
        #expect(Set(truth.posts.map(\.id)).count == 3 * crowd)
        #expect(Set(truth.posts.map(\.text)).count == 3 * crowd)
        let said = posts.flatMap { $0.values(of: "id") }
        #expect(Set(said).count == crowd)
        #expect(Set(said).isSubset(of: truth.posts.map(\.id.description)))
        try expectSound(data)
        TestRun.report("\(4 * crowd) processes on \(shards) shards")
    }

    @Test("Directories that are made by several processes at once are made once")
    func makers() throws {
        let folder = try Folder()
        let data = "\(folder.path)/network"
        let made = try together((0..<12).map { _ in ["init", data, "--shards", "2"] }, data)
        #expect(made.filter { $0.exit != 0 }.map(\.errors) == [])
        #expect(made.filter { $0.output.contains("\"changed\":true") }.count == 1)
        #expect(try Program.run(["user", "create", "ana"], data: data).exit == 0)
        try expectSound(data)
    }

    @Test("Two processes that regenerate at once both succeed", arguments: [1, 4])
    func regenerators(shards: Int) throws {
        let scene = try ProcessScene(shards: shards)
        for act in scene.acts where act.words == ["feed", "regenerate", "--full"] {
            let place = try scene.copy(for: act)
            for _ in 0..<5 {
                let results = try together([act.words, ["feed", "regenerate"], act.words], place.data)
                #expect(results.filter { $0.exit != 0 }.map(\.errors) == [])
            }
            try expectSound(place.data)
        }
    }

    @Test("A reader sees every post that was acknowledged before it began", arguments: [1, 4])
    func readers(shards: Int) throws {
        let folder = try Folder()
        let data = "\(folder.path)/network"
        #expect(try Program.run(["init", data, "--shards", "\(shards)"], data: data).exit == 0)
        let names = (0..<8).map { "author-\($0)" }
        let count = TestRun.times(60, usually: 32)
        let setUp =
            names.map { "[\"user\",\"create\",\"\($0)\"]\n" } + ["[\"user\",\"create\",\"reader\"]\n"]
            + names.map { "[\"follow\",\"add\",\"reader\",\"\($0)\"]\n" }
        #expect(try Program.run(["batch", "-"], data: data, input: setUp.joined()).exit == 0)
        var waiting = (0..<count).map {
            ["post", "create", "post \($0)", "--by", names[$0 % names.count]]
        }[...]
        var writing: [RunningProgram] = []
        var acknowledged: Set<String> = []
        var reads = 0
        while !waiting.isEmpty || !writing.isEmpty {
            while writing.count < 4, let words = waiting.popFirst() {
                writing.append(try Program.start(words, data: data))
            }
            try writing.removeAll { running in
                guard let result = try running.poll() else { return false }
                #expect(result.exit == 0, "\(result.errors)")
                acknowledged.formUnion(result.values(of: "id"))
                return true
            }
            let shown = try Program.run(["feed", "show", "reader", "--limit", "10000"], data: data)
            #expect(shown.exit == 0, "\(shown.errors)")
            let missing = acknowledged.subtracting(shown.values(of: "id"))
            #expect(missing == [], "after \(acknowledged.count) posts")
            reads += 1
        }
        #expect(acknowledged.count == count)
        try expectSound(data)
        TestRun.report("\(reads) reads while \(acknowledged.count) processes wrote, \(shards) shards")
    }

    /// The answers of a batch: the id that each line has printed, or nil, and its status.
    private func answers(_ result: ProgramResult) throws -> [(id: String?, exit: Int64)] {
        try result.output.split(separator: "\n").map { line in
            let answer = try JSONReader.parse(Array(line.utf8))
            return (answer["result"]?["id"]?.string, answer["exit"]?.integer ?? -1)
        }
    }

    @Test(
        "Terminals that may not wait do their work or say 75, and what they said is what is there", arguments: [1, 4])
    func terminals(shards: Int) throws {
        let folder = try Folder()
        let data = "\(folder.path)/network"
        #expect(try Program.run(["init", data, "--shards", "\(shards)"], data: data).exit == 0)
        let names = ["ana", "bob", "cleo"]
        for name in names { #expect(try Program.run(["user", "create", name], data: data).exit == 0) }
        let patience = ["--lock-wait", "0ms"]
        var said: [String] = []
        var refused = 0
        for round in 0..<TestRun.times(3, usually: 2) {
            func lines(_ terminal: Int) -> String {
                (0..<150).map { number in
                    let words = ["post", "create", "\(round)-\(terminal)-\(number)", "--by", names[number % 3]]
                    return JSONValue.array(words.map(JSONValue.string)).text + "\n"
                }.joined()
            }
            let each = ["batch", "-", "--keep-going", "--commit", "each"] + patience
            let results = try together([each, each], data, inputs: [lines(0), lines(1)])
            let words = (0..<6).map { ["post", "create", "\(round) \($0)", "--by", "ana", "-q"] + patience }
            let alone = try together(words, data)
            for result in results {
                let answers = try answers(result)
                #expect(answers.count == 150)
                #expect(answers.allSatisfy { [0, 75].contains($0.exit) })
                #expect(result.exit == (answers.contains { $0.exit == 75 } ? 75 : 0))
                said += answers.compactMap(\.id)
                refused += answers.count { $0.exit == 75 }
            }
            for result in alone {
                #expect(result.exit == 0 || result.exit == 75, "\(result.errors)")
                #expect(result.errors == "")
                said += result.values(of: "id")
            }
        }
        let truth = try Truth(of: try Network(opening: data, context: Context()))
        #expect(truth.posts.map(\.id.description).sorted() == said.sorted())
        #expect(refused > 0, "the terminals never met")
        #expect(said.count > 150)
        try expectSound(data)
        TestRun.report("\(said.count) posts, \(refused) refusals on \(shards) shards")
    }

    @Test("A process that may not wait leaves a busy directory as it is")
    func impatience() throws {
        let scene = try ProcessScene(shards: 1)
        // A collection that finds nothing to remove does not write, and who reads notifications need not.
        // What is rebuilt has locks of its own.
        let idle = [
            ["config", "set"], ["upload", "gc"], ["notification", "list"], ["search", "rebuild"],
            ["notification", "rebuild"],
        ]
        for act in scene.acts where act.isPlain && !act.isInit && !idle.contains(Array(act.words.prefix(2))) {
            let place = try scene.copy(for: act)
            let before = try Truth(of: try place.network())
            let shard = DataDirectory.shardPath(place.data, shard: 0)
            let locks = ["truth", "views", "records"].map { FileLock(path: "\(shard)/\($0).lock") }
            for lock in locks { try lock.acquire(waitingMilliseconds: 0) }
            var impatient = act
            impatient.words += ["--lock-wait", "0ms"]
            let result = try scene.start(impatient, in: place).wait()
            #expect(result.exit == 75, "\(act.words): \(result.output) \(result.errors)")
            #expect(try Truth(of: try place.network()) == before)
            for lock in locks { lock.release() }
            #expect(try scene.start(act, in: place).wait().exit == 0)
        }
    }
}
