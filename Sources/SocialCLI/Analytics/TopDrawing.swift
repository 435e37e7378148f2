// What was counted most as SVG: a bar for each thing, with its name before it, and its number and share behind it.

internal import Terminal

/// The drawing of the most counted things.
struct TopDrawing {
    private static let rowHeight = 31.0
    private static let barHeight = 17.0
    private static let labelMax = 320.0
    /// More bars than this are nothing to look at.
    private static let rowsMax = 200

    private let chart: TopChart
    private let rows: ArraySlice<TopChart.Entry>
    private let top: Double
    private let left: Double
    private let numberEnd: Double
    private let right: Double

    init(_ chart: TopChart) {
        self.chart = chart
        rows = chart.entries.prefix(Self.rowsMax)
        top = chart.isStacked ? 106 : 82
        let labels = rows.map { Drawing.width($0.label, size: 13) }.max() ?? 0
        left = ChartSheet.margin + min(labels, Self.labelMax).rounded() + 14
        let shares = rows.compactMap(chart.share).map { Drawing.width($0, size: 12) }.max() ?? 0
        let numbers = rows.map { Drawing.width(ValueAxis.fullName($0.whole), size: 13) }.max() ?? 0
        numberEnd = ChartSheet.right - (shares > 0 ? shares.rounded() + 14 : 0)
        right = numberEnd - numbers.rounded() - 14
    }

    /// The whole document.
    var text: String {
        let more = chart.entries.count - rows.count
        let height = top + Double(max(rows.count, 2)) * Self.rowHeight + (more > 0 ? 20 : 0) + 22
        let first = rows.first.map { "; first \($0.label) with \(ValueAxis.fullName($0.whole))" } ?? ""
        let count = chart.entries.count
        let sheet = ChartSheet(
            title: chart.title, subtitle: chart.subtitle,
            description: "\(chart.unit) of \(count.grouped) thing\(count == 1 ? "" : "s")\(first)", height: height)
        var text = sheet.head
        if rows.isEmpty {
            text += ChartSheet.text("no data", "middle", ChartSheet.width / 2, top + Self.rowHeight)
        }
        for (index, entry) in rows.enumerated() { text += row(entry, at: top + Double(index) * Self.rowHeight) }
        if more > 0 {
            let place = top + Double(rows.count) * Self.rowHeight + 16
            text += ChartSheet.text("and \(more.grouped) more", "faint", ChartSheet.margin, place)
        }
        if chart.isStacked {
            let signs = [(chart.names.value ?? chart.unit, "value"), (chart.names.secondary ?? "others", "secondary")]
            text += ChartSheet.legend(
                signs.map { ChartSheet.Sign(name: $0.0, mark: ChartSheet.swatch($0.1)) }, y: top - 22)
        }
        return text + ChartSheet.tail
    }

    private func row(_ entry: TopChart.Entry, at place: Double) -> String {
        let middle = place + Self.rowHeight / 2
        let number = ValueAxis.fullName(entry.whole)
        let share = chart.share(entry)
        var tip = "\(entry.label): \(number) \(chart.unit)\(share.map { ", \($0)" } ?? "")"
        if chart.isStacked {
            tip += "; \(chart.names.value ?? chart.unit) \(ValueAxis.fullName(entry.value))"
            tip += ", \(chart.names.secondary ?? "others") \(ValueAxis.fullName(entry.secondary))"
        }
        let label = Drawing.fitted(entry.label, width: left - 14 - ChartSheet.margin, size: 13)
        var text = "<g><title>\(Drawing.escaped(tip))</title>"
        text += "<rect class=\"hit\" x=\"\(n(ChartSheet.margin - 10))\" y=\"\(n(place))\" "
        text += "width=\"\(n(ChartSheet.right - ChartSheet.margin + 20))\" height=\"\(n(Self.rowHeight))\" rx=\"4\"/>\n"
        text += ChartSheet.text(label, "strong label", ChartSheet.margin, middle + 4.5)
        text += bar(entry, middle)
        text += ChartSheet.text(number, "strong label end", numberEnd, middle + 4.5)
        if let share { text += ChartSheet.text(share, "end", ChartSheet.right, middle + 4.5) }
        return text + "</g>\n"
    }

    private func bar(_ entry: TopChart.Entry, _ middle: Double) -> String {
        let track = piece("track", from: left, to: right, middle, isEnd: true)
        guard entry.whole > 0, chart.most > 0 else { return track }
        let end = max(left + entry.whole / chart.most * (right - left), left + 2)
        let part = entry.secondary > 0 ? left + entry.value / chart.most * (right - left) : end
        var text = track
        if part > left { text += piece("value", from: left, to: part, middle, isEnd: part == end) }
        if end > part { text += piece("secondary", from: part, to: end, middle, isEnd: true) }
        return text
    }

    /// A part of a bar, whose right corners are round if nothing follows.
    private func piece(_ style: String, from start: Double, to end: Double, _ middle: Double, isEnd: Bool) -> String {
        let round = isEnd ? min(3, (end - start) / 2) : 0
        let (upper, lower) = (middle - Self.barHeight / 2, middle + Self.barHeight / 2)
        var path = "M\(n(start)) \(n(upper))H\(n(end - round))"
        if round > 0 { path += "q\(n(round)) 0 \(n(round)) \(n(round))" }
        path += "V\(n(lower - round))"
        if round > 0 { path += "q0 \(n(round)) \(n(-round)) \(n(round))" }
        return "<path class=\"\(style)\" d=\"\(path)H\(n(start))Z\"/>\n"
    }

    private func n(_ number: Double) -> String { Drawing.number(number) }
}
