// Real processes that write and read while replicas are deleted, cut off, flipped and repaired beside them.

import Glibc
import SocialCore
import TestKit
import Testing

@Suite("Replicas under real processes", .serialized)
struct ReplicaTests {
    /// A data directory and two replicas in a folder.
    private struct Scene {
        let folder: Folder
        let data: String
        let copies: [String]

        init(shards: Int) throws {
            folder = try Folder()
            data = "\(folder.path)/data"
            copies = ["\(folder.path)/one", "\(folder.path)/two"]
            try expect([
                "init", data, "--shards", "\(shards)", "--shard-by", "post", "--replicas", "3", "--replica-dirs",
                copies.joined(separator: ","),
            ])
            for name in ["ana", "bob"] { try expect(["user", "create", name]) }
        }

        @discardableResult
        func expect(_ words: [String]) throws -> ProgramResult {
            let result = try Program.run(words, data: data)
            #expect(result.exit == 0, "\(words): \(result.errors)\(result.output.prefix(500))")
            return result
        }

        /// The texts of all posts, each of which must be there once.
        func texts() throws -> Set<String> {
            let texts = try expect(["post", "list", "--fields", "text"]).values(of: "text")
            #expect(Set(texts).count == texts.count, "a post is there twice")
            return Set(texts)
        }

        func expectHealth() throws {
            try expect(["replica", "repair"])
            try expect(["replica", "status", "--deep"])
            try expect(["verify"])
        }
    }

    @Test("an import goes on when one of three replicas is deleted in its middle", arguments: [1, 3])
    func importing(shards: Int) throws {
        let scene = try Scene(shards: shards)
        let count = 8_000
        let path = "\(scene.folder.path)/posts.txt"
        try Folder.write(path, Array((0..<count).map { "post \($0)\n" }.joined().utf8))
        let running = try Program.start(
            ["post", "import", path, "--by-all", "--over", "1d", "--batch-size", "100"], data: scene.data)
        // The log of the replica is where one sees how far the import has come.
        let log = "\(DataDirectory.shardPath(scene.copies[0], shard: 0))/replica.log"
        while FileSystem().size(of: log) < 80_000, try running.poll() == nil { usleep(1_000) }
        #expect(try running.poll() == nil, "the import was over before anything was deleted")
        Folder.removeAll(scene.copies[0])
        let result = try running.wait()
        #expect(result.exit == 0, "\(result.errors)")
        #expect(try scene.texts() == Set((0..<count).map { "post \($0)" }))
        let status = try Program.run(["replica", "status"], data: scene.data)
        #expect(status.exit == 1)
        #expect(Set(status.values(of: "state")) == ["ok", "lost"])
        try scene.expectHealth()
        Folder.removeAll(scene.data)
        try scene.expect(["init", scene.data, "--recover"] + scene.copies)
        #expect(try scene.texts().count == count)
    }

    @Test("thousands of writes lose nothing while replicas are deleted, cut off, flipped and repaired")
    func writing() throws {
        let scene = try Scene(shards: 2)
        let chance = Chance(case: 600)
        let wanted = TestRun.times(1_200, usually: 800)
        var open = Set(0..<wanted)
        var counts: [String: Int] = [:]
        var hurt: String?
        var rounds = 0
        while !open.isEmpty, rounds < 200 {
            rounds += 1
            let numbers = open.sorted()
            let input = numbers.map { number in
                let key = ",\"--idempotency-key\",\"key \(number)\""
                return "[\"post\",\"create\",\"post \(number)\",\"--by\",\"ana\"\(key)]\n"
            }.joined()
            let running = try Program.start(
                ["batch", "-", "--keep-going", "--commit", "each"], data: scene.data, input: input)
            var isKilled = false
            while try running.poll() == nil {
                usleep(UInt32(20_000 + chance.below(100_000)))
                let event = try self.event(scene, chance, &hurt, running)
                counts[event, default: 0] += 1
                if event == "kill" { isKilled = true }
            }
            let result = try running.wait()
            #expect(result.exit == nil || !isKilled || result.exit == 0)
            for line in result.output.split(separator: "\n") where line.contains("\"exit\":0,") {
                guard let text = line.split(separator: ":").dropFirst().first?.prefix(while: \.isNumber),
                    let index = Int(text), index <= numbers.count
                else { continue }
                open.remove(numbers[index - 1])
            }
        }
        #expect(open.isEmpty, "\(open.count) posts are not written")
        let events = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        TestRun.report("\(rounds) rounds of writes: \(events)")
        #expect(counts["harm", default: 0] > 2 && counts["repair", default: 0] > 2)
        try scene.expectHealth()
        #expect(try scene.texts() == Set((0..<wanted).map { "post \($0)" }))
    }

    /// Lets something happen beside a writer; what it was.
    private func event(
        _ scene: Scene, _ chance: Chance, _ hurt: inout String?, _ running: RunningProgram
    ) throws -> String {
        switch chance.below(10) {
        case 0..<4:
            guard hurt == nil, let place = chance.one(of: scene.copies) else { break }
            hurt = place
            try harm(place, chance)
            return "harm"
        case 4..<8:
            guard let place = hurt else { break }
            try scene.expect(["replica", "repair", place])
            hurt = nil
            return "repair"
        case 8:
            running.kill()
            return "kill"
        default: break
        }
        try scene.expect(["post", "list", "--limit", "1"])
        return "read"
    }

    private func harm(_ place: String, _ chance: Chance) throws {
        let folder = DataDirectory.shardPath(place, shard: chance.below(2))
        let path = "\(folder)/\(["truth.sqlite", "replica.log"][chance.below(2)])"
        switch chance.below(3) {
        case 0: Folder.removeAll(place)
        case 1:
            // Beside a writer: in place, as a failing disk does it.
            truncate(path, off_t(chance.below(max(1, FileSystem().size(of: path)))))
        default:
            let size = FileSystem().size(of: path)
            guard size > 0 else { return }
            let descriptor = Glibc.open(path, O_RDWR)
            guard descriptor >= 0 else { return }
            defer { close(descriptor) }
            var byte: UInt8 = 0
            let offset = off_t(chance.below(size))
            pread(descriptor, &byte, 1, offset)
            byte ^= 0x10
            pwrite(descriptor, &byte, 1, offset)
        }
    }
}
