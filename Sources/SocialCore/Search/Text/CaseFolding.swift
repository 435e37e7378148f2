// The second stage, first half: letters without case, by scalar. Nothing else is folded away: accents, dakuten and
// Hangul stay, since they tell words apart (パリ is not ハリ).

/// Folds the case of scalars.
package enum CaseFolding {
    /// The folded form of a scalar; one scalar, for the few that fold into more see `expansion(of:)`.
    package static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let value = scalar.value
        if value < 0x80 { return value &- 0x41 < 26 ? Unicode.Scalar(UInt8(value | 0x20)) : scalar }
        if value < tableEnd { return table[Int(value - tableStart)] }
        // Scripts without case, which are most of what is left.
        if (0x2E80...0xA63F).contains(value) || (0xAC00...0xD7FF).contains(value) { return scalar }
        return fold(scalar)
    }

    /// What a scalar folds into, when that is more than one scalar.
    package static func expansion(of scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "ß", "ẞ": "ss"
        case "ﬀ": "ff"
        case "ﬁ": "fi"
        case "ﬂ": "fl"
        default: nil
        }
    }

    private static let tableStart: UInt32 = 0x80
    private static let tableEnd: UInt32 = 0x590

    /// Latin, Greek, Cyrillic and Armenian, made when the first text needs it.
    private static let table: [Unicode.Scalar] = (tableStart..<tableEnd).map { value in
        Unicode.Scalar(value).map(fold) ?? "\u{FFFD}"
    }

    private static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x3C2: return "σ"
        case 0x17F: return "s"
        case 0x130: return "i"
        case 0x1E9E: return scalar
        // The full-width forms of ASCII, which Japanese keyboards write.
        case 0xFF01...0xFF5E: return folded(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value - 0xFEE0)))
        default: break
        }
        let lower = scalar.properties.lowercaseMapping.unicodeScalars
        return lower.count == 1 ? lower.first ?? scalar : scalar
    }
}
