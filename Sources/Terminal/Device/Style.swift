// Colours as the user's own palette names them: the sixteen ANSI colours look right on dark and on light grounds,
// because people have chosen them.

/// A way to show a text (ECMA-48, section 8.3.117, SGR).
package struct Style: Hashable, Sendable {
    private let code: String

    private init(_ code: String) {
        self.code = code
    }

    /// Heavy letters.
    package static let bold = Style("1")
    /// Pale letters.
    package static let dim = Style("2")
    /// For errors.
    package static let red = Style("31")
    /// For what went well.
    package static let green = Style("32")
    /// For warnings.
    package static let yellow = Style("33")
    /// For names.
    package static let blue = Style("34")
    /// For tags.
    package static let magenta = Style("35")
    /// For hints.
    package static let cyan = Style("36")

    /// On a ground in the colour of hints.
    package static let onCyan = Style("46")
    /// On a ground in the colour of warnings.
    package static let onYellow = Style("43")

    /// Both this style and another.
    package func and(_ other: Style) -> Style { Style("\(code);\(other.code)") }

    /// The text in this style if `isEnabled`, else the text as it is.
    ///
    /// Sanitise the text first, not afterwards.
    package func apply(_ text: String, isEnabled: Bool) -> String {
        isEnabled && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
