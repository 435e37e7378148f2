// `search media` with real pictures: their types and sizes, what looks like them, and pages up and down.

import Formats
import Foundation
import TestKit
import Testing

@Suite("The command search media")
struct SearchMediaTests {
    private let world: CommandWorld
    private let pictures = ["cat.png", "rgb.jpg", "grey.jpg", "420.jpg"]

    init() throws {
        world = try CommandWorld()
        world.prepare()
        for name in pictures {
            let path = Repository.path("fixtures/pictures/\(name)")
            #expect(world.run("upload put \(path) --by ana --caption picture -q").status == 0)
        }
    }

    private func names(_ line: String) -> [String] {
        let outcome = world.run("search media \(line) --fields name --no-headings")
        #expect(outcome.status == 0, "\(line): \(outcome.errorText)")
        return outcome.text.split(separator: "\n").map(String.init)
    }

    @Test("finds types and sizes with a query and without")
    func properties() throws {
        #expect(names("--type jpeg --rank recent") == ["420.jpg", "grey.jpg", "rgb.jpg"])
        #expect(names("type:png") == ["cat.png"] && names("picture --type jpg").count == 3)
        let rows = try JSONReader.parse(world.run("upload list --json").output).array ?? []
        for row in rows {
            let (width, height) = (row["width"]?.integer ?? 0, row["height"]?.integer ?? 0)
            let name = try #require(row["name"]?.string)
            #expect(names("--min-width \(width) --min-height \(height)").contains(name))
            #expect(!names("picture --min-width \(width + 1)").contains(name))
            #expect(!names("--type image --min-height \(height + 1)").contains(name))
        }
        #expect(rows.count == 4 && names("--min-width 1").count == 4)
    }

    @Test("finds what looks like an upload or a file, the nearest first")
    func likeness() throws {
        let cat = Repository.path("fixtures/pictures/cat.png")
        #expect(names("--like \(cat)").first == "cat.png")
        #expect(!names("--like ana/cat.png").contains("cat.png"))
        #expect(world.run("upload put \(cat) --name again.png --by bob -q").status == 0)
        #expect(names("--like ana/cat.png").first == "again.png")
        let found = world.run("search media --like \(cat) --json --fields name,distance,score,cursor --limit 2")
        let rows = try JSONReader.parse(found.output).array ?? []
        #expect(rows.map { $0["name"]?.string } == ["again.png", "cat.png"])
        #expect(rows.allSatisfy { $0["distance"]?.integer == 0 && $0["score"] == .null })
        #expect(names("picture --like \(cat) --type png") == ["cat.png"])
        let cursor = try #require(rows[0]["cursor"]?.string)
        #expect(names("--like \(cat) --after \(cursor)").first == "cat.png")
        #expect(world.run("search media --like \(cat) --rank recent").status == 64)
        #expect(world.run("search media --like ana/nobody.png").status == 67)
        #expect(world.run("search media --like \(Repository.path("README.md"))").status == 65)
    }

    @Test("goes on below a cursor, and back up before it")
    func pages() throws {
        for order in ["--rank recent", "--rank relevance"] {
            let all = names("picture \(order) --all")
            #expect(all.sorted() == pages(of: order, size: 1).sorted() && all == pages(of: order, size: 3))
            let cursors = world.run("search media picture \(order) --fields cursor --no-headings").text
                .split(separator: "\n")
            #expect(names("picture \(order) --before \(cursors[3]) --limit 2") == Array(all[1...2]))
        }
    }

    /// All names, some at a time.
    private func pages(of order: String, size: Int) -> [String] {
        var found: [String] = []
        var after = ""
        while found.count < 9 {
            let outcome = world.run(
                "search media picture \(order) --limit \(size) --fields name,cursor --no-headings\(after)")
            let rows = outcome.text.split(separator: "\n").map { $0.split(separator: "\t") }
            guard let last = rows.last?.last else { break }
            found += rows.map { String($0[0]) }
            after = " --after \(last)"
        }
        return found
    }
}
