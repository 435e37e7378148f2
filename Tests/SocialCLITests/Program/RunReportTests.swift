// What a run tells of itself: nothing unless somebody wants it, and never on the standard output.

import Foundation
import SocialCLI
import Terminal
import TestKit
import Testing

@Suite("What a run tells of itself")
struct RunReportTests {
    private let world: CommandWorld

    init() throws {
        world = try CommandWorld()
        world.prepare()
    }

    /// Runs a line on a stopwatch on which every look takes a second; what it writes to the standard error.
    private func errors(_ line: String, isTerminal: Bool, variables: [String: String] = [:]) -> String {
        let errors = CapturedOutput()
        let output = CapturedOutput()
        let input = (0..<40).map { "post \($0)\n" }.joined()
        var inner = world.world(output: output, errors: errors, input: Array(input.utf8))
        var seconds = 0
        inner.stopwatch = {
            seconds += 1
            return .seconds(seconds)
        }
        inner.terminal.isErrors = isTerminal
        inner.terminal.errorColumns = isTerminal ? 80 : nil
        inner.environment = { variables[$0] }
        #expect(SocialProgram.run(line.split(separator: " ").map(String.init), in: inner) == 0, "\(errors.text)")
        #expect(!output.text.contains("importing"))
        return errors.text
    }

    private static let line = "post import - --from text --by ana"

    @Test("shows progress on a terminal, and leaves no trace of it")
    func terminal() {
        let text = errors(Self.line, isTerminal: true)
        #expect(text.contains("\rimporting posts [##########          ] 50% 20/40 1/s"))
        #expect(text.hasSuffix("\r\u{1B}[K"))
        #expect(!text.contains("\n"))
        #expect(errors("feed regenerate --full", isTerminal: true).contains("\rbuilding the feeds of shard 0 ["))
        #expect(errors("search rebuild", isTerminal: true).contains("\rindexing the posts of shard 0 42 "))
        let simulation = errors("shard simulate --accounts 10 --posts 100000 --shard-by post", isTerminal: true)
        #expect(simulation.contains("\rplacing keys, rendezvous [######              ] 32% 65,536/200,000 "))
        #expect(simulation.contains("\rplacing keys, ring-bounded [##########          ] 50% 100,000/200,000 "))
    }

    @Test("shows none off a terminal, under --quiet, or where the terminal cannot go back")
    func silence() {
        #expect(errors(Self.line, isTerminal: false) == "")
        #expect(errors(Self.line + " -q", isTerminal: true) == "")
        #expect(errors(Self.line + " --progress never", isTerminal: true) == "")
        #expect(errors(Self.line, isTerminal: true, variables: ["TERM": "dumb"]) == "")
    }

    @Test("shows lines in a log where it is always wanted, also under --quiet")
    func log() {
        // The same import again would find everything there.
        for line in [
            Self.line + " --progress always", Self.line + " --progress always -q --idempotency-key again",
        ] {
            let lines = errors(line, isTerminal: false).split(separator: "\n")
            #expect(lines.count == 40)
            #expect(lines.first == "importing posts [                    ] 2% 1/40 1/s 39s left")
            #expect(!lines.contains { $0.contains("\r") })
        }
    }

    @Test("tells what is done under --verbose, with times, and takes the bar away first")
    func verbose() {
        let lines = errors(Self.line + " -v --lock-wait 3s", isTerminal: false).split(separator: "\n")
        #expect(lines.first == "1000.0 ms: post import, version \(SocialSpecification.version)")
        #expect(lines.contains { $0.hasSuffix(" ms: importing posts: 40") })
        #expect(lines.last?.hasSuffix(" ms: done") == true)
        let both = errors(Self.line + " -v --idempotency-key again", isTerminal: true)
        #expect(both.contains("\r\u{1B}[K"))
        #expect(both.hasSuffix(" ms: done\n"))
    }

    @Test("a stream that takes nothing stops no work")
    func closed() {
        let full = CapturedOutput(limitBytes: 0, then: .errno(28))
        let output = CapturedOutput()
        let status = SocialProgram.run(
            ["user", "create", "cleo", "-v", "--fields", "handle", "--format", "ndjson"],
            in: world.world(output: output, errors: full))
        #expect(status == 0)
        #expect(output.text == "{\"handle\":\"cleo\"}\n")
    }
}
