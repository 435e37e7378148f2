// How many cells of a terminal a text takes. Chinese, Japanese, Korean and emoji take two, marks that sit on a letter
// none. Terminals differ in the corners; this follows Unicode Standard Annex #11 and, for emoji, Technical Standard
// #51.

extension Character {
    /// The cells that a terminal gives the character: 0, 1 or 2, more only for clusters of several letters.
    package var cellWidth: Int {
        let scalars = unicodeScalars
        guard let first = scalars.first else { return 0 }
        let rest = scalars.dropFirst()
        if rest.isEmpty { return first.cellWidth }
        if isEmojiSequence(first, rest) { return 2 }
        return scalars.reduce(0) { $0 + $1.cellWidth }
    }

    /// Whether more than one scalar makes one picture: a flag, a key, a joined or modified emoji.
    private func isEmojiSequence(
        _ first: Unicode.Scalar, _ rest: Substring.UnicodeScalarView
    ) -> Bool {
        guard first.properties.isEmoji else { return false }
        return rest.contains { scalar in
            switch scalar.value {
            case 0x200D, 0xFE0F, 0x20E3, 0x1F1E6...0x1F1FF, 0x1F3FB...0x1F3FF: true
            default: false
            }
        }
    }
}

extension String {
    /// The cells that a terminal gives the text.
    ///
    /// - Complexity: O(length).
    package var cellWidth: Int {
        if isPrintableASCII { return utf8.count }
        return reduce(0) { $0 + $1.cellWidth }
    }

    /// Whether all characters are letters, digits, signs and spaces of ASCII: one cell each, and nothing to hide.
    var isPrintableASCII: Bool {
        let utf8 = utf8
        let bytes = utf8.span
        for index in bytes.indices where bytes[index] < 0x20 || bytes[index] >= 0x7F { return false }
        return true
    }

    /// The text, cut to at most `cells` cells and ended with `…` if it was longer; no character is cut apart.
    package func truncated(toCells cells: Int) -> String {
        guard cells > 0 else { return "" }
        guard cellWidth > cells else { return self }
        var result = ""
        var used = 0
        for character in self {
            used += character.cellWidth
            if used > cells - 1 { break }
            result.append(character)
        }
        return result + "…"
    }
}

extension Unicode.Scalar {
    /// The cells that the scalar takes when it stands alone.
    var cellWidth: Int {
        if value < 0x300 { return value >= 0x20 && value < 0x7F || value >= 0xA0 && value != 0xAD ? 1 : 0 }
        if isWide { return 2 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control, .lineSeparator, .paragraphSeparator: return 0
        default: return isJoiningJamo || properties.isDefaultIgnorableCodePoint ? 0 : 1
        }
    }

    /// Whether the scalar is a Korean vowel or final consonant, which joins the syllable before it.
    private var isJoiningJamo: Bool {
        0x1160...0x11FF ~= value || 0xD7B0...0xD7FF ~= value
    }

    /// Whether the scalar takes two cells: East Asian Wide or Fullwidth, or shown as an emoji.
    private var isWide: Bool {
        if value < 0x1100 { return false }
        var low = 0
        var high = Self.wideRanges.count
        while low < high {
            let middle = (low + high) / 2
            let range = Self.wideRanges[middle]
            if value < range.lowerBound {
                high = middle
            } else if value > range.upperBound {
                low = middle + 1
            } else {
                return true
            }
        }
        // A regional indicator alone is a letter; two of them make a flag, which `Character.cellWidth` sees.
        return properties.isEmojiPresentation && !(0x1F1E6...0x1F1FF ~= value)
    }

    /// The blocks whose characters are Wide or Fullwidth, in ascending order.
    ///
    /// Source: EastAsianWidth.txt of Unicode 16 (UAX #11). Emoji are left out, because the standard library knows
    /// them; unassigned places between the blocks are taken along.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F,  // leading consonants of Hangul
        0x2329...0x232A,  // angle brackets
        0x2630...0x2637, 0x268A...0x268F,  // trigrams, monograms and digrams
        0x2E80...0x303E,  // radicals, ideographic description, CJK punctuation
        0x3041...0x3247,  // kana, bopomofo, Hangul compatibility, enclosed letters
        0x3250...0xA4CF,  // enclosed numbers, CJK, hexagrams, Yi
        0xA960...0xA97F,  // old leading consonants of Hangul
        0xAC00...0xD7A3,  // Hangul syllables
        0xF900...0xFAFF,  // compatibility ideographs
        0xFE10...0xFE19, 0xFE30...0xFE6F,  // vertical and small forms
        0xFF01...0xFF60, 0xFFE0...0xFFE6,  // fullwidth forms
        0x16FE0...0x16FFF, 0x17000...0x18DFF,  // Tangut, Khitan
        0x1AFF0...0x1B2FF,  // more kana, Nushu
        0x1D300...0x1D356, 0x1D360...0x1D376,  // Tai Xuan Jing, counting rods
        0x1F200...0x1F265,  // enclosed ideographs
        0x20000...0x2FFFD, 0x30000...0x3FFFD,  // planes of ideographs
    ]
}
