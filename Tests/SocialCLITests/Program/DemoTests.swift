// `demo` shows the program at work and touches nothing that is the user's.

import Foundation
import TestKit
import Testing

@Suite("demo")
struct DemoTests {
    @Test("it runs to its end, and names a folder that is a data directory")
    func demo() throws {
        let world = try CommandWorld()
        world.environment["SOCIAL_DATA"] = world.path("mine")
        let outcome = world.run("demo")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let last = outcome.text.split(separator: "\n").last ?? ""
        let place = String(last.dropFirst("The network is in ".count))
        defer { try? FileManager.default.removeItem(atPath: String(place.dropLast("/network".count))) }
        #expect(!FileManager.default.fileExists(atPath: world.path("mine")))
        #expect(world.run(["--data", place, "verify", "--json"]).text == "[]\n")
        #expect(world.run(["--data", place, "status", "--fields", "users,posts"]).text == "users\tposts\n5\t5\n")
    }

    @Test("the same clock and seed tell the same story")
    func repetition() throws {
        let world = try CommandWorld()
        let texts = (0..<2).map { _ in
            let text = world.run("demo --now 2026-01-02 --seed 7").text
            let last = text.split(separator: "\n").last ?? ""
            let folder = String(last.dropFirst("The network is in ".count).dropLast("/network".count))
            try? FileManager.default.removeItem(atPath: folder)
            return text.replacingOccurrences(of: folder, with: "FOLDER")
        }
        #expect(texts[0] == texts[1])
        #expect(texts[0].contains("2026-01-02"))
    }
}
