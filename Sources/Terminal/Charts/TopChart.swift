// What was counted most, as bars with numbers and shares: drawn with characters here, as a picture elsewhere.

/// The most counted things, the first the largest.
package struct TopChart: Sendable {
    /// A thing and its counts.
    package struct Entry: Sendable {
        /// Its name, safe to show.
        package let label: String
        /// Its count.
        package let value: Double
        /// What is counted beside it and drawn behind it, such as bots.
        package let secondary: Double

        /// Makes an entry; the label may be a stranger's, and a number that is negative or not finite is nothing.
        package init(_ label: String, _ value: Double, secondary: Double = 0) {
            self.label = DisplayText.sanitise(label)
            self.value = value.isFinite ? min(max(value, 0), 1e300) : 0
            self.secondary = secondary.isFinite ? min(max(secondary, 0), 1e300) : 0
        }

        /// Both counts.
        package var whole: Double { value + secondary }
    }

    /// What stands above.
    package let title: String
    /// What stands below the title; may be empty.
    package let subtitle: String
    /// What is counted, in the plural.
    package let unit: String
    /// The entries, as they are to stand.
    package let entries: [Entry]
    /// What the counts are called.
    package let names: TimeChart.Names
    private let total: Double?

    /// Makes a chart; texts may be a stranger's.
    ///
    /// - Parameter total: what all things count together, also those that are not among the entries; nil shows no
    ///   shares.
    package init(
        title: String, subtitle: String = "", unit: String, entries: [Entry],
        names: TimeChart.Names = TimeChart.Names(), total: Double?
    ) {
        self.title = DisplayText.sanitise(title)
        self.subtitle = DisplayText.sanitise(subtitle)
        self.unit = DisplayText.sanitise(unit)
        self.entries = entries
        self.names = names
        self.total = total
    }

    /// Whether a second count is drawn behind the first.
    package var isStacked: Bool { names.secondary != nil || entries.contains { $0.secondary > 0 } }
    /// The largest count.
    package var most: Double { entries.map(\.whole).max() ?? 0 }

    /// The part of all that a thing has: `12.3%`; nil when that is not known.
    package func share(_ entry: Entry) -> String? {
        guard let total, total > 0 else { return nil }
        let tenths = Int((min(entry.whole / total, 1) * 1_000).rounded())
        if tenths == 0, entry.whole > 0 { return "<0.1%" }
        return "\(tenths / 10).\(tenths % 10)%"
    }
}

// MARK: - With characters

extension TopChart {
    /// The lines of the chart: title, a bar a line, and what the colours mean.
    ///
    /// - Parameters:
    ///   - columns: the cells of a line, of which 20 to 300 are used; nil off a terminal, where no label is cut.
    ///   - usesColor: whether to tell the counts apart by colour rather than by character.
    package func text(columns: Int?, usesColor: Bool) -> String {
        let cells = min(max(columns ?? 100, 20), 300)
        var text = ""
        func line(_ line: String, _ style: Style) {
            if !line.isEmpty { text += style.apply(line.truncated(toCells: cells), isEnabled: usesColor) + "\n" }
        }
        line(title, .bold)
        line(subtitle, .dim)
        if !text.isEmpty { text += "\n" }
        guard !entries.isEmpty else { return text + "no data\n" }
        let numbers = entries.map { ValueAxis.fullName($0.whole) }
        let shares = entries.map { share($0) ?? "" }
        let numberCells = numbers.map(\.cellWidth).max() ?? 0
        let shareCells = shares.map(\.cellWidth).max() ?? 0
        let behind = 2 + numberCells + (shareCells > 0 ? 2 + shareCells : 0)
        // Labels get what they need, but at most half of what the numbers leave; the bars get the rest.
        let room = max(cells - behind - 2, 8)
        let longest = entries.map(\.label.cellWidth).max() ?? 0
        let labelCells = columns == nil ? longest : min(longest, max(4, room / 2))
        let barCells = max(4, min(room - labelCells, 60))
        for (index, entry) in entries.enumerated() {
            let label = entry.label.elided(room: labelCells) { $0.cellWidth }
            text += label + String(repeating: " ", count: labelCells - label.cellWidth + 2)
            text += bar(entry, cells: barCells, usesColor) + "  "
            text += String(repeating: " ", count: numberCells - numbers[index].cellWidth) + numbers[index]
            if shareCells > 0 {
                let indent = String(repeating: " ", count: shareCells - shares[index].cellWidth + 2)
                text += Style.dim.apply(indent + shares[index], isEnabled: usesColor)
            }
            text += "\n"
        }
        return text + legend(usesColor)
    }

    private func bar(_ entry: Entry, cells: Int, _ usesColor: Bool) -> String {
        let all = most > 0 ? Eighths.filled(entry.whole / most, cells: cells) : 0
        let first = most > 0 && entry.secondary > 0 ? Eighths.filled(entry.value / most, cells: cells) : all
        var grid = CellGrid(columns: cells, rows: 1)
        for column in 0..<cells {
            let (first, all) = (first - column * 8, all - column * 8)
            if all <= 0 { break }
            if first >= all || first >= 8 {
                grid.set(column, 0, Eighths.right[min(first, 8)], .chartValue)
            } else if !usesColor {
                grid.set(column, 0, first >= 4 ? Eighths.right[8] : Eighths.shade)
            } else if first <= 0 {
                grid.set(column, 0, Eighths.right[min(all, 8)], .chartSecondary)
            } else if all >= 8 {
                grid.set(column, 0, Eighths.right[first], .chartValue.and(.onYellow))
            } else {
                grid.set(column, 0, Eighths.right[all], first * 2 >= all ? .chartValue : .chartSecondary)
            }
        }
        let used = (all + 7) / 8
        return String(grid.text(usesColor: usesColor).dropLast()) + String(repeating: " ", count: cells - used)
    }

    private func legend(_ usesColor: Bool) -> String {
        guard isStacked else { return "" }
        let shade = usesColor ? "█" : String(Eighths.shade)
        return "\n" + Style.chartValue.apply("█", isEnabled: usesColor) + " \(names.value ?? unit)   "
            + Style.chartSecondary.apply(shade, isEnabled: usesColor) + " \(names.secondary ?? "others")\n"
    }
}

extension String {
    /// The text, shortened in its middle by `…` so that it takes at most so much room; no character is cut apart.
    ///
    /// The end of a name tells as much as its beginning: `posts/17…/likes`.
    package func elided<Room: Comparable & AdditiveArithmetic>(
        room: Room, width: (Character) -> Room
    ) -> String {
        let characters = Array(self)
        let widths = characters.map(width)
        if widths.reduce(.zero, +) <= room { return self }
        var left = 0
        var right = 0
        var used = width("…")
        // From both ends in turn, until the next character has no room.
        while left + right < characters.count {
            let takesLeft = left <= right
            let next = takesLeft ? widths[left] : widths[characters.count - 1 - right]
            if used + next > room { break }
            used += next
            if takesLeft { left += 1 } else { right += 1 }
        }
        if used > room { return "" }
        return String(characters[..<left]) + "…" + String(characters[(characters.count - right)...])
    }
}
