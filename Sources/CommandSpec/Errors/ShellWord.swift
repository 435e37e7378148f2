// A word as a shell would have to be given it. The place of every scalar is kept, so that a caret can point into the
// quoted form.

/// A word, quoted for a POSIX shell where it must be.
struct ShellWord {
    /// The quoted form.
    let text: String
    /// Where each scalar of the word begins in the quoted form, in scalars, and where the last one ends.
    let offsets: [Int]

    /// Quotes a word; with a limit, a longer one is cut around the place that matters and is no longer the word.
    init(_ word: String, around focus: Int = 0, limit: Int? = nil) {
        let scalars = Array(word.unicodeScalars)
        var shown = 0..<scalars.count
        if let limit, scalars.count > limit {
            let lower = max(0, min(focus - limit / 3, scalars.count - limit))
            shown = lower..<lower + limit
        }
        let style = Style(scalars)
        var text = shown.lowerBound > 0 ? "…" : ""
        text += style.opening
        var length = text.unicodeScalars.count
        var offsets = Array(repeating: length, count: shown.lowerBound)
        for scalar in scalars[shown] {
            let piece = style.piece(for: scalar)
            offsets.append(length)
            text += piece
            length += piece.unicodeScalars.count
        }
        offsets += Array(repeating: length, count: scalars.count - shown.upperBound + 1)
        text += style.closing + (shown.upperBound < scalars.count ? "…" : "")
        self.text = text
        self.offsets = offsets
    }

    /// How a word must be quoted.
    private enum Style {
        case bare
        case single
        case escaped

        init(_ scalars: [Unicode.Scalar]) {
            if !scalars.allSatisfy(isVisible) {
                self = .escaped
            } else if !scalars.isEmpty, scalars.allSatisfy(isPlain) {
                self = .bare
            } else {
                self = .single
            }
        }

        var opening: String {
            switch self {
            case .bare: ""
            case .single: "'"
            case .escaped: "$'"
            }
        }

        var closing: String { self == .bare ? "" : "'" }

        func piece(for scalar: Unicode.Scalar) -> String {
            switch (self, scalar) {
            case (.single, "'"): "'\\''"
            case (.escaped, "'"), (.escaped, "\\"): "\\" + String(scalar)
            case (.escaped, _) where !isVisible(scalar): escape(scalar)
            default: String(scalar)
            }
        }
    }
}

/// Whether no shell gives the scalar a meaning.
private func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "@", "%", "+", "=", ":", ",", ".", "/", "-": true
    default: !scalar.isASCII && !scalar.properties.isWhitespace
    }
}
