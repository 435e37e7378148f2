// Drawings of counts: well-formed whatever they are given, small whatever they draw, and the same each time.

import Formats
import Terminal
import Testing

@testable import SocialCLI

@Suite("Drawings of counts")
struct ChartDrawingTests {
    private func chart(_ count: Int, title: String = "cat") throws -> TimeChart {
        let zone = try #require(ZoneRules(offset: "+05:45"))
        let points = (0..<count).map { index in
            let time = ChartTime(1_767_225_600_000 + Int64(index) * 3_600_000, in: zone)
            let value = index % 29 == 20 ? nil : Double(index * 7_919 % 1_000)
            return TimeChart.Point(time, value, secondary: Double(index % 90), previous: Double(index % 400))
        }
        return TimeChart(
            title: title, subtitle: title, unit: "views", interval: "hour", points: points,
            names: .init(value: "people", secondary: title, previous: "before"))
    }

    @Test("are well-formed and small", arguments: [0, 1, 2, 24, 168, 1_000, 10_000])
    func series(count: Int) throws {
        let text = SeriesDrawing(try chart(count)).text
        try expectWellFormed(text)
        #expect(text.utf8.count < 300_000, "\(text.utf8.count) bytes")
        #expect(!text.contains("<script") && text.components(of: "http:") == 1)
        #expect(text.contains("no data") == (count == 0 || count > 20))
        #expect(text == SeriesDrawing(try chart(count)).text)
    }

    @Test("tell each column when one points at it, with the time of its zone")
    func tips() throws {
        let text = SeriesDrawing(try chart(24)).text
        #expect(text.contains("<title>Thu 1 Jan 2026 05:45: 0 views, people 0, cat 0; before: 0</title>"))
        #expect(text.contains("<title>Fri 2 Jan 2026 01:45: no data</title>"))
        #expect(text.components(of: "<g><title>") == 24)
    }

    @Test("bear strangers' texts", arguments: ["<script>&\"'", "\u{0}\u{1B}\u{FFFE}]]>", "日本😀\u{202E}", ""])
    func hostile(text: String) throws {
        try expectWellFormed(SeriesDrawing(try chart(3, title: text)).text)
        let top = TopChart(
            title: text, subtitle: text, unit: text, entries: [.init(text, 3, secondary: 1), .init(text, .nan)],
            names: .init(value: text, secondary: text), total: 10)
        try expectWellFormed(TopDrawing(top).text)
    }

    @Test("of the most counted have a bar for each, up to two hundred")
    func top() throws {
        let entries = (0..<500).map { TopChart.Entry("post/\($0)", Double(500 - $0), secondary: Double($0 % 3)) }
        let text = TopDrawing(TopChart(title: "top", unit: "views", entries: entries, total: 100_000)).text
        try expectWellFormed(text)
        #expect(text.components(of: "<g><title>") == 200)
        #expect(text.contains("and 300 more"))
        #expect(text.contains("<title>post/2: 500 views, 0.5%; views 498, others 2</title>"))
        try expectWellFormed(TopDrawing(TopChart(title: "top", unit: "views", entries: [], total: 0)).text)
    }

    /// Checks that tags are closed in order, that texts hold nothing that XML forbids, and that numbers are numbers.
    private func expectWellFormed(_ text: String) throws {
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0.value & 0xFFFE != 0xFFFE })
        #expect(!text.contains("nan") && !text.contains("inf"))
        var open: [Substring] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            #expect(!rest[..<start].contains(">") || open.last == "style")
            for match in rest[..<start].matches(of: /&[^;]{0,6};?/) {
                #expect(["&amp;", "&lt;", "&gt;", "&quot;"].contains(match.output))
            }
            let end = try #require(rest[start...].firstIndex(of: ">"))
            let tag = rest[rest.index(after: start)..<end]
            let name = tag.prefix { !" /?".contains($0) }
            if tag.hasPrefix("/") {
                #expect(open.popLast() == tag.dropFirst())
            } else if !tag.hasSuffix("/"), !tag.hasPrefix("?") {
                open.append(name)
            }
            #expect(tag.count { $0 == "\"" }.isMultiple(of: 2))
            rest = rest[rest.index(after: end)...]
        }
        #expect(open.isEmpty && rest == "\n")
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
