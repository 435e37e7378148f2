// Slots that move between real processes: killed at their system calls, and while others write.

import Glibc
import SocialCore
import TestKit
import Testing

@Suite("Slots that move between processes", .serialized)
struct ShardMoveTests {
    /// The arguments that go with each stage of a directory's life.
    private static let acts = [
        ["shard", "add"], ["shard", "move", "0-300,2048-2400", "--to", "1"], ["shard", "remove", "0"],
    ]

    @Test(
        "A move that is killed at any system call loses nothing, and goes on",
        .enabled(if: Program.canTrace, "strace is not installed"), arguments: acts)
    func kills(act: [String]) throws {
        let folder = try Folder()
        let origin = "\(folder.path)/origin"
        let digest = try made(origin, shards: 2)
        let points = try trace(act, origin, folder)
        let chance = Chance(case: act.count)
        var (killed, problems) = (0, [String]())
        for number in 0..<TestRun.times(8, usually: 3) where problems.count < 6 {
            let point = points[chance.below(points.count)]
            let data = "\(folder.path)/\(number)"
            try copy(origin, to: data)
            let tracer = [
                Program.strace, "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(point.call)", "-e",
                "inject=\(point.call):signal=KILL:when=\(point.ordinal)",
            ]
            let result = try Program.run(act, data: data, tracer: tracer)
            if result.exit == nil { killed += 1 }
            problems += try self.problems(in: data, digest).map {
                "\(act) killed at \(point.call) \(point.ordinal): \($0)"
            }
        }
        TestRun.report("\(killed) kills at \(points.count) system calls of \(act.joined(separator: " "))")
        #expect(problems == [])
        #expect(killed > 0)
    }

    /// What is wrong after a kill, before and after somebody goes on.
    private func problems(in data: String, _ digest: String) throws -> [String] {
        var problems: [String] = []
        func expect(_ words: [String], _ isRight: (ProgramResult) -> Bool = { $0.exit == 0 }) throws {
            let result = try Program.run(words, data: data)
            if !isRight(result) { problems.append("\(words): \(result.exit ?? -1) \(result.output) \(result.errors)") }
        }
        try expect(["digest"]) { $0.output.contains(digest) }
        // Nobody has to know that a move was cut off.
        try expect(["post", "create", "in between", "--by", "ana", "--idempotency-key", "k"])
        try expect(["post", "list", "--by", "ana", "--all"]) {
            $0.values(of: "text").filter { $0 == "in between" }.count == 1
        }
        try expect(["shard", "rebalance"])
        for words in [
            ["shard", "verify"], ["verify"], ["feed", "verify"], ["feed", "regenerate"], ["feed", "verify"],
        ] {
            try expect(words)
        }
        try expect(["post", "delete", "key:k", "--by", "ana"])
        return problems
    }

    /// A network in which something lies everywhere.
    private func made(_ data: String, shards: Int) throws -> String {
        #expect(try Program.run(["init", data, "--shards", "\(shards)"], data: data).exit == 0)
        let fixture = try Program.run(["fixture", "generate", "--users", "60", "--posts", "300"], data: data)
        let imported = try Program.run(["import", "-", "--shift-to-now"], data: data, input: fixture.output)
        #expect(imported.exit == 0, "\(imported.errors)")
        #expect(try Program.run(["user", "create", "ana"], data: data).exit == 0)
        return try Program.run(["digest"], data: data).values(of: "digest").joined()
    }

    private func copy(_ data: String, to copy: String) throws {
        let result = try Shell.run("cp -a '\(data)' '\(copy)'", in: FileSystem.parent(of: data))
        #expect(result.status == 0)
    }

    private func trace(_ act: [String], _ origin: String, _ folder: Folder) throws -> [(call: String, ordinal: Int)] {
        let (data, log) = ("\(folder.path)/traced", "\(folder.path)/trace")
        try copy(origin, to: data)
        let calls = [
            "openat", "mkdir", "write", "pwrite64", "fdatasync", "fsync", "rename", "unlink", "rmdir", "flock",
        ]
        let result = try Program.run(
            act, data: data,
            tracer: [Program.strace, "-f", "-qq", "-y", "-o", log, "-e", "trace=\(calls.joined(separator: ","))"])
        guard result.exit == 0 else { throw StorageError(.ioError, "strace: \(result.errors)") }
        var counts: [String: Int] = [:]
        var points: [(call: String, ordinal: Int)] = []
        for line in String(decoding: try FileSystem().contents(of: log), as: UTF8.self).split(separator: "\n") {
            let words = line.drop(while: { $0.isNumber }).drop(while: { $0 == " " }).split(separator: "(")
            guard let call = words.first.map(String.init), calls.contains(call) else { continue }
            counts[call, default: 0] += 1
            if line.contains(data) { points.append((call, counts[call] ?? 0)) }
        }
        return points
    }

    @Test("What is written while slots move is there once, though a move is killed in between")
    func load() throws {
        let folder = try Folder()
        let data = "\(folder.path)/network"
        _ = try made(data, shards: 2)
        let names = ["ana", "bea", "cem", "dia"]
        for name in names.dropFirst() { #expect(try Program.run(["user", "create", name], data: data).exit == 0) }
        let count = 500
        let writers = try (0..<2).map { writer in
            let lines = (0..<count).map { number in
                let (name, text) = (names[(number + writer) % 4], "\(writer)-\(number)")
                return "[\"post\",\"create\",\"\(text)\",\"--by\",\"\(name)\",\"--idempotency-key\",\"\(text)\"]\n"
            }
            return try Program.start(["batch", "-", "--commit", "each"], data: data, input: lines.joined())
        }
        let first = try Program.start(["shard", "add"], data: data)
        // Where the kill falls is chance; what is expected afterwards is not.
        usleep(250_000)
        first.kill()
        _ = try first.wait()
        for words in [["shard", "rebalance"], ["shard", "add", "--weight", "2"], ["shard", "remove", "0"]] {
            let result = try Program.run(words + ["--lock-wait", "60s"], data: data)
            #expect(result.exit == 0, "\(words): \(result.errors)")
        }
        var said: [String] = []
        for writer in writers {
            let result = try writer.wait()
            #expect(result.exit == 0, "\(result.output.suffix(300)) \(result.errors)")
            said += result.values(of: "id")
        }
        let truth = try Truth(of: try Network(opening: data, context: Context()))
        let texts = truth.posts.map(\.text).filter { $0.contains("-") && $0.count <= 5 }
        #expect(Set(texts).count == 2 * count && texts.count == 2 * count)
        #expect(said.count == 2 * count && Set(said).isSubset(of: truth.posts.map(\.id.description)))
        for words in [["shard", "verify"], ["verify"], ["feed", "regenerate"], ["feed", "verify"]] {
            let result = try Program.run(words, data: data)
            #expect(result.exit == 0, "\(words): \(result.output) \(result.errors)")
        }
    }
}
