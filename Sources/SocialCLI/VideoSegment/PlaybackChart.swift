// A playing drawn with characters: a line for each quality, one for the buffer, one for the stalls.

internal import SocialCore
internal import Terminal

extension PlaybackTimeline {
    private static let columnsUsual = 80
    private static let columnsMin = 40

    /// The lines of the chart.
    ///
    /// - Parameter columns: the cells of a line; nil off a terminal.
    func chart(columns: Int?) -> String {
        let labels = film.bitrates.map { "\(Drawing.number($0))k" }
        let labelCells = max(labels.map(\.cellWidth).max() ?? 0, "buffer".count)
        let cells = max(Self.columnsMin, columns ?? Self.columnsUsual) - labelCells - 1
        let step = end / Double(cells)
        let qualities = qualities(cells, step)
        var text = ""
        func line(_ label: String, _ body: String) { text += Drawing.line(label, cells: labelCells, body) }
        for quality in labels.indices.reversed() {
            line(labels[quality], String(qualities.map { $0 == quality ? "█" : " " }))
        }
        line("buffer", buffer(cells, step))
        line("stalls", stalls(cells, step))
        line("", Drawing.axis(seconds: end / 1_000, cells: cells))
        return text
    }

    /// The quality that is shown in the middle of each cell.
    private func qualities(_ cells: Int, _ step: Double) -> [Int?] {
        let shown = shown
        var index = 0
        return (0..<cells).map { cell in
            let time = (Double(cell) + 0.5) * step
            while index < shown.count, shown[index].upperBound <= time { index += 1 }
            guard index < shown.count, shown[index].contains(time) else { return nil }
            return outcome.segments[index].quality
        }
    }

    /// How full the buffer is in the middle of each cell, against the fullest.
    private func buffer(_ cells: Int, _ step: Double) -> String {
        let blocks: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        let points = levels
        let most = max(points.map(\.level).max() ?? 0, 1)
        var index = 0
        return String(
            (0..<cells).map { cell in
                let time = (Double(cell) + 0.5) * step
                while index + 1 < points.count, points[index + 1].time <= time { index += 1 }
                let level = max(0, points[index].level - (time - points[index].time))
                return blocks[Int((level / most * Double(blocks.count - 1)).rounded(.up))]
            })
    }

    /// A mark for each cell in which the player stood still; the start has another.
    private func stalls(_ cells: Int, _ step: Double) -> String {
        var marks = [Character](repeating: " ", count: cells)
        for gap in gaps {
            let last = min(cells - 1, Int((gap.upperBound / step).rounded(.up)) - 1)
            for cell in Int(gap.lowerBound / step)...last { marks[cell] = gap.lowerBound == 0 ? "·" : "×" }
        }
        return String(marks)
    }
}
