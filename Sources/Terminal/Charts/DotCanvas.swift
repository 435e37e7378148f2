// Lines of dots: the braille characters have two by four in each cell, which is as fine as characters get.

/// Dots in cells.
struct DotCanvas {
    private let columns: Int
    private let rows: Int
    /// The dots of each cell, row by row from the bottom.
    private var cells: [UInt8]

    init(columns: Int, rows: Int) {
        (self.columns, self.rows) = (max(columns, 1), max(rows, 1))
        cells = Array(repeating: 0, count: self.columns * self.rows)
    }

    /// The dots across and up.
    var width: Int { columns * 2 }
    /// The dots from the bottom to the top.
    var height: Int { rows * 4 }

    /// Sets a dot; what lies outside is brought to the edge.
    mutating func set(_ x: Int, _ y: Int) {
        let (x, y) = (min(max(x, 0), width - 1), min(max(y, 0), height - 1))
        let bits: [UInt8] = x.isMultiple(of: 2) ? [0x40, 0x04, 0x02, 0x01] : [0x80, 0x20, 0x10, 0x08]
        cells[y / 4 * columns + x / 2] |= bits[y % 4]
    }

    /// Sets the dots of a line: one in each of its columns of dots, and what is needed to keep it together.
    mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int)) {
        let steps = max(abs(end.x - start.x), abs(end.y - start.y))
        guard steps > 0 else { return set(start.x, start.y) }
        for step in 0...steps {
            let share = Double(step) / Double(steps)
            let x = (Double(start.x) + share * Double(end.x - start.x)).rounded()
            let y = (Double(start.y) + share * Double(end.y - start.y)).rounded()
            set(Int(x), Int(y))
        }
    }

    /// The character of a cell; nil when it has no dot.
    func character(column: Int, row: Int) -> Character? {
        guard column >= 0, column < columns, row >= 0, row < rows else { return nil }
        let dots = cells[row * columns + column]
        return dots == 0 ? nil : Unicode.Scalar(0x2800 + UInt32(dots)).map(Character.init)
    }
}
