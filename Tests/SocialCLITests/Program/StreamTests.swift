// What happens when the output ends before its time: a reader who leaves, and a disk that is full.

import Foundation
import SocialCLI
import SocialCore
import Terminal
import TestKit
import Testing

@Suite("Streams that end early")
struct StreamTests {
    private let world: CommandWorld

    init() throws {
        world = try CommandWorld()
        world.prepare()
    }

    private func run(_ words: [String], output: CapturedOutput, input: String = "") -> (status: Int32, errors: String) {
        let errors = CapturedOutput()
        let status = SocialProgram.run(words, in: world.world(output: output, errors: errors, input: Array(input.utf8)))
        return (status, errors.text)
    }

    @Test("a reader whose output is closed stops, and that is no failure", arguments: [0, 1, 40])
    func readers(_ limit: Int) throws {
        let posts = (0..<2_000).map { "{\"text\":\"\($0)\",\"author\":\"ana\"}\n" }.joined()
        #expect(world.run("post import -", input: posts).status == 0)
        for line in [
            "post list", "post list --json", "user list --format csv", "feed show bob", "help", "version", "status",
            "follow check ana bob", "verify", "digest", "config list", "feed status", "search posts h* --all",
            "search explain h*", "search status",
        ] {
            let output = CapturedOutput(limitBytes: limit, then: .closed)
            let result = run(line.split(separator: " ").map(String.init), output: output)
            #expect(result.status == 0, "\(line)")
            #expect(result.errors == "", "\(line)")
            #expect(output.bytes.count <= limit)
        }
    }

    @Test("a change whose output is closed is made all the same")
    func writers() {
        let closed = { CapturedOutput(limitBytes: 0, then: .closed) }
        #expect(run(["post", "create", "unseen", "--by", "ana"], output: closed()).status == 0)
        #expect(run(["user", "create", "cleo"], output: closed()).status == 0)
        let lines = (0..<3).map { "[\"post\",\"create\",\"line \($0)\",\"--by\",\"cleo\"]\n" }.joined()
        #expect(run(["batch", "-"], output: closed(), input: lines).status == 0)
        #expect(world.run("post list --by cleo --format ids").text.split(separator: "\n").count == 3)
        #expect(world.run("post list --by ana --fields text --no-headings --limit 1").text == "unseen\n")
    }

    @Test("a change keeps its status when nobody reads it")
    func statuses() {
        let closed = CapturedOutput(limitBytes: 0, then: .closed)
        #expect(run(["batch", "-"], output: closed, input: "[\"user\",\"show\",\"nobody\"]\n").status == 67)
    }

    @Test("a full disk under the output is an I/O error", arguments: [0, 10])
    func fullDisk(_ limit: Int) {
        for line in ["post list", "post list --json", "user create dan", "help", "version", "digest"] {
            let output = CapturedOutput(limitBytes: limit, then: .errno(28))
            let result = run(line.split(separator: " ").map(String.init), output: output)
            #expect(result.status == 74, "\(line)")
            #expect(result.errors.contains("cannot write the output: no space left on device"), "\(line)")
        }
    }

    @Test("a full disk under both streams still has its status")
    func nowhere() {
        let full = CapturedOutput(limitBytes: 0, then: .errno(28))
        let status = SocialProgram.run(
            ["user", "list"], in: world.world(output: full, errors: CapturedOutput(limitBytes: 0, then: .errno(28))))
        #expect(status == 74)
    }

    @Test("an input that fails is an I/O error")
    func brokenInput() {
        let output = CapturedOutput()
        var broken = world.world(output: output, errors: CapturedOutput())
        broken.readInput = { _ in throw StorageError(errno: 5, while: "read the standard input") }
        for line in ["follow import -", "batch -", "post create - --by ana"] {
            #expect(SocialProgram.run(line.split(separator: " ").map(String.init), in: broken) == 74, "\(line)")
        }
    }
}
