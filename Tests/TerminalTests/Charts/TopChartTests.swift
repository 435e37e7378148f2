// Bars with numbers and shares.

import Terminal
import Testing

@Suite("A chart of the most counted")
struct TopChartTests {
    @Test("lines up labels, bars, numbers and shares")
    func lines() {
        let chart = TopChart(
            title: "", unit: "views", entries: [.init("ana/cat.jpg", 1_200), .init("日本", 300), .init("c", 1)],
            total: 3_000)
        #expect(
            chart.text(columns: 50, usesColor: false).lines == [
                "ana/cat.jpg  ███████████████████████  1,200  40.0%",
                "日本         █████▊                     300  10.0%",
                "c            ▏                            1  <0.1%", "",
            ])
    }

    @Test("stacks a second count in another shade, and tells which is which")
    func stacked() {
        let chart = TopChart(
            title: "top", unit: "views", entries: [.init("a", 3, secondary: 1), .init("b", 0, secondary: 2)],
            names: .init(value: "people", secondary: "bots"), total: nil)
        let lines = chart.text(columns: 20, usesColor: false).lines
        #expect(lines == ["top", "", "a  ███████████░░░  4", "b  ░░░░░░░         2", "", "█ people   ░ bots", ""])
        #expect(chart.text(columns: 20, usesColor: true).unstyled.lines[2] == "a  ██████████▌███  4")
    }

    @Test("is never wider than it may be, except off a terminal", arguments: [20, 33, 80, 300])
    func width(columns: Int) {
        let label = String(repeating: "posts/日本/", count: 30)
        let entries = [TopChart.Entry(label, 5), .init("😀\u{1B}[2J", 3, secondary: 1), .init("", 0)]
        let chart = TopChart(title: label, subtitle: label, unit: "views", entries: entries, total: 9)
        let text = chart.text(columns: columns, usesColor: false)
        #expect(text.lines.allSatisfy { $0.cellWidth <= columns }, "\(text)")
        #expect(!text.contains("\u{1B}"))
        #expect(chart.text(columns: nil, usesColor: false).contains(label))
        #expect(TopChart(title: "", unit: "", entries: [], total: 0).text(columns: 80, usesColor: false) == "no data\n")
    }

    @Test(
        "shortens labels in their middle",
        arguments: [(5, "ab…hi"), (6, "abc…hi"), (9, "abcdefghi"), (1, "…"), (0, "")] as [(Int, String)])
    func elision(cells: Int, expected: String) {
        #expect("abcdefghi".elided(room: cells) { $0.cellWidth } == expected)
        #expect("日本語".elided(room: 5) { $0.cellWidth } == "日…語")
        #expect("日本語".elided(room: 4) { $0.cellWidth } == "日…")
    }
}
