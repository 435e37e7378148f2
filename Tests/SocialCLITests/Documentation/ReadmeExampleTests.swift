// The README can be typed as it stands: its blocks of commands run one after the other in one folder, by a real shell
// with the real program.

import Foundation
import TestKit
import Testing

@Suite("The examples of the README")
struct ReadmeExampleTests {
    private static let needed = ["bash", "curl", "jq", "gzip"]

    /// The lines between a fence of a language and its end, block by block.
    private static func blocks(_ language: String) throws -> [String] {
        let text = try String(contentsOfFile: Repository.path("README.md"), encoding: .utf8)
        return text.matches(of: /(?m)^```([a-z]+)\n([^`]*)^```$/).compactMap {
            $0.output.1 == language ? String($0.output.2) : nil
        }
    }

    @Test("the tutorial runs from its first line to its last", .enabled(if: needed.allSatisfy(Shell.has)))
    func tutorial() throws {
        let blocks = try Self.blocks("sh")
        #expect(blocks.count > 6)
        var script = "set -e\n" + blocks.joined(separator: "\n")
        // The town is a small one in the usual run, and as it stands in the long one.
        let town = "--users 1000 --posts 10000"
        #expect(script.contains(town))
        if TestRun.scale == 1 { script = script.replacing(town, with: "--users 200 --posts 2000") }
        let folder = try TemporaryDirectory()
        try FileManager.default.copyItem(
            atPath: Repository.path("fixtures/pictures/cat.png"), toPath: folder.file("cat.png"))
        try FileManager.default.copyItem(
            atPath: Repository.path("fixtures/films/scenes.mp4"), toPath: folder.file("film.mp4"))
        let outcome = try Shell.run(script, in: folder.path)
        #expect(outcome.status == 0, "\(outcome.errors)\n\(outcome.output)")
        #expect(outcome.output.contains("all is well"))
    }

    @Test("the steps of the CI example run", .enabled(if: needed.allSatisfy(Shell.has)))
    func integration() throws {
        let block = try #require(try Self.blocks("yaml").first)
        let script = block.split(separator: "\n").filter { $0.hasPrefix("      ") }.joined(separator: "\n")
        #expect(script.contains("social init"))
        let folder = try TemporaryDirectory()
        let outcome = try Shell.run("set -e\n\(script)", in: folder.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test("the cron line says nothing", .enabled(if: needed.allSatisfy(Shell.has)))
    func schedule() throws {
        let line = try #require(try Self.blocks("cron").first)
        let folder = try TemporaryDirectory()
        let command = line.split(separator: " ", maxSplits: 5)[5].replacing("/srv/social", with: "served")
        let outcome = try Shell.run("social --data served init > /dev/null && \(command)", in: folder.path)
        #expect(outcome.status == 0 && outcome.output == "" && outcome.errors == "")
    }
}
