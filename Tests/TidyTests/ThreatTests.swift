// The page about threats speaks of tests that there are, and says nothing without one.

import Testing

@Suite("Threats")
struct ThreatTests {
    private static let page = SourceTree.all.first { $0.path.hasSuffix("/SocialCore.docc/Threats.md") }

    /// The names of the tests of each suite, by the suite's type.
    private static let tests: [Substring: Set<Substring>] = {
        var names: [Substring: Set<Substring>] = [:]
        for file in SourceTree.code where file.path.hasPrefix("Tests/") && file.text.contains("@Test(") {
            let suites = file.text.matches(of: /(?:struct|class|enum) (\w+Tests)\b/).map(\.output.1)
            let found = file.text.matches(of: /@Test\(\s*"((?:[^"\\]|\\.)*)"/).map(\.output.1)
            for suite in suites { names[suite, default: []].formUnion(found) }
        }
        return names
    }()

    /// The rows of the tables that say what is tried, each as its cells.
    private static func rows(_ page: SourceTree.File) -> [(number: Int, cells: [Substring])] {
        var rows: [(number: Int, cells: [Substring])] = []
        var isInside = false
        for (index, line) in page.lines.enumerated() {
            if !line.hasPrefix("|") { isInside = false }
            if isInside, !line.hasPrefix("|---") { rows.append((index + 1, line.split(separator: " | "))) }
            if line.hasPrefix("| what is tried |") { isInside = true }
        }
        return rows
    }

    @Test("every line names tests that there are", .enabled(if: page != nil))
    func names() throws {
        let page = try #require(Self.page)
        let rows = Self.rows(page)
        #expect(rows.count > 40)
        for row in rows {
            #expect((2...3).contains(row.cells.count), "\(page.path):\(row.number) has \(row.cells.count) cells")
            let mentions = row.cells.last?.matches(of: /`(\w+Tests)`: "([^"]+)"/) ?? []
            #expect(!mentions.isEmpty, "\(page.path):\(row.number) names no test")
            for mention in mentions {
                let isThere = Self.tests[mention.output.1]?.contains(mention.output.2) == true
                #expect(isThere, "\(page.path):\(row.number): there is no \(mention.output.1) \"\(mention.output.2)\"")
            }
        }
    }

    @Test("whatever looks like the name of a test on the page is one in a line", .enabled(if: page != nil))
    func mentions() throws {
        let page = try #require(Self.page)
        let all = page.text.matches(of: /\w+Tests`/).count
        let inRows = Self.rows(page).map { $0.cells.last?.matches(of: /`\w+Tests`: "[^"]+"/).count ?? 0 }.reduce(0, +)
        #expect(all == inRows)
    }
}
