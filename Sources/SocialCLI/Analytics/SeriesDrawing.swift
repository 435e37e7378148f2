// Counts over time as SVG: few points as columns, many as areas under a line, the period before as a dashed line. Hours
// without data are hatched, and every column tells its numbers when one points at it; there are no scripts.

internal import Terminal

/// The drawing of counts over time.
struct SeriesDrawing {
    private static let height = 440.0
    private static let top = 116.0
    private static let bottom = 380.0
    /// Columns narrower than this are drawn as an area.
    private static let barMin = 6.0
    private static let barMax = 48.0
    /// More columns than this cannot be told apart, and would make the file large.
    private static let columnsMax = 420

    private let chart: TimeChart
    private let columns: [TimeChart.Column]
    private let axis: ValueAxis
    private let labels: [String]
    private let left: Double
    /// The pixels of a column, and those of its bar.
    private let slot: Double
    private let bar: Double

    init(_ chart: TimeChart) {
        self.chart = chart
        columns = chart.columns(most: Self.columnsMax)
        axis = chart.axis(columns, stepsMax: 5, showsMost: true)
        labels = axis.marks.map(ValueAxis.name)
        left = ChartSheet.margin + (labels.map { Drawing.width($0, size: 12) }.max() ?? 0).rounded() + 8
        slot = (ChartSheet.right - left) / Double(max(columns.count, 1))
        bar = min(slot >= 12 ? slot * 0.74 : slot - 1, Self.barMax)
    }

    /// The whole document.
    var text: String {
        let sheet = ChartSheet(
            title: chart.title, subtitle: chart.subtitle, description: description, height: Self.height,
            facts: chart.facts)
        guard !columns.isEmpty else {
            let middle = (Self.top + Self.bottom) / 2
            return sheet.head + ChartSheet.text("no data", "middle", ChartSheet.width / 2, middle) + ChartSheet.tail
        }
        let parts = [sheet.head, grid, gaps, isArea ? areas : "", slots, previous, times, legend]
        return parts.reduce("", +) + ChartSheet.tail
    }

    private var isArea: Bool { slot < Self.barMin }
    /// Whether columns are means, above which there are larger numbers.
    private var hasSpan: Bool {
        isArea && columns.contains { ($0.most ?? 0) > ($0.point.whole ?? 0) * (1 + 1e-9) }
    }

    private var description: String {
        guard let first = chart.points.first, let last = chart.points.last else { return "no data" }
        let facts = chart.facts.map { "\($0.name) \($0.text)\($0.detail.isEmpty ? "" : " (\($0.detail))")" }
        let span = "from \(first.time.name(chart.precision)) to \(last.time.name(chart.precision))"
        let count = chart.points.count
        return "\(chart.unit) in \(count.grouped) \(chart.interval)\(count == 1 ? "" : "s") \(span)"
            + facts.reduce("") { "\($0); \($1)" }
    }

    // MARK: Places

    private func x(_ index: Int) -> Double { left + (Double(index) + 0.5) * slot }

    private func y(_ value: Double) -> Double { Self.bottom - value / axis.top * (Self.bottom - Self.top) }

    private func n(_ number: Double) -> String { Drawing.number(number) }

    // MARK: Around the counts

    private var grid: String {
        var text = ""
        for (mark, label) in zip(axis.marks, labels) {
            let place = n(y(mark).rounded(.down) + 0.5)
            text +=
                "<path class=\"\(mark == 0 ? "base" : "grid")\" d=\"M\(n(left)) \(place)H\(n(ChartSheet.right))\"/>\n"
            text += ChartSheet.text(label, "end", left - 8, y(mark) + 4)
        }
        let what = [chart.unit, chart.note(columns) ?? ""].filter { !$0.isEmpty }.joined(separator: " · ")
        return text + ChartSheet.text(what, "faint", ChartSheet.margin, Self.top - 22)
    }

    private var times: String {
        let room = TimeAxis.Room(ChartSheet.margin...ChartSheet.right + 16, gap: 14) { Drawing.width($0, size: 12) }
        let marks = TimeAxis(columns.map(\.point.time), places: columns.indices.map(x), room: room)
        var text = ""
        for mark in marks.marks {
            let middle = mark.start + Drawing.width(mark.name, size: 12) / 2
            text += "<path class=\"base\" d=\"M\(n(x(mark.index))) \(n(Self.bottom + 1))v5\"/>\n"
            text += ChartSheet.text(mark.name, "middle", middle, Self.bottom + 21)
        }
        for mark in marks.contexts {
            let name = marks.marks.first { $0.index == mark.index }
            // Both lines begin at the same place, though the width of the upper is only guessed.
            let isBelow = name.map { $0.start == mark.start } ?? false
            let middle = isBelow ? x(mark.index) : mark.start + Drawing.width(mark.name, size: 12) / 2
            let half = Drawing.width(mark.name, size: 12) / 2
            let place = min(max(middle, ChartSheet.margin + half), ChartSheet.right + 16 - half)
            text += ChartSheet.text(mark.name, "middle faint", place, Self.bottom + 38)
        }
        return text
    }

    private var legend: String {
        var signs: [ChartSheet.Sign] = []
        let line: (Double, Double) -> String = {
            "<path class=\"previous\" d=\"M\(n($0)) \(n($1))h16\"/>\n"
        }
        if chart.isStacked || chart.isCompared || hasSpan || chart.names.value != nil {
            signs.append(.init(name: chart.names.value ?? chart.unit, mark: ChartSheet.swatch("value")))
        }
        if chart.isStacked {
            signs.append(.init(name: chart.names.secondary ?? "others", mark: ChartSheet.swatch("secondary")))
        }
        if hasSpan {
            signs.append(.init(name: "largest \(chart.interval)", mark: ChartSheet.swatch("value span")))
        }
        if chart.isCompared {
            signs.append(.init(name: chart.names.previous ?? "the period before", mark: line))
        }
        if chart.hasGaps { signs.append(.init(name: "no data", mark: ChartSheet.swatch("gap"))) }
        return ChartSheet.legend(signs, y: Self.top - 26)
    }

    /// What a column tells when one points at it.
    private func tip(_ column: TimeChart.Column) -> String {
        var text = column.point.time.name(chart.precision)
        if column.range.count > 1 {
            text += " – " + chart.points[column.range.upperBound - 1].time.name(chart.precision)
        }
        guard let value = column.point.value, let whole = column.point.whole else { return text + ": no data" }
        text += ": \(ValueAxis.fullName(whole)) \(chart.unit)"
        if chart.isStacked {
            text += ", \(chart.names.value ?? chart.unit) \(ValueAxis.fullName(value))"
            text += ", \(chart.names.secondary ?? "others") \(ValueAxis.fullName(column.point.secondary))"
        }
        if column.range.count > 1, let most = column.most { text += ", at most \(ValueAxis.fullName(most))" }
        if let previous = column.point.previous {
            text += "; \(chart.names.previous ?? "before"): \(ValueAxis.fullName(previous))"
        }
        return text
    }

    // MARK: Counts

    /// The columns without data that follow each other, hatched.
    private var gaps: String {
        runs { $0.point.value == nil }.reduce(into: "") { text, run in
            let (from, to) = (left + Double(run.lowerBound) * slot, left + Double(run.upperBound) * slot)
            text += "<rect class=\"gap\" x=\"\(n(from))\" y=\"\(n(Self.top))\" width=\"\(n(to - from))\" "
            text += "height=\"\(n(Self.bottom - Self.top))\"/>\n"
        }
    }

    /// Stretches of neighbouring columns of which something is true.
    private func runs(_ isIn: (TimeChart.Column) -> Bool) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for (index, column) in columns.enumerated() where isIn(column) {
            if let last = runs.last, last.upperBound == index {
                runs[runs.count - 1] = last.lowerBound..<index + 1
            } else {
                runs.append(index..<index + 1)
            }
        }
        return runs
    }

    /// For each column what one can point at, and its bar where there is room for it.
    private var slots: String {
        columns.indices.reduce(into: "") { text, index in
            let column = columns[index]
            text += "<g><title>\(Drawing.escaped(tip(column)))</title>"
            text += "<rect class=\"hit\" x=\"\(n(x(index) - slot / 2))\" y=\"\(n(Self.top))\" width=\"\(n(slot))\" "
            text += "height=\"\(n(Self.bottom - Self.top))\"/>"
            if !isArea { text += bars(index, column.point) }
            text += "</g>\n"
        }
    }

    private func bars(_ index: Int, _ point: TimeChart.Point) -> String {
        guard let value = point.value, let whole = point.whole, whole > 0 else { return "" }
        // What is there is seen, however little it is.
        let upper = min(y(whole), Self.bottom - 1.5)
        let middle = point.secondary > 0 ? y(value) : upper
        var text = value > 0 ? block(index, from: Self.bottom, to: middle, "value", isTop: middle == upper) : ""
        if point.secondary > 0, middle > upper {
            text += block(index, from: middle, to: upper, "secondary", isTop: true)
        }
        return text
    }

    /// A part of a bar, whose upper corners are round if nothing stands on it.
    private func block(_ index: Int, from lower: Double, to upper: Double, _ style: String, isTop: Bool) -> String {
        let (start, end) = (x(index) - bar / 2, x(index) + bar / 2)
        let round = isTop ? min(3, bar / 3, (lower - upper) / 2) : 0
        var path = "M\(n(start)) \(n(lower))V\(n(upper + round))"
        if round > 0 { path += "q0 \(n(-round)) \(n(round)) \(n(-round))" }
        path += "H\(n(end - round))"
        if round > 0 { path += "q\(n(round)) 0 \(n(round)) \(n(round))" }
        return "<path class=\"\(style)\" d=\"\(path)V\(n(lower))Z\"/>"
    }

    private var areas: String {
        let known = runs { $0.point.value != nil }
        func whole(_ index: Int) -> Double { columns[index].point.whole ?? 0 }
        func value(_ index: Int) -> Double { columns[index].point.value ?? 0 }
        return known.reduce(into: "") { text, run in
            if hasSpan { text += area(run, { columns[$0].most ?? 0 }, above: whole, "value span") }
            if chart.isStacked { text += area(run, whole, above: value, "secondary area") }
            text += area(run, value, above: { _ in 0 }, "value area")
            if chart.isStacked { text += "<path class=\"edge upper\" d=\"\(line(run, whole))\"/>\n" }
            text += "<path class=\"edge\" d=\"\(line(run, value))\"/>\n"
        }
    }

    /// What lies between two lines; that of a single column has a width nevertheless.
    private func area(
        _ run: Range<Int>, _ upper: (Int) -> Double, above lower: (Int) -> Double, _ style: String
    ) -> String {
        let there = line(run, upper)
        let back = ends(run, lower).reversed().reduce("") { $0 + "L\(n($1.x)) \(n($1.y))" }
        return "<path class=\"\(style)\" d=\"\(there)\(back)Z\"/>\n"
    }

    private func line(_ run: Range<Int>, _ value: (Int) -> Double) -> String {
        ends(run, value).reduce(into: "") { $0 += "\($0.isEmpty ? "M" : "L")\(n($1.x)) \(n($1.y))" }
    }

    /// The points of a line; those of an area begin and end at the edges of its outer columns.
    private func ends(_ run: Range<Int>, _ value: (Int) -> Double) -> [(x: Double, y: Double)] {
        let middles = run.map { (x: x($0), y: y(value($0))) }
        guard isArea || run.count == 1 else { return middles }
        let (first, last) = (run.lowerBound, run.upperBound - 1)
        return [(x(first) - slot / 2, y(value(first)))] + middles
            + [(x(last) + slot / 2, y(value(last)))]
    }

    private var previous: String {
        runs { $0.point.previous != nil }.reduce(into: "") { text, run in
            let path = line(run) { columns[$0].point.previous ?? 0 }
            // A halo keeps the line apart from what it crosses.
            text += "<path class=\"halo\" d=\"\(path)\"/><path class=\"previous\" d=\"\(path)\"/>\n"
        }
    }
}
