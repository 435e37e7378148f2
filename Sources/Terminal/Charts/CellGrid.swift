// A rectangle of cells in styles, and the eighths of a block that charts are made of.

/// Cells of a chart, each a character of one cell.
struct CellGrid {
    private var lines: [[(character: Character, style: Style?)]]

    init(columns: Int, rows: Int) {
        lines = Array(repeating: Array(repeating: (" ", nil), count: columns), count: rows)
    }

    /// Sets a cell; what lies outside is left out.
    mutating func set(_ column: Int, _ row: Int, _ character: Character, _ style: Style? = nil) {
        guard lines.indices.contains(row), lines[row].indices.contains(column) else { return }
        lines[row][column] = (character, style)
    }

    /// Writes a text whose characters take a cell each.
    mutating func write(_ text: String, at column: Int, _ row: Int, _ style: Style? = nil) {
        for (index, character) in text.enumerated() { set(column + index, row, character, style) }
    }

    /// The style of a cell; nil for none.
    func style(_ column: Int, _ row: Int) -> Style? {
        lines.indices.contains(row) && lines[row].indices.contains(column) ? lines[row][column].style : nil
    }

    /// The lines, without blanks at their ends.
    func text(usesColor: Bool) -> String {
        var text = ""
        for line in lines {
            let end = line.lastIndex { $0.character != " " || $0.style != nil }.map { $0 + 1 } ?? 0
            var start = 0
            while start < end {
                let style = line[start].style
                let stop = line[start..<end].firstIndex { $0.style != style } ?? end
                let run = String(line[start..<stop].map(\.character))
                text += style?.apply(run, isEnabled: usesColor) ?? run
                start = stop
            }
            text += "\n"
        }
        return text
    }
}

/// Parts of a block, in eighths.
enum Eighths {
    /// Blocks that grow upwards.
    static let up: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    /// Blocks that grow to the right.
    static let right: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
    /// What stands for a second count where there is no colour.
    static let shade: Character = "░"

    /// The eighths of so many cells that a share of them fills; anything above nothing fills one.
    static func filled(_ share: Double, cells: Int) -> Int {
        guard share > 0, cells > 0 else { return 0 }
        return min(max(1, Int((min(share, 1) * Double(cells) * 8).rounded())), cells * 8)
    }
}

extension Style {
    /// The first of two counts.
    static let chartValue = Style.cyan
    /// The second.
    static let chartSecondary = Style.yellow
}
