// `--dry-run` on everything that changes something: it prints what the real run prints, and no byte is another.

import CommandSpec
import Formats
import Foundation
import SocialCLI
import TestKit
import Testing

@Suite("A dry run")
struct DryRunTests {
    /// What changes something, apart from the verbs that only print.
    private static let changes = SocialSpecification.specification.commands.filter(\.isChange).map(\.name)

    /// A world in which each command has something to do: the cache of feeds is damaged too.
    private static func scene(_ name: String, shards: Int, _ worlds: CommandLines.Worlds) throws -> CommandWorld {
        let nouns = ["replica", "upload", "analytics", "queue", "service", "backup"]
        let world = try worlds.world(for: shards == 1 || nouns.contains(where: name.hasPrefix) ? name : "")
        for shard in 0..<shards {
            let path = world.path(".social/shards/000\(shard)/feed.cache")
            if name == "feed publish" {
                // What is pending is the whole cache.
                try FileManager.default.removeItem(atPath: path)
                continue
            }
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            // Behind the header and the index, in the count of every record and in its ids.
            for offset in stride(from: 3_416, to: bytes.count, by: 64) { bytes[offset] ^= 0x40 }
            try bytes.write(to: URL(fileURLWithPath: path))
        }
        return world
    }

    /// All bytes of the directory and of what lies beside it, but for locks and what SQLite shares between processes.
    private static func files(_ world: CommandWorld) throws -> [String: Data] {
        let root = world.directory
        var files: [String: Data] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: root) ?? .init() {
            if name.hasSuffix(".lock") || name.hasSuffix("-shm") { continue }
            files[name] = FileManager.default.contents(atPath: "\(root)/\(name)") ?? Data()
        }
        return files
    }

    @Test("there are changes at all")
    func presence() {
        #expect(Self.changes.count >= 13)
    }

    private static func worlds(shards: Int) -> CommandLines.Worlds {
        CommandLines.Worlds(shards: shards, end: "feed regenerate --full")
    }

    @Test("prints the object of the real run and leaves every byte as it is", arguments: [1, 4])
    func nothing(shards: Int) throws {
        let worlds = Self.worlds(shards: shards)
        for name in Self.changes { try expectNothing(name, Self.scene(name, shards: shards, worlds)) }
    }

    private func expectNothing(_ name: String, _ world: CommandWorld) throws {
        let line = try #require(CommandLines.all(in: world)[name], "no line for \(name)")
        let before = try Self.files(world)
        let digest = world.run("digest").text
        let trial = world.run("--json \(name) \(line.words) --dry-run", input: line.input)
        #expect(try Self.files(world) == before, "\(name)")
        #expect(world.run("digest").text == digest, "\(name)")
        #expect(trial.errorText.hasSuffix("dry run: nothing was changed\n"), "\(name): \(trial.errorText)")
        let real = world.run("--json \(name) \(line.words)", input: line.input)
        defer { Self.clean(name, real) }
        #expect(trial.status == real.status, "\(name): \(trial.errorText)")
        // The demonstration prints text, with a folder of its own, and touches nothing that is there.
        if name == "demo" || name == "init" { return }
        // What is counted of reading is no change.
        let uncounted = [try Self.files(world), before].map { $0.filter { $0.key != "load" } }
        #expect(uncounted[0] != uncounted[1], "\(name) changes nothing, so that its dry run proves nothing")
        #expect(Self.shape(trial) == Self.shape(real), "\(name)")
    }

    /// The printed values, without ids, times, tokens and estimates: chance and the clock are others.
    private static func shape(_ outcome: CommandWorld.Outcome) -> String {
        outcome.text.replacing(/"[0-9]{10,}"/, with: "ID").replacing(/"2026-[^"]*"/, with: "TIME")
            .replacing(/"token":"[^"]*"/, with: "TOKEN")
            .replacing(/"rows":[0-9]+,"longest_wait_ms":[^,]*/, with: "COST")
    }

    private static func clean(_ name: String, _ outcome: CommandWorld.Outcome) {
        guard name == "demo", let last = outcome.text.split(separator: "\n").last else { return }
        let place = String(last.dropFirst("The network is in ".count).dropLast("/network".count))
        try? FileManager.default.removeItem(atPath: place)
    }

    @Test("a real run in a batch is not disturbed by a dry one beside it")
    func beside() throws {
        let world = try Self.scene("", shards: 4, Self.worlds(shards: 4))
        let lines = """
            ["user","create","gus"]
            ["user","create","fay","--dry-run"]
            ["follow","add","gus","ana"]
            ["post","create","x","--by","fay"]
            """
        #expect(world.run("batch - --keep-going", input: lines).status == 67)
        #expect(world.run("user list --format ids").text == "ana\nbob\ncleo\ndan\neva\ngus\n")
        #expect(world.run("follow check gus ana").status == 0)
    }

    @Test("waits for the locks that the real run would wait for, and gives them back")
    func locks() throws {
        let world = try Self.scene("", shards: 1, Self.worlds(shards: 1))
        let held = try #require(FileHandle(forUpdatingAtPath: world.path(".social/shards/0000/truth.lock")))
        #expect(flock(held.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
        #expect(world.run("post create x --by ana --dry-run --lock-wait 1ms").status == 75)
        #expect(flock(held.fileDescriptor, LOCK_UN) == 0)
        #expect(world.run("post create x --by ana --dry-run --lock-wait 1ms").status == 0)
        #expect(flock(held.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
    }
}
