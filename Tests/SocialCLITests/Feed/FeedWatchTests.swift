// `feed watch` while other command lines run: what is printed when, and how it ends.

import SocialCLI
import Terminal
import TestKit
import Testing

@Suite("Watching a feed")
struct FeedWatchTests {
    private let world: CommandWorld

    init() throws {
        world = try CommandWorld()
        world.prepare()
    }

    /// Runs a line; each time it would sleep, the next of some acts happens, and after the last its reader leaves.
    private func watch(
        _ line: String, _ acts: [(CapturedOutput) -> Void]
    ) -> (status: Int32, text: String, errors: String) {
        let output = CapturedOutput()
        let errors = CapturedOutput()
        var rest = acts[...]
        var surroundings = world.world(output: output, errors: errors)
        surroundings.pause = { milliseconds, _ in
            #expect(milliseconds <= 20)
            guard let act = rest.popFirst() else { return false }
            act(output)
            return true
        }
        let status = SocialProgram.run(line.split(separator: " ").map(String.init), in: surroundings)
        return (status, output.text, errors.text)
    }

    @Test("what others post is printed before the next sleep")
    func news() {
        let result = watch(
            "feed watch bob --fields text",
            [
                { #expect($0.text == "") }, { _ in world.run("post create one --by ana") },
                { #expect($0.text == "{\"text\":\"one\"}\n") },
                { _ in
                    world.run("post create mine --by bob")
                    world.run("post import - --by ana", input: "{\"text\":\"old\",\"created_at\":\"2025-01-01\"}\n")
                },
                { #expect($0.text == "{\"text\":\"one\"}\n{\"text\":\"old\"}\n") },
            ])
        #expect(result.status == 0)
        #expect(result.text == "{\"text\":\"one\"}\n{\"text\":\"old\"}\n")
        #expect(result.errors == "")
    }

    @Test("it follows what the reader does")
    func follows() {
        let result = watch(
            "feed watch bob --fields text",
            [
                { _ in
                    world.run("user create cleo")
                    world.run("post create before --by cleo")
                },
                { _ in world.run("follow add bob cleo") }, { _ in world.run("post create after --by cleo") },
                { _ in world.run("follow mute bob cleo") }, { _ in world.run("post create unheard --by cleo") },
            ])
        #expect(result.text == "{\"text\":\"after\"}\n")
    }

    @Test("it ends after as many as asked for, or after a time")
    func ends() {
        let post: (CapturedOutput) -> Void = { _ in world.run("post create again --by ana") }
        let result = watch("feed watch bob --limit 2 --fields text --json", [post, post, post, post])
        #expect(result.text == "[\n{\"text\":\"again\"},\n{\"text\":\"again\"}\n]\n")
        let output = CapturedOutput()
        var surroundings = world.world(output: output, errors: CapturedOutput())
        var slept: Int64 = 0
        surroundings.pause = { milliseconds, _ in
            slept += milliseconds
            return true
        }
        surroundings.stopwatch = { .milliseconds(slept) }
        #expect(SocialProgram.run(["feed", "watch", "bob", "--timeout", "1s"], in: surroundings) == 0)
        #expect(slept == 1_000)
        #expect(output.text == "")
    }

    @Test("a later run goes on from any cursor, also within a commit")
    func cursors() throws {
        let lines = (0..<5).map { "[\"post\",\"create\",\"\($0)\",\"--by\",\"ana\"]\n" }.joined()
        let first = watch(
            "feed watch bob --fields cursor,text --format tsv", [{ _ in world.run("batch -", input: lines) }])
        let items = first.text.split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
        #expect(items.map { $0[1] } == ["0", "1", "2", "3", "4"])
        for (index, item) in items.enumerated() {
            let rest = world.run(
                "feed watch bob --after \(item[0]) --timeout 0s --fields text --format tsv --no-headings")
            #expect(rest.text == (index + 1..<5).map { "\($0)\n" }.joined())
        }
    }

    @Test("a reader who is gone ends it with the next post")
    func closed() {
        let output = CapturedOutput(limitBytes: 0, then: .closed)
        var surroundings = world.world(output: output, errors: CapturedOutput())
        var count = 0
        surroundings.pause = { _, _ in
            count += 1
            world.run("post create \(count) --by ana")
            return count < 9
        }
        #expect(SocialProgram.run(["feed", "watch", "bob"], in: surroundings) == 0)
        #expect(count == 1)
    }

    @Test("on a terminal it is a table that goes on, with room for long texts")
    func terminal() {
        world.isTerminal = true
        world.columns = 60
        let long = "a text that is far longer than the first one"
        let result = watch(
            "feed watch bob --fields author,text --color never",
            [
                { _ in world.run("post create hi --by ana") }, { #expect($0.text == "AUTHOR  TEXT\nana     hi\n") },
                { _ in world.run(["post", "create", long, "--by", "ana"]) },
            ])
        #expect(result.text == "AUTHOR  TEXT\nana     hi\nana     \(long)\n")
    }
}
