// What a scalar is to the tokenizer.

/// The classes of scalars that begin or continue terms.
enum ScalarClass {
    /// A letter or digit of a script that parts its words.
    case word
    /// A combining mark: part of what it stands behind.
    case mark
    /// A character of a script without spaces, or Hangul, whose words carry particles.
    case unspaced
    /// The beginning of an emoji.
    case emoji
    /// Invisible: as if it were not there.
    case ignorable
    /// What parts terms.
    case gap

    init(_ scalar: Unicode.Scalar) {
        let value = scalar.value
        switch value {
        case 0: self = .ignorable
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: self = .word
        case 0..<0xAA: self = .gap
        case 0xAD, 0x200B...0x200D, 0x2060, 0xFEFF, 0xFE0E...0xFE0F: self = .ignorable
        case 0xC0...0x24F: self = value == 0xD7 || value == 0xF7 ? .gap : .word
        case 0x300..<0x370, 0x3099...0x309A: self = .mark
        case 0x1100...0x11FF, 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x3105...0x318E,
            0x31A0...0x31BF, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA960...0xA97C, 0xAC00...0xD7FB,
            0xF900...0xFAFF, 0xFF66...0xFF9F, 0x1B000...0x1B16F, 0x20000...0x3FFFD, 0x3005...0x3007:
            self = .unspaced
        // Thai, Lao, Burmese and Khmer, with their vowel signs.
        case 0xE01...0xE3A, 0xE40...0xE4E, 0xE81...0xECD, 0x1000...0x109F, 0x1780...0x17D3: self = .unspaced
        case 0x2000..<0x203C, 0x3000...0x303F: self = .gap
        default: self = Self.looked(scalar)
        }
    }

    /// By the tables of the standard library.
    private static func looked(_ scalar: Unicode.Scalar) -> ScalarClass {
        let properties = scalar.properties
        if scalar.value >= 0x203C, properties.isEmoji, scalar.value > 0x2122 || properties.isEmojiPresentation {
            return .emoji
        }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            return .word
        case .nonspacingMark, .spacingMark, .enclosingMark: return .mark
        case .format: return .ignorable
        default: return .gap
        }
    }
}
