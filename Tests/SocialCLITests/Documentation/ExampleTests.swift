// Every example of the help is executed, as it stands, by a real shell with the real program.

import CommandSpec
import Foundation
import SocialCLI
import TestKit
import Testing

@Suite("The examples of the help")
struct ExampleTests {
    private static let needed = ["bash", "curl", "jq", "xargs"]

    /// The line without what belongs to cron: its schedule, and the directory of a server.
    private static func command(_ line: String) -> String {
        let fields = line.split(separator: " ", maxSplits: 5)
        let isSchedule =
            fields.count == 6 && fields.prefix(5).allSatisfy { $0.allSatisfy { "0123456789*/,-".contains($0) } }
        return isSchedule ? fields[5].replacingOccurrences(of: "--data /srv/social ", with: "") : line
    }

    @Test("the schedule of a cron line is recognised")
    func schedules() {
        #expect(Self.command("*/5 * * * * social --data /srv/social feed regenerate -q") == "social feed regenerate -q")
        #expect(Self.command("social post list --by ana --limit 5") == "social post list --by ana --limit 5")
    }

    @Test("all examples run", .enabled(if: needed.allSatisfy(Shell.has)))
    func all() throws {
        let specification = SocialSpecification.specification
        let world = try CommandWorld()
        let empty = world.path("empty")
        let prepared = world.path("prepared")
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
        #expect(try Shell.run("social init", in: empty).status == 0)
        try FileManager.default.copyItem(atPath: empty, toPath: prepared)
        let setup = try Shell.run(
            """
            social user create ana && social user create bob && social follow add ana bob &&
            social post create one --by ana && social post create two --by bob && social feed regenerate &&
            cp '\(Repository.path("fixtures/pictures/cat.png"))' . && social upload put cat.png --by ana &&
            cp '\(Repository.path("fixtures/films"))'/*.json . &&
            cp '\(Repository.path("fixtures/films/h264-aac.mp4"))' film.mp4 &&
            social video-segment cut film.mp4 --by ana --duration 500ms &&
            seq 3 | social queue push numbers --lines - && social queue pull numbers --consumer audit &&
            social backup create backups &&
            social service register search one --address 127.0.0.1:9001 --timeout 1h &&
            echo '192.0.2.7 - - [01/Jan/2026:10:00:00 +0000] "GET /about.html HTTP/1.1" 200 512' > access.log
            """, in: prepared)
        try #require(setup.status == 0, "\(setup.errors)")
        let examples =
            specification.examples + specification.commands.flatMap(\.examples)
            + specification.guides.flatMap(\.examples)
        #expect(examples.count > 25)
        for (index, example) in examples.enumerated() {
            let place = world.path("example-\(index)")
            // Whoever makes accounts begins without any.
            let isFirst = example.line.hasPrefix("social user create")
            try FileManager.default.copyItem(atPath: isFirst ? empty : prepared, toPath: place)
            let outcome = try Shell.run(Self.command(example.line), in: place)
            #expect(outcome.status == 0, "\(example.line)\n\(outcome.errors)")
        }
    }
}
