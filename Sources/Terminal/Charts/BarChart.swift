// Numbers as bars, one a line, to be compared at a glance.

/// A chart of horizontal bars.
package enum BarChart {
    /// A number with its name.
    package struct Bar: Sendable {
        let label: String
        let value: Double
        let text: String

        /// A number, not negative, with its name and the text that is to stand behind the bar.
        package init(_ label: String, _ value: Double, _ text: String) {
            (self.label, self.value, self.text) = (label, value, text)
        }
    }

    private static let barCells = 40
    private static let barCellsMin = 8

    /// The lines of a chart: names, bars in proportion to the largest number, and the numbers.
    ///
    /// - Parameter columns: the cells of a line, which shorten the bars; nil off a terminal.
    package static func text(_ bars: [Bar], columns: Int?) -> String {
        let labels = bars.map { DisplayText.sanitise($0.label) }
        let labelCells = labels.map(\.cellWidth).max() ?? 0
        let textCells = bars.map(\.text.cellWidth).max() ?? 0
        let room = columns.map { $0 - labelCells - textCells - 4 } ?? barCells
        let cells = min(barCells, max(barCellsMin, room))
        let largest = bars.map(\.value).max() ?? 0
        return zip(bars, labels).reduce(into: "") { lines, entry in
            let (bar, label) = entry
            let filled = largest > 0 ? Int((bar.value / largest * Double(cells)).rounded()) : 0
            lines += label + String(repeating: " ", count: labelCells - label.cellWidth + 2)
            lines += String(repeating: "#", count: filled) + String(repeating: " ", count: cells - filled + 2)
            lines += String(repeating: " ", count: textCells - bar.text.cellWidth) + bar.text + "\n"
        }
    }
}
