// `search rebuild` where something is in the way: another process, damage, a batch; and for cron.

import Formats
import Foundation
import TestKit
import Testing

@Suite("The command search rebuild")
struct SearchRebuildTests {
    private let world: CommandWorld

    init() throws {
        world = try CommandWorld()
        world.prepare()
    }

    /// How far each index is; nil where there is none.
    private func behind() throws -> [Int64?] {
        let rows = try JSONReader.parse(world.run("search status --json").output).array ?? []
        return rows.map { $0["behind"]?.integer }
    }

    @Test("says nothing under --quiet, and otherwise what each index has")
    func quiet() throws {
        #expect(try behind() == [nil, nil, nil])
        let silent = world.run("search rebuild -q")
        #expect(silent.status == 0 && silent.output == [] && silent.errors == [])
        #expect(try behind() == [0, 0, 0])
        let told = world.run("search rebuild --format ndjson --fields source,documents")
        #expect(
            told.text == "{\"source\":\"posts\",\"documents\":2}\n{\"source\":\"users\",\"documents\":2}\n"
                + "{\"source\":\"media\",\"documents\":0}\n")
        #expect(told.errorText == "indexed 2 posts, 2 users and 0 media\n")
    }

    @Test("gives way to whoever writes an index, and cron hears nothing of it")
    func busy() throws {
        world.run("search rebuild -q")
        let path = world.path(".social/shards/0000/search/posts.lock")
        let held = try #require(FileHandle(forUpdatingAtPath: path))
        #expect(flock(held.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
        let refused = world.run("search rebuild --lock-wait 1ms")
        #expect(refused.status == 75 && refused.text == "" && refused.errorText.contains("error:"))
        let silent = world.run("search rebuild --lock-wait 1ms -q")
        #expect(silent.status == 75 && silent.output == [] && silent.errors == [])
        #expect(world.run("search posts hello --format ids").status == 0)
    }

    @Test("makes again what is damaged, as searching does")
    func damage() throws {
        for line in ["search rebuild -q", "search posts hello", "search tags"] {
            world.run("search rebuild -q")
            let folder = world.path(".social/shards/0000/search")
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix("posts.") {
                guard name.hasSuffix(".segment") else { continue }
                var bytes = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
                for offset in stride(from: 256, to: bytes.count, by: 64) { bytes[offset] ^= 0x10 }
                #expect(FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: bytes))
            }
            #expect(world.run(line).status == 0, "\(line)")
            #expect(world.run("search posts hello --fields text --no-headings").text == "hello\n")
        }
    }

    @Test("writes in a batch too, behind what the batch has written")
    func batch() throws {
        let lines = """
            ["post","create","another hello","--by","ana"]
            ["search","rebuild"]
            ["post","create","hello again","--by","ana"]
            ["search","posts","hello"]
            """
        let answers = world.run("batch -", input: lines).text.split(separator: "\n")
        #expect(try JSONReader.parse(String(answers[3]))["result"]?.array?.count == 3)
        #expect(try behind() == [1, 1, 1])
    }
}
