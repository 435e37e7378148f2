// The layout of help: headed sections of paragraphs and two-column rows, wrapped to a width. What the sections say is
// decided in `HelpText`.

/// A page of help under construction.
struct HelpPage {
    /// A label and its explanation.
    struct Row {
        let label: StyledText
        let text: String
    }

    private static let indent = "  "
    private static let widestLabel = 28

    private(set) var text = StyledText()
    private let width: Int

    /// A page of that many columns; too narrow a page would have no room beside the labels.
    init(width: Int) {
        self.width = max(width, 48)
    }

    /// Begins a section.
    mutating func heading(_ title: String) {
        if !text.pieces.isEmpty { text.add(.plain, "\n") }
        text.add(.heading, title)
        text.add(.plain, "\n")
    }

    /// An empty line.
    mutating func blank() {
        text.add(.plain, "\n")
    }

    /// A line that is never wrapped.
    mutating func line(_ content: StyledText, depth: Int = 1) {
        text.add(.plain, String(repeating: Self.indent, count: depth))
        text.add(content)
        text.add(.plain, "\n")
    }

    /// Wrapped prose; blank lines separate paragraphs, and indented lines are kept as they are.
    mutating func prose(_ content: String) {
        let lines = content.split(separator: "\n", omittingEmptySubsequences: false)
        var paragraph: [Substring] = []
        for line in lines + [""] {
            guard line.isEmpty || line.first == " " else {
                paragraph.append(line)
                continue
            }
            for wrapped in wrap(paragraph.joined(separator: " "), to: width - Self.indent.count) {
                self.line(StyledText(.plain, wrapped))
            }
            paragraph = []
            if line.first == " " { self.line(StyledText(.plain, String(line))) }
            if line.isEmpty { text.add(.plain, "\n") }
        }
        text.dropLastLine()
    }

    /// Labels with their explanations in a second column.
    mutating func rows(_ rows: [Row]) {
        let widest = rows.map(\.label.width).filter { $0 <= Self.widestLabel }.max() ?? Self.widestLabel
        let column = Self.indent.count + widest + Self.indent.count
        for row in rows {
            text.add(.plain, Self.indent)
            text.add(row.label)
            var used = Self.indent.count + row.label.width
            if used + Self.indent.count > column, !row.text.isEmpty {
                text.add(.plain, "\n")
                used = 0
            }
            for (index, wrapped) in wrap(row.text, to: width - column).enumerated() {
                let space = index == 0 ? column - used : column
                text.add(.plain, (index == 0 ? "" : "\n") + String(repeating: " ", count: space) + wrapped)
            }
            text.add(.plain, "\n")
        }
    }
}

extension StyledText {
    /// Removes the empty line that ends a run of paragraphs.
    fileprivate mutating func dropLastLine() {
        guard pieces.last?.text == "\n" else { return }
        let kept = pieces.dropLast()
        self = StyledText()
        for piece in kept { add(piece.style, piece.text) }
    }
}

/// A text that `wrap` keeps on one line.
func unbroken(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == " " ? noBreakSpace : $0 }))
}

private let noBreakSpace: Unicode.Scalar = "\u{A0}"

/// Lines of at most so many scalars, broken at spaces; a longer word stands alone on its line.
func wrap(_ text: String, to width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    var length = 0
    for word in text.split(separator: " ") {
        let wordLength = word.unicodeScalars.count
        if length > 0, length + 1 + wordLength > width {
            lines.append(line)
            line = ""
            length = 0
        }
        if length > 0 {
            line += " "
            length += 1
        }
        line += word
        length += wordLength
    }
    if length > 0 { lines.append(line) }
    return lines.map { String(String.UnicodeScalarView($0.unicodeScalars.map { $0 == noBreakSpace ? " " : $0 })) }
}
