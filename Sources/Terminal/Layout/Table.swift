// Records as a table for people. Widths come from the first thousand rows, so a list of any length begins to appear at
// once and needs no more memory than that. All cells are sanitised here: this is how strangers' text gets to a
// terminal.

/// Lays out rows in columns.
///
///     var table = Table([.init("ID", alignment: .trailing), .init("TEXT", isElastic: true)], terminalWidth: 80)
///     table.row(["42", "hello"])
///     table.end()
///     output.write(table.bytes)
///
/// Empty `bytes` with `removeAll(keepingCapacity: true)` after writing them.
package struct Table {
    /// On which side the cells of a column stand.
    package enum Alignment: Sendable {
        /// For text.
        case leading
        /// For numbers.
        case trailing
    }

    /// A column.
    package struct Column: Sendable {
        /// The text above.
        package let heading: String
        /// On which side the cells stand.
        package let alignment: Alignment
        /// Whether the column may be cut to make the table as narrow as the terminal.
        package let isElastic: Bool
        /// Whether it is left out before any other is cut.
        package let isDispensable: Bool

        /// Makes a column.
        package init(
            _ heading: String, alignment: Alignment = .leading, isElastic: Bool = false, isDispensable: Bool = false
        ) {
            self.heading = heading
            self.alignment = alignment
            self.isElastic = isElastic || isDispensable
            self.isDispensable = isDispensable
        }
    }

    /// What has been laid out; the caller empties it when it likes.
    package var bytes: [UInt8] = []

    private static let gap = 2
    private static let elasticWidthMin = 8

    private let columns: [Column]
    private let terminalWidth: Int?
    private let emphasis: Style?
    private let showsHeadings: Bool
    private let blockRowCount: Int
    private let isEndless: Bool
    /// The rows that wait for the widths; nil once these are settled.
    private var pending: [[MarkedText]]? = []
    private var widths: [Int]
    /// The columns that a line has room for.
    private var shown: [Int]

    /// Makes a table.
    ///
    /// - Parameters:
    ///   - columns: the columns from left to right.
    ///   - terminalWidth: the cells of a line; nil cuts nothing.
    ///   - showsHeadings: whether the first line names the columns.
    ///   - emphasis: how they look, and marked parts of texts; nil for plain.
    ///   - blockRowCount: how many rows decide the widths.
    ///   - isEndless: whether rows will come long after the widths are settled: texts then get all the room there is.
    package init(
        _ columns: [Column], terminalWidth: Int? = nil, showsHeadings: Bool = true, emphasis: Style? = nil,
        blockRowCount: Int = 1_000, isEndless: Bool = false
    ) {
        self.columns = columns
        self.terminalWidth = terminalWidth
        self.showsHeadings = showsHeadings
        self.emphasis = emphasis
        self.blockRowCount = blockRowCount
        self.isEndless = isEndless
        shown = Array(columns.indices)
        widths = showsHeadings ? columns.map(\.heading.cellWidth) : columns.map { _ in 0 }
    }

    /// Adds a row: a cell for each column.
    package mutating func row(_ cells: [String]) { row(cells.map { MarkedText($0) }) }

    /// Adds a row of texts of which parts stand out: one for each column.
    package mutating func row(_ cells: [MarkedText]) {
        let texts = columns.indices.map { $0 < cells.count ? cells[$0] : MarkedText("") }
        guard pending != nil else { return write(texts) }
        for (index, text) in texts.enumerated() { widths[index] = max(widths[index], text.width) }
        pending?.append(texts)
        if let count = pending?.count, count >= blockRowCount { settle() }
    }

    /// Lays out what is waiting, so that it can be shown; widths are settled from here on.
    package mutating func end() {
        settle()
    }

    private mutating func settle() {
        guard let rows = pending.take() else { return }
        shrink()
        if showsHeadings {
            write(columns.map { MarkedText($0.heading, marks: [0..<$0.heading.unicodeScalars.count]) })
        }
        for row in rows { write(row) }
    }

    /// Leaves out columns that can be done without, from the right, and then makes the widest that may give narrower,
    /// again and again, until a line fits or nothing can give.
    private mutating func shrink() {
        guard let terminalWidth else { return }
        var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - terminalWidth
        while excess > 0, let last = shown.last(where: { columns[$0].isDispensable }) {
            shown.removeAll { $0 == last }
            excess -= widths[last] + Self.gap
        }
        let elastic = shown.filter { columns[$0].isElastic }
        while excess > 0, let widest = elastic.max(by: { widths[$0] < widths[$1] }),
            widths[widest] > Self.elasticWidthMin
        {
            widths[widest] -= 1
            excess -= 1
        }
        if isEndless, excess < 0, let text = elastic.last(where: { !columns[$0].isDispensable }) {
            widths[text] -= excess
        }
    }

    private mutating func write(_ row: [MarkedText]) {
        for index in shown {
            let column = columns[index]
            var cell = row[index]
            if column.isElastic, terminalWidth != nil, cell.width > widths[index] {
                cell = cell.truncated(toCells: widths[index])
            }
            let padding = max(0, widths[index] - cell.width)
            if index != shown.first { pad(Self.gap) }
            if column.alignment == .trailing { pad(padding) }
            bytes.append(contentsOf: cell.shown(emphasis).utf8)
            if column.alignment == .leading, index != shown.last { pad(padding) }
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private mutating func pad(_ count: Int) {
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: count))
    }
}
