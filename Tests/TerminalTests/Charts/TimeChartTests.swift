// Counts over time, cell for cell where it is short, and by their properties where it is long.

import Terminal
import Testing

@Suite("A chart over time")
struct TimeChartTests {
    private func chart(
        _ points: [TimeChart.Point], names: TimeChart.Names = .init(), merging: TimeChart.Merging = .mean,
        total: TimeChart.Total = .sum
    ) -> TimeChart {
        TimeChart(
            title: "cat", unit: "views", interval: "hour", points: points, names: names, merging: merging, total: total)
    }

    private func hours(_ values: [Double?]) -> [TimeChart.Point] {
        values.enumerated().map { TimeChart.Point(.hours($0 + 24), $1) }
    }

    @Test("draws columns between round marks, and tells nothing from zero")
    func columns() {
        let text = chart(hours([4, 1, 0, nil, 3.5])).text(columns: 40, rows: 4, usesColor: false)
        let expected = [
            "cat", "total 8.5", "peak 4 (Fri 2 Jan 2026 00:00)", "mean 2.13", "",
            "4 ┤██████┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈▄▄▄▄▄▄", "  │██████                      ██████",
            "2 ┤██████┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈██████", "  │██████ ██████        ······ ██████",
            "0 ┼───┬──────┬──────┬──────┬──────┬──", "    00:00  01:00  02:00  03:00  04:00",
            "    Fri 2 Jan 2026", "· no data", "",
        ]
        #expect(text.lines == expected)
    }

    @Test("is as wide as it may be, and never wider", arguments: [20, 21, 40, 79, 80, 120, 300])
    func width(columns: Int) {
        for count in [0, 1, 2, 5, 24, 30, 168, 1_000, 10_000] {
            let points = (0..<count).map { index in
                let value = index % 13 == 5 ? nil : Double(index * 7_919 % 1_000)
                return TimeChart.Point(
                    .hours(index), value, secondary: Double(index % 9), previous: Double(index % 400))
            }
            let text = chart(points, names: .init(value: "people", secondary: "bots")).text(
                columns: columns, usesColor: false)
            let widths = text.lines.map(\.cellWidth)
            #expect(widths.allSatisfy { $0 <= columns }, "\(count) points: \(widths.max() ?? 0)")
            if count >= columns { #expect(widths.contains(columns), "\(count) points") }
            #expect(text.lines.allSatisfy { !$0.hasSuffix(" ") })
        }
    }

    @Test("says the same with colour and without, but for the second count")
    func color() {
        let points = (0..<24).map { TimeChart.Point(.hours($0), Double($0), previous: Double(24 - $0)) }
        let plain = chart(points).text(columns: 80, usesColor: false)
        let colored = chart(points).text(columns: 80, usesColor: true)
        #expect(colored != plain)
        #expect(colored.unstyled == plain)
        #expect(!plain.contains("\u{1B}"))
    }

    @Test("stacks a second count in another shade")
    func stacked() {
        let points = [TimeChart.Point(.hours(0), 4, secondary: 4), TimeChart.Point(.hours(1), 8)]
        let text = chart(points, names: .init(value: "people", secondary: "bots")).text(
            columns: 40, rows: 8, usesColor: false)
        let rows = text.lines.filter { $0.contains("┤") || $0.contains("│") }
        #expect(rows.map { Array($0)[3] } == ["░", "░", "░", "░", "█", "█", "█", "█"])
        #expect(rows.map { Array($0)[12] }.allSatisfy { $0 == "█" })
        #expect(text.hasSuffix("█ people   ░ bots\n"))
    }

    @Test("draws the period before as dots, also over columns")
    func previous() {
        let points = (0..<10).map { TimeChart.Point(.hours($0), 8, previous: Double($0)) }
        let text = chart(points, names: .init(previous: "the day before")).text(columns: 60, usesColor: false)
        #expect(text.contains { "⠀"..."⣿" ~= $0 && $0 != "⠒" })
        #expect(text.contains("⠒⠒ the day before"))
    }

    @Test("draws too many points as their means, sums or largest")
    func merging() {
        let points = hours([1, 3, 5, nil, 7, 9])
        func values(_ merging: TimeChart.Merging) -> [Double?] {
            chart(points, merging: merging).columns(most: 3).map(\.point.value)
        }
        #expect(values(.mean) == [2, 5, 8])
        #expect(values(.sum) == [4, 5, 16])
        #expect(values(.largest) == [3, 5, 9])
        let columns = chart(points).columns(most: 3)
        #expect(columns.map(\.most) == [3, 5, 9])
        #expect(chart(points).note(columns) == "a column is the mean of 2 hours")
        #expect(chart(points).note(chart(points).columns(most: 4)) == "a column is the mean of 1–2 hours")
        #expect(chart(points).note(chart(points).columns(most: 6)) == nil)
        for count in [7, 100, 1_001] {
            for merging in [TimeChart.Merging.mean, .sum, .largest] {
                let ranges = chart(hours(Array(repeating: 1, count: count)), merging: merging).columns(most: 6).map(
                    \.range)
                #expect(ranges.count <= 6 && ranges.first?.lowerBound == 0 && ranges.last?.upperBound == count)
                #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
            }
        }
    }

    @Test("tells total, peak and mean of what is known")
    func facts() {
        let facts = chart(hours([1, nil, 6, 6, 2])).facts
        #expect(facts.map(\.name) == ["total", "peak", "mean"])
        #expect(facts.map(\.text) == ["15", "6", "3.75"])
        #expect(facts[1].detail == "Fri 2 Jan 2026 02:00")
        #expect(chart(hours([1, 2]), total: .none).facts.map(\.name) == ["peak", "mean"])
        #expect(chart(hours([1, 2]), total: .known(2)).facts[0].text == "2")
        #expect(chart(hours([nil])).facts.isEmpty)
    }

    @Test("lets no text move the cursor")
    func hostile() {
        let chart = TimeChart(
            title: "\u{1B}[2J\n日本", subtitle: "\u{202E}x", unit: "\u{7}", interval: "\r", points: hours([1, 2]),
            names: .init(value: "\u{1B}]0;x\u{7}", secondary: "\u{9B}"))
        for usesColor in [false, true] {
            let text = chart.text(columns: 40, usesColor: usesColor).unstyled
            #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7F...0x9F ~= $0.value) })
            #expect(!text.contains("\u{202E}"))
        }
    }

    @Test(
        "bears numbers of any size",
        arguments: [Double.infinity, -.infinity, .nan, 1e308, .leastNormalMagnitude, -1, .greatestFiniteMagnitude])
    func extremes(value: Double) {
        let points = [TimeChart.Point(.hours(0), value, secondary: value, previous: value), .init(.hours(1), 1)]
        let text = chart(points).text(columns: 60, usesColor: false)
        #expect(text.lines.allSatisfy { $0.cellWidth <= 60 })
    }
}
