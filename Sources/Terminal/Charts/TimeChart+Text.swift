// Counts over time drawn with characters: columns of eighths of a block, the period before as a line of dots, and marks
// where days, weeks and months begin.

extension TimeChart {
    /// The lines of the chart: title, numbers worth telling, columns with their axes, and what the signs mean.
    ///
    /// - Parameters:
    ///   - columns: the cells of a line, of which 20 to 300 are used; nil off a terminal.
    ///   - rows: about how many lines the columns take.
    ///   - usesColor: whether to tell the counts apart by colour rather than by character.
    package func text(columns: Int?, rows: Int = 10, usesColor: Bool) -> String {
        TimeChartText(self, cells: min(max(columns ?? 80, 20), 300), rows: min(max(rows, 2), 60), usesColor).text
    }
}

/// The drawing of a chart with characters.
private struct TimeChartText {
    private let chart: TimeChart
    private let usesColor: Bool
    private let cells: Int
    private let columns: [TimeChart.Column]
    private let axis: ValueAxis
    private let labels: [String]
    /// The cells before those of the columns: a name, a blank, the axis.
    private let gutter: Int
    /// The cells and lines of the columns.
    private let width: Int
    private let height: Int
    private let rowsOfStep: Int

    init(_ chart: TimeChart, cells: Int, rows: Int, _ usesColor: Bool) {
        (self.chart, self.cells, self.usesColor) = (chart, cells, usesColor)
        // The names of the values and the number of columns depend on each other: a first guess is good enough.
        let guess = chart.axis(chart.columns(most: cells - 8), stepsMax: max(1, rows / 2))
        let guessed = guess.marks.map(ValueAxis.name).map(\.cellWidth).max() ?? 1
        columns = chart.columns(most: max(4, cells - guessed - 2))
        axis = chart.axis(columns, stepsMax: max(1, rows / 2))
        labels = axis.marks.map(ValueAxis.name)
        gutter = (labels.map(\.cellWidth).max() ?? 1) + 2
        width = max(4, cells - gutter)
        rowsOfStep = max(1, Int((Double(rows) / Double(axis.steps)).rounded()))
        height = rowsOfStep * axis.steps
    }

    var text: String {
        guard !chart.points.isEmpty else { return head + "no data\n" }
        return head + plot + legend
    }

    // MARK: Places

    /// The cells of a column, and how many of them its bar takes.
    private func place(_ index: Int) -> (start: Int, bar: Int) {
        let slot = min(width / max(columns.count, 1), 9)
        if slot >= 3 { return (index * slot, slot - 1) }
        let start = index * width / columns.count
        return (start, (index + 1) * width / columns.count - start)
    }

    private func middle(_ index: Int) -> Double {
        let (start, bar) = place(index)
        return Double(start) + Double(bar) / 2
    }

    /// The cells that the columns take together.
    private var used: Int {
        let (start, bar) = place(columns.count - 1)
        return start + bar
    }

    // MARK: Parts

    private var head: String {
        var text = ""
        func line(_ line: String, _ style: Style) {
            if !line.isEmpty { text += style.apply(line.truncated(toCells: cells), isEnabled: usesColor) + "\n" }
        }
        line(chart.title, .bold)
        line(chart.subtitle, .dim)
        let facts = chart.facts.map { fact in
            let short = "\(fact.name) \(fact.text)"
            let long = "\(short) (\(fact.detail))"
            return (fact.detail.isEmpty || long.cellWidth > cells ? short : long).truncated(toCells: cells)
        }
        text += Self.wrapped(facts, separator: " · ", cells: cells)
        return text.isEmpty ? "" : text + "\n"
    }

    private var plot: String {
        var grid = CellGrid(columns: gutter + max(width, used), rows: height + 3)
        for step in 0...axis.steps {
            let row = height - step * rowsOfStep
            let label = labels[step]
            grid.write(label, at: gutter - 2 - label.cellWidth, row, .dim)
            if step == 0 { continue }
            for column in 0..<used { grid.set(gutter + column, row, "┈", .dim) }
        }
        for row in 0..<height { grid.set(gutter - 1, row, "│", .dim) }
        for step in 1...axis.steps { grid.set(gutter - 1, height - step * rowsOfStep, "┤", .dim) }
        grid.set(gutter - 1, height, "┼", .dim)
        for column in 0..<used { grid.set(gutter + column, height, "─", .dim) }
        drawColumns(&grid)
        drawPrevious(&grid)
        drawTimes(&grid)
        return grid.text(usesColor: usesColor)
    }

    private func drawTimes(_ grid: inout CellGrid) {
        let times = columns.map(\.point.time)
        // A name may begin below the names of the values.
        let room = TimeAxis.Room(Double(1 - gutter)...Double(max(width, used)), gap: 2) { Double($0.cellWidth) }
        let middles = columns.indices.map { Double(Int(middle($0))) + 0.5 }
        let marks = TimeAxis(times, places: middles, room: room)
        for mark in marks.marks {
            grid.set(gutter + Int(middle(mark.index)), height, "┬", .dim)
            grid.write(mark.name, at: gutter + Int(mark.start.rounded(.down)), height + 1)
        }
        for mark in marks.contexts {
            grid.write(mark.name, at: gutter + Int(mark.start.rounded(.down)), height + 2, .dim)
        }
    }

    // MARK: Columns

    private func drawColumns(_ grid: inout CellGrid) {
        var before = 0
        for (index, column) in columns.enumerated() {
            let (start, bar) = place(index)
            let rows = (Eighths.filled((column.point.whole ?? 0) / axis.top, cells: height) + 7) / 8
            // No line of the grid shows between two columns.
            if index > 0, place(index - 1).start + place(index - 1).bar < start {
                for row in 0..<min(before, rows) { grid.set(gutter + start - 1, height - 1 - row, " ") }
            }
            before = rows
            guard let value = column.point.value, let whole = column.point.whole else {
                for cell in 0..<bar { grid.set(gutter + start + cell, height - 1, "·", .dim) }
                continue
            }
            let filled = Eighths.filled(whole / axis.top, cells: height)
            let first = column.point.secondary > 0 ? Eighths.filled(value / axis.top, cells: height) : filled
            for row in 0..<height {
                guard let cell = cell(first: first - row * 8, all: filled - row * 8) else { break }
                for offset in 0..<bar {
                    grid.set(gutter + start + offset, height - 1 - row, cell.character, cell.style)
                }
            }
        }
    }

    /// A cell of a column, of which the first count and both together reach so many eighths above its foot.
    private func cell(first: Int, all: Int) -> (character: Character, style: Style)? {
        if all <= 0 { return nil }
        if first >= all || first >= 8 { return (Eighths.up[min(first, 8)], .chartValue) }
        if !usesColor {
            // Without colours a cell is of one kind: that which fills more of it.
            if first >= 4 || min(all, 8) - max(first, 0) < 3 { return first > 0 ? (Eighths.up[8], .chartValue) : nil }
            return (Eighths.shade, .chartSecondary)
        }
        if first <= 0 { return (Eighths.up[min(all, 8)], .chartSecondary) }
        if all >= 8 { return (Eighths.up[first], .chartValue.and(.onYellow)) }
        return (Eighths.up[all], first * 2 >= all ? .chartValue : .chartSecondary)
    }

    private func drawPrevious(_ grid: inout CellGrid) {
        guard chart.isCompared else { return }
        var canvas = DotCanvas(columns: width, rows: height)
        var last: (x: Int, y: Int)?
        for (index, column) in columns.enumerated() {
            guard let previous = column.point.previous else {
                last = nil
                continue
            }
            let x = Int(middle(index) * 2)
            let dot = (x: x, y: Int((previous / axis.top * Double(canvas.height - 1)).rounded()))
            canvas.line(from: last ?? dot, to: dot)
            last = dot
        }
        for row in 0..<height {
            for column in 0..<width {
                guard let character = canvas.character(column: column, row: row) else { continue }
                let line = height - 1 - row
                let style = grid.ground(gutter + column, line).map { Style.bold.and($0) } ?? .magenta
                grid.set(gutter + column, line, character, style)
            }
        }
    }

    // MARK: What the signs mean

    private var legend: String {
        var entries: [String] = []
        func entry(_ sign: String, _ style: Style, _ name: String) {
            entries.append("\(style.apply(sign, isEnabled: usesColor)) \(name.truncated(toCells: cells - 4))")
        }
        if chart.isStacked || chart.isCompared || chart.names.value != nil {
            entry("█", .chartValue, chart.names.value ?? chart.unit)
        }
        if chart.isStacked {
            entry(usesColor ? "█" : String(Eighths.shade), .chartSecondary, chart.names.secondary ?? "others")
        }
        if chart.isCompared { entry("⠒⠒", .magenta, chart.names.previous ?? "the period before") }
        if chart.hasGaps { entry("·", .dim, "no data") }
        if let note = chart.note(columns) {
            entries.append(Style.dim.apply(note.truncated(toCells: cells), isEnabled: usesColor))
        }
        return entries.isEmpty ? "" : Self.wrapped(entries, separator: "   ", cells: cells)
    }

    /// Pieces one behind the other, on as many lines as they need.
    private static func wrapped(_ pieces: [String], separator: String, cells: Int) -> String {
        var text = ""
        var used = 0
        for piece in pieces {
            let width = piece.visibleWidth
            if used > 0, used + separator.cellWidth + width > cells {
                text += "\n"
                used = 0
            }
            if used > 0 {
                text += separator
                used += separator.cellWidth
            }
            text += piece
            used += width
        }
        return text.isEmpty ? "" : text + "\n"
    }
}

extension CellGrid {
    /// The ground that keeps a full cell of a column visible below a dot.
    fileprivate func ground(_ column: Int, _ row: Int) -> Style? {
        switch style(column, row) {
        case .chartValue: .onCyan
        case .chartSecondary: .onYellow
        default: nil
        }
    }
}

extension String {
    /// The cells of a text with styles in it.
    fileprivate var visibleWidth: Int {
        var width = 0
        var rest = self[...]
        while let escape = rest.firstIndex(of: "\u{1B}") {
            width += String(rest[..<escape]).cellWidth
            let end = rest[escape...].firstIndex(of: "m") ?? rest.index(before: rest.endIndex)
            rest = rest[rest.index(after: end)...]
        }
        return width + String(rest).cellWidth
    }
}
