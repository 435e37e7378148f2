// Cells in CSV and TSV. CSV follows RFC 4180, section 2: quotes where they are needed, a quote inside doubled. A text
// that begins with one of `= + - @`, plain or as wide as an ideograph, or with a tab, LF or CR gets a `'`, because some
// spreadsheet would compute it; numbers never do.

extension [UInt8] {
    /// Appends a cell of a CSV record.
    mutating func appendCSV(_ cell: Cell, rawText: Bool) {
        switch cell {
        case .null: return
        case .integer(let value): appendDecimal(value)
        case .text(let text), .marked(let text, _): appendCSV(text, isGuarded: !rawText && Self.isFormula(text))
        default: appendCSV(cell.plainText)
        }
    }

    /// Appends a text to a CSV record, in quotes if it needs them.
    mutating func appendCSV(_ text: String, isGuarded: Bool = false) {
        let utf8 = text.utf8
        let needsQuotes = utf8.span.contains { byte in
            byte == ASCII.quote || byte == ASCII.comma || byte == ASCII.newline || byte == ASCII.carriageReturn
        }
        if needsQuotes { append(ASCII.quote) }
        if isGuarded { append(UInt8(ascii: "'")) }
        if needsQuotes {
            for byte in utf8 {
                if byte == ASCII.quote { append(byte) }
                append(byte)
            }
            append(ASCII.quote)
        } else {
            append(contentsOf: utf8)
        }
    }

    /// Appends a cell of a TSV line.
    mutating func appendTSV(_ cell: Cell) {
        switch cell {
        case .null: return
        case .integer(let value): appendDecimal(value)
        default: appendTSV(cell.plainText)
        }
    }

    /// Appends a text to a TSV line; tab, newline, CR and backslash are written as `\t`, `\n`, `\r` and `\\`.
    mutating func appendTSV(_ text: String) {
        let utf8 = text.utf8
        guard utf8.span.contains(where: { Self.letterOfTSVEscape($0) != nil }) else {
            return append(contentsOf: utf8)
        }
        for byte in utf8 {
            if let letter = Self.letterOfTSVEscape(byte) {
                append(ASCII.backslash)
                append(letter)
            } else {
                append(byte)
            }
        }
    }

    private static func letterOfTSVEscape(_ byte: UInt8) -> UInt8? {
        switch byte {
        case ASCII.tab: UInt8(ascii: "t")
        case ASCII.newline: UInt8(ascii: "n")
        case ASCII.carriageReturn: UInt8(ascii: "r")
        case ASCII.backslash: ASCII.backslash
        default: nil
        }
    }

    /// The signs as fonts for Chinese and Japanese have them, which spreadsheets there take for the others.
    private static var wideSigns: [String] { ["\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"] }

    fileprivate static func isFormula(_ text: some StringProtocol) -> Bool {
        switch text.utf8.first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "@"): true
        case ASCII.minus, ASCII.tab, ASCII.newline, ASCII.carriageReturn: true
        case 0xEF: wideSigns.contains { text.utf8.starts(with: $0.utf8) }
        default: false
        }
    }
}

/// What a reader of CSV undoes.
package enum CellEscaping {
    /// A text without the `'` that stands before a formula.
    package static func unguarded(_ text: String) -> String {
        guard text.utf8.first == ASCII.apostrophe else { return text }
        let rest = text.dropFirst()
        return [UInt8].isFormula(rest) ? String(rest) : text
    }
}

extension Span<UInt8> {
    /// Whether any byte is such that `predicate` holds.
    fileprivate func contains(where predicate: (UInt8) -> Bool) -> Bool {
        for index in indices where predicate(self[index]) { return true }
        return false
    }
}
