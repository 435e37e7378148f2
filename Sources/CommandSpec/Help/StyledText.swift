// Help as pieces of text with a meaning. The caller decides what a heading looks like; this module knows no terminal.

/// Text whose parts say what they are.
package struct StyledText: Sendable, Hashable {
    /// What a piece is.
    package enum Style: Sendable, Hashable {
        /// Prose.
        case plain
        /// The title of a section.
        case heading
        /// Something to be typed as it stands.
        case literal
        /// Something to be replaced by a value.
        case placeholder
    }

    /// A stretch of text of one style.
    package struct Piece: Sendable, Hashable {
        /// What it is.
        package let style: Style
        /// The text; line feeds occur only in plain pieces.
        package let text: String

        /// Text of a style.
        package init(style: Style, text: String) {
            self.style = style
            self.text = text
        }
    }

    /// The pieces in order.
    package private(set) var pieces: [Piece] = []

    init() {}

    init(_ style: Style, _ text: String) {
        add(style, text)
    }

    /// The text without its styles.
    package var plain: String { pieces.map(\.text).joined() }

    /// The number of scalars, which is the width of the text wherever help is concerned.
    var width: Int { pieces.reduce(0) { $0 + $1.text.unicodeScalars.count } }

    mutating func add(_ style: Style, _ text: String) {
        if !text.isEmpty { pieces.append(Piece(style: style, text: text)) }
    }

    mutating func add(_ other: StyledText) {
        pieces += other.pieces
    }
}
