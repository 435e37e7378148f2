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
        #expect(text.ranges(of: "nan").isEmpty && text.ranges(of: "inf").isEmpty)
        var open: [String] = []
        // Behind each `<` stands a tag up to the first `>`, and behind that a text.
        for part in Array(text.utf8).split(separator: UInt8(ascii: "<"), omittingEmptySubsequences: false).dropFirst() {
            let end = try #require(part.firstIndex(of: UInt8(ascii: ">")))
            let tag = String(decoding: part[..<end], as: UTF8.self)
            let isOpening = !tag.hasPrefix("/") && !tag.hasPrefix("?")
            if tag.hasPrefix("/") { #expect(open.popLast() == String(tag.dropFirst())) }
            if isOpening, !tag.hasSuffix("/") { open.append(String(tag.prefix { $0 != " " })) }
            #expect(tag.utf8.count { $0 == UInt8(ascii: "\"") }.isMultiple(of: 2))
            let content = part[(end + 1)...]
            #expect(!content.contains(UInt8(ascii: ">")) || open.last == "style")
            for reference in content.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).dropFirst() {
                let name = String(decoding: reference.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
                #expect(["amp", "lt", "gt", "quot"].contains(name))
            }
        }
        #expect(open.isEmpty && text.hasSuffix("</svg>\n"))
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
