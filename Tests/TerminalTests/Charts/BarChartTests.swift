// Bars in proportion, names and numbers in line.

import Terminal
import Testing

@Suite("Bar charts")
struct BarChartTests {
    private let bars = [BarChart.Bar("a", 4, "4.0"), BarChart.Bar("long", 1, "1.25"), BarChart.Bar("日", 0, "")]

    @Test("The longest bar has 40 cells, the others are in proportion")
    func proportion() {
        let lines = BarChart.text(bars, columns: nil).split(separator: "\n")
        #expect(lines.map { $0.count { $0 == "#" } } == [40, 10, 0])
        #expect(lines[0] == "a     \(String(repeating: "#", count: 40))   4.0")
        #expect(lines[1] == "long  ##########\(String(repeating: " ", count: 30))  1.25")
        #expect(lines[2].hasPrefix("日    "))
    }

    @Test("A narrow terminal shortens the bars, but not to nothing", arguments: [(30, 18), (5, 8), (200, 40)])
    func narrow(columns: Int, expected: Int) {
        let lines = BarChart.text(bars, columns: columns).split(separator: "\n")
        #expect(lines[0].count { $0 == "#" } == expected)
    }

    @Test("Nothing has no bars, and names cannot move the cursor")
    func odd() {
        #expect(BarChart.text([], columns: 80) == "")
        #expect(!BarChart.text([BarChart.Bar("\u{1B}[2J", 0, "0")], columns: 80).contains("\u{1B}"))
    }
}
