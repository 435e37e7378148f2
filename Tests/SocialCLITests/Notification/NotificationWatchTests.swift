// `notification watch` while other command lines run: what is printed when, and how it goes on.

import SocialCLI
import Terminal
import TestKit
import Testing

@Suite("Watching notifications")
struct NotificationWatchTests {
    private let world: CommandWorld

    init() throws {
        world = try CommandWorld()
        world.prepare()
        world.run("user create cleo")
    }

    /// Runs a line; each time it would sleep, the next of some acts happens, and after the last its reader leaves.
    private func watch(_ line: String, _ acts: [(CapturedOutput) -> Void]) -> String {
        let output = CapturedOutput()
        var rest = acts[...]
        var surroundings = world.world(output: output, errors: CapturedOutput())
        surroundings.pause = { milliseconds, _ in
            #expect(milliseconds <= 20)
            guard let act = rest.popFirst() else { return false }
            act(output)
            return true
        }
        #expect(SocialProgram.run(line.split(separator: " ").map(String.init), in: surroundings) == 0)
        return output.text
    }

    @Test("what others do is printed before the next sleep")
    func news() {
        let post = world.run("post list --by ana --format ids").text.split(separator: "\n").joined()
        let text = watch(
            "notification watch ana --fields text",
            [
                { #expect($0.text == "") }, { _ in world.run("post like \(post) --by bob") },
                { #expect($0.text == "{\"text\":\"bob liked your post\"}\n") },
                { _ in
                    world.run("post create mine --by ana")
                    world.run("post create @ana,hello --by cleo --reply-to \(post)")
                    world.run("post repost \(post) --by cleo")
                    world.run("follow add cleo ana")
                },
                { _ in world.run("notification preferences ana --mute user/bob") },
                { _ in world.run("post create @ana --by bob") },
            ])
        let lines = [
            "bob liked your post", "cleo replied to your post", "cleo reposted your post", "cleo followed you",
        ]
        #expect(text == lines.map { "{\"text\":\"\($0)\"}\n" }.joined())
    }

    @Test("a later run goes on from any cursor, also within a commit")
    func cursors() throws {
        let lines = (0..<5).map { "[\"post\",\"create\",\"\($0) @ana\",\"--by\",\"bob\"]\n" }.joined()
        let first = watch(
            "notification watch ana --fields cursor,post --format tsv", [{ _ in world.run("batch -", input: lines) }])
        let items = first.split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
        #expect(items.count == 5)
        for (index, item) in items.enumerated() {
            let rest = world.run(
                "notification watch ana --after \(item[0]) --timeout 0s --fields post --format tsv --no-headings")
            #expect(rest.text == items[(index + 1)...].map { "\($0[1])\n" }.joined())
        }
    }

    @Test("a film that was cut is told to whoever uploaded it")
    func films() {
        let film = Repository.path("fixtures/films/h264-aac.mp4")
        let text = watch(
            "notification watch bob --fields kind,text",
            [{ _ in world.run("video-segment cut \(film) --by bob --duration 500ms") }])
        #expect(text == "{\"kind\":\"film-ready\",\"text\":\"your film h264-aac.mp4 can be streamed\"}\n")
        #expect(
            world.run("notification list bob --kind film-ready --fields kind,unread --no-headings").text
                == "film-ready\t1\n")
    }
}
