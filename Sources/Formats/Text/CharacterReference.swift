// Character references of HTML: `&amp;`, `&#233;`, `&#xE9;`. The names are those that servers and archives write; of
// the two thousand others nothing is changed.

/// Reads character references.
package enum CharacterReference {
    /// A text with all its references replaced by what they name.
    package static func decodeAll(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "&"), let (scalar, end) = decode(bytes, at: index) {
                result += Array(String(scalar).utf8)
                index = end
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// What the reference at `start` names, and where the text goes on; nil when it is none.
    package static func decode(_ text: [UInt8], at start: Int) -> (scalar: Unicode.Scalar, end: Int)? {
        let rest = text[(start + 1)...].prefix(longest + 1)
        guard let semicolon = rest.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: rest[..<semicolon], as: UTF8.self)
        guard let scalar = scalar(name) else { return nil }
        return (scalar, semicolon + 1)
    }

    /// The longest name, or number, without `&` and `;`.
    private static let longest = 10

    private static func scalar(_ name: String) -> Unicode.Scalar? {
        if name.hasPrefix("#") {
            let digits = name.dropFirst()
            let isHexadecimal = digits.first == "x" || digits.first == "X"
            let number = isHexadecimal ? digits.dropFirst() : digits
            guard let first = number.utf8.first, ASCII.isDigit(first) || isHexadecimal, first != UInt8(ascii: "+"),
                first != ASCII.minus, let value = UInt32(number, radix: isHexadecimal ? 16 : 10)
            else { return nil }
            // As HTML has it: what is no character is the sign for one that is not known.
            return value == 0 ? "\u{FFFD}" : Unicode.Scalar(value) ?? "\u{FFFD}"
        }
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        case "nbsp": return "\u{A0}"
        case "hellip": return "…"
        case "ndash": return "–"
        case "mdash": return "—"
        case "lsquo": return "‘"
        case "rsquo": return "’"
        case "ldquo": return "“"
        case "rdquo": return "”"
        case "laquo": return "«"
        case "raquo": return "»"
        case "bull": return "•"
        case "middot": return "·"
        case "copy": return "©"
        case "reg": return "®"
        case "trade": return "™"
        case "euro": return "€"
        case "deg": return "°"
        case "times": return "×"
        default: return nil
        }
    }
}
