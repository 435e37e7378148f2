// Words of a line can hold anything. Before one is shown it is made visible: control characters, bidirectional
// overrides and zero-width characters are escaped, so that an error can neither drive a terminal nor hide a word.

/// A word in double quotes for a message, with what cannot be seen escaped, and cut when it is long.
func quoted(_ word: some StringProtocol) -> String { "\"" + visible(word) + "\"" }

/// A word with what cannot be seen escaped, and cut when it is long.
func visible(_ word: some StringProtocol, limit: Int = 60) -> String {
    var result = ""
    var count = 0
    for scalar in word.unicodeScalars {
        guard count < limit else { return result + "…" }
        count += 1
        result += isVisible(scalar) ? String(scalar) : escape(scalar)
    }
    return result
}

/// Whether a scalar may be shown as it is.
func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
    default: return !scalar.properties.isDefaultIgnorableCodePoint
    }
}

/// The scalar as the `$'…'` quotes of a shell write it.
func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: break
    }
    switch scalar.value {
    case ..<0x80: return "\\x" + hexadecimal(scalar.value, digits: 2)
    case ..<0x1_0000: return "\\u" + hexadecimal(scalar.value, digits: 4)
    default: return "\\U" + hexadecimal(scalar.value, digits: 8)
    }
}

private func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}
