// `--record` on verbs that show something: what cannot be counted does not spoil the answer.

import Foundation
import TestKit
import Testing

@Suite("The option --record")
struct AccessRecordingTests {
    private let world: CommandWorld

    init() throws {
        world = try CommandWorld()
        world.prepare()
    }

    private func count(_ resource: String) -> String {
        world.run("analytics count \(resource) --fields kind,count,viewers --no-headings --format csv").text
    }

    @Test("the answer is the same, and counted")
    func answer() {
        let plain = world.run("user show ana --json")
        #expect(world.run("user show ana --json --record --by bob").output == plain.output)
        #expect(world.run("user show ana --json --record --by bob").status == 0)
        #expect(count("user/ana") == "profile-view,2,1\r\n")
    }

    @Test("a failure to count is told by the status and on the standard error, after the whole answer")
    func failure() throws {
        world.run("user show ana --record")
        let plain = world.run("user show ana --json")
        let held = try #require(FileHandle(forUpdatingAtPath: world.path(".social/shards/0000/records.lock")))
        #expect(flock(held.fileDescriptor, LOCK_EX | LOCK_NB) == 0)
        let outcome = world.run("user show ana --json --record --lock-wait 1ms")
        #expect(outcome.status == 75)
        #expect(outcome.output == plain.output)
        #expect(outcome.errorText.hasPrefix("not counted: "), "\(outcome.errorText)")
        #expect(world.run("user show ana --json --record --lock-wait 1ms -q").errorText == "")
        #expect(flock(held.fileDescriptor, LOCK_UN) == 0)
        #expect(count("user/ana") == "profile-view,1,0\r\n")
    }

    @Test("every verb that shows something counts with it, and counts nothing without it")
    func verbs() throws {
        let id = world.run("post list --limit 1 --format ids").text.dropLast()
        let lines = [
            ("post show \(id)", 1), ("post list", 2), ("post thread \(id)", 1), ("user show ana", 1),
            ("feed show ana", 1), ("search posts hi", 1), ("search users ana", 1), ("search tags a", 1),
            ("search media a", 1),
        ]
        var total = 0
        for (line, number) in lines {
            #expect(world.run(line).status == 0)
            #expect(world.run("\(line) --record").status == 0)
            total += number
            let counts = world.run("analytics count --fields count --no-headings").text.split(separator: "\n")
            #expect(counts.compactMap { Int($0) }.reduce(0, +) == total, "\(line)")
        }
    }

    @Test("only as many bytes count as were given out")
    func bytes() throws {
        let path = Repository.path("fixtures/pictures/cat.png")
        world.run("upload put \(path) --by ana")
        let whole = world.run("upload get ana/cat.png --record").output.count
        #expect(whole > 100)
        #expect(world.run("upload get ana/cat.png --record --range 10-19").output.count == 10)
        let small = world.run("upload get ana/cat.png --record --size small").output.count
        let line = "analytics count media/ana/cat.png --fields count,amount --no-headings"
        #expect(world.run(line).text == "3\t\(whole + 10 + small)\n")
    }
}
