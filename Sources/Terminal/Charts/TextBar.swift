// A number as a bar in one cell of a table.

/// A bar of eighths of a block.
package enum TextBar {
    /// A bar as long as a number is of the largest one.
    ///
    /// - Parameter cells: the length of the largest.
    package static func text(_ value: Double, of most: Double, cells: Int) -> String {
        guard most > 0, value > 0, value.isFinite, cells > 0 else { return "" }
        let eighths = Eighths.filled(min(value / most, 1), cells: cells)
        let whole = String(repeating: Eighths.right[8], count: eighths / 8)
        return eighths % 8 == 0 ? whole : whole + String(Eighths.right[eighths % 8])
    }
}
