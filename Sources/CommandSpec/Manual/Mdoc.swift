// The escapes of the mdoc language: a text must come out as it went in, whatever it holds. A line that begins with a
// dot or an apostrophe would be a request, a backslash an escape, and a plain hyphen may be set as a typographic one.

/// A word of a line of mdoc, escaped.
struct Mdoc: Sendable {
    /// The word as it stands in the file.
    let source: String
    /// Whether it is meant as mdoc: a macro, or a mark that macros set apart.
    private let isMarkup: Bool

    private init(_ source: String, isMarkup: Bool = false) {
        self.source = source
        self.isMarkup = isMarkup
    }

    /// Running text: a hyphen between letters stays a hyphen.
    static func text(_ text: String) -> Mdoc { Mdoc(escape(text, isLiteral: false)) }

    /// Something that is typed or printed as it stands: every hyphen is a minus.
    static func literal(_ text: String) -> Mdoc { Mdoc(escape(text, isLiteral: true)) }

    /// Something that means the same in mdoc: the name of a macro, or a mark that belongs to the sentence.
    static func markup(_ source: String) -> Mdoc { Mdoc(source, isMarkup: true) }

    /// The name of a page, by which it is looked up: its hyphens stay as they are.
    static func page(_ name: String) -> Mdoc { .markup(name) }

    /// Words in brackets.
    static func optional(_ words: [Mdoc]) -> [Mdoc] { [.markup("Oo")] + words + [.markup("Oc")] }

    /// The word as an argument of a macro: in quotes where it has blanks, and never taken for markup by accident.
    var argument: String {
        if isMarkup { return source }
        let bytes = Array(source.utf8)
        let isMark = bytes.count == 1 && ".,:;()[]?!|".utf8.contains(bytes[0])
        let isMacro =
            (2...3).contains(bytes.count) && isCapital(bytes[0]) && !bytes.dropFirst().contains(where: isCapital)
        let quoted = source.replacing("\"", with: "\\(dq")
        if isMark || isMacro { return "\\&" + quoted }
        return source.isEmpty || source.contains(" ") ? "\"\(quoted)\"" : quoted
    }

    /// The word as a line of text of its own.
    var line: String {
        switch source.utf8.first {
        case UInt8(ascii: "."), UInt8(ascii: "'"): "\\&" + source
        default: source
        }
    }

    private static func escape(_ text: String, isLiteral: Bool) -> String {
        var result = ""
        var isInWord = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\e"
            case "-": result += isLiteral || !isInWord ? "\\-" : "-"
            case "'": result += isLiteral ? "\\(aq" : "'"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            case _ where !scalar.isASCII: result += "\\[u\(hexadecimal(scalar.value))]"
            default: result.unicodeScalars.append(scalar)
            }
            isInWord = scalar.properties.isAlphabetic || isDigit(scalar)
        }
        return result
    }

    /// At least four digits, as groff wants them.
    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

private func isCapital(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
}
