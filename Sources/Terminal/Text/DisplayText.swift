// Strangers' text made safe for a terminal. A post may hold escape sequences that rewrite the screen, bidi controls
// that turn a line around, or characters that nobody sees; here they all become visible. Nothing else prints user text.

/// Makes text safe to show.
package enum DisplayText {
    /// The text on one line, with nothing in it that a terminal obeys or hides.
    ///
    /// A newline, or CR and newline, becomes `⏎`, a tab a space. Controls, format characters (bidi, zero-width, tags),
    /// whatever else Unicode calls ignorable, private and unassigned characters and line separators become `\u{…}`.
    /// Only the joiner and the selectors of a presentation stay, inside emoji, and one selector of a variant behind an
    /// ideograph. Doing it twice changes nothing.
    ///
    /// - Complexity: O(length); text that is printable ASCII is returned as it is.
    package static func sanitise(_ text: String) -> String {
        if text.isPrintableASCII { return text }
        let scalars = Array(text.unicodeScalars)
        var result = ""
        result.reserveCapacity(text.utf8.count)
        /// Whether an emoji, with its modifiers, has just been written.
        var followsEmoji = false
        for (index, scalar) in scalars.enumerated() {
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            switch scalar {
            case "\n": result.append("⏎")
            case "\r" where next == "\n": continue
            case "\t": result.append(" ")
            case "\u{200D}" where followsEmoji && isEmoji(next): result.unicodeScalars.append(scalar)
            case "\u{FE0E}", "\u{FE0F}":
                if isSelectorAllowed(scalars, at: index) {
                    result.unicodeScalars.append(scalar)
                    continue
                }
                result += escaped(scalar)
            case "\u{FE00}"..."\u{FE0D}" where followsIdeograph(scalars, index),
                "\u{E0100}"..."\u{E01EF}" where followsIdeograph(scalars, index):
                result.unicodeScalars.append(scalar)
            default:
                if isVisible(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += escaped(scalar)
                }
            }
            followsEmoji = isEmoji(scalar)
        }
        return result
    }

    /// Whether a terminal shows the scalar, or puts it on the character before, and does nothing else with it.
    static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value >= 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
        default: return !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    private static func followsIdeograph(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
        index > 0 && scalars[index - 1].properties.isIdeographic
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }

    /// Whether the scalar is an emoji by itself; digits are not.
    private static func isEmoji(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar, scalar.value > 0x7F else { return false }
        return scalar.properties.isEmoji
    }

    /// Whether the selector at an index stands behind an emoji, or makes a key of the digit before it, as in `1️⃣`.
    private static func isSelectorAllowed(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
        guard index > 0 else { return false }
        switch scalars[index - 1] {
        case "0"..."9", "#", "*": return index + 1 < scalars.count && scalars[index + 1] == "\u{20E3}"
        default: return isEmoji(scalars[index - 1])
        }
    }
}
