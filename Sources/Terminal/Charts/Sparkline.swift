// A row of numbers as small as a word.

/// A line of eight heights.
package enum Sparkline {
    /// Numbers as `▁▂▃▄▅▆▇█`, from zero to the largest; a blank for what is not known.
    ///
    /// - Parameters:
    ///   - values: the numbers; those that are negative count as zero.
    ///   - cells: the most characters; more numbers than that are drawn as the means of neighbours. Nil draws all.
    package static func text(_ values: [Double?], cells: Int? = nil) -> String {
        let heights = merged(values.map { $0.flatMap { $0.isFinite ? max($0, 0) : nil } }, cells)
        let most = heights.compactMap { $0 }.max() ?? 0
        return String(
            heights.map { height -> Character in
                guard let height else { return " " }
                return most > 0 ? Eighths.up[1 + min(7, Int((height / most * 7).rounded()))] : Eighths.up[1]
            })
    }

    private static func merged(_ values: [Double?], _ cells: Int?) -> [Double?] {
        guard let cells, cells < values.count else { return values }
        guard cells > 0 else { return [] }
        return (0..<cells).map { cell in
            let known = values[cell * values.count / cells..<(cell + 1) * values.count / cells].compactMap { $0 }
            return known.isEmpty ? nil : known.reduce(0) { $0 + $1 / Double(known.count) }
        }
    }
}
