// Texts as JSON strings. Escaped are the characters that RFC 8259, section 7 demands, and four kinds more: DEL and the
// C1 controls, because a terminal may obey them, and U+2028 and U+2029, because JavaScript took them for line ends.

extension [UInt8] {
    /// Appends a text in quotes; everything that needs no escape stays UTF-8 as it is, `/` too.
    mutating func appendJSONString(_ text: String) {
        append(ASCII.quote)
        let utf8 = text.utf8
        if utf8.span.mayNeedEscape {
            appendEscaped(utf8.span)
        } else {
            append(contentsOf: utf8)
        }
        append(ASCII.quote)
    }

    private mutating func appendEscaped(_ text: Span<UInt8>) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x20 || byte == 0x7F {
                appendControl(byte)
            } else if byte == ASCII.quote || byte == ASCII.backslash {
                append(ASCII.backslash)
                append(byte)
            } else if byte == 0xC2, index + 1 < text.count, text[index + 1] < 0xA0 {
                index += 1
                appendUnicodeEscape(UInt16(text[index]))
            } else if byte == 0xE2, index + 2 < text.count, text[index + 1] == 0x80, text[index + 2] & 0xFE == 0xA8 {
                index += 2
                appendUnicodeEscape(0x2000 | UInt16(text[index] & 0x3F))
            } else {
                append(byte)
            }
            index += 1
        }
    }

    private mutating func appendControl(_ byte: UInt8) {
        let letter: UInt8
        switch byte {
        case 0x08: letter = UInt8(ascii: "b")
        case ASCII.tab: letter = UInt8(ascii: "t")
        case ASCII.newline: letter = UInt8(ascii: "n")
        case 0x0C: letter = UInt8(ascii: "f")
        case ASCII.carriageReturn: letter = UInt8(ascii: "r")
        default: return appendUnicodeEscape(UInt16(byte))
        }
        append(ASCII.backslash)
        append(letter)
    }
}

extension Span<UInt8> {
    /// Whether any byte might begin something that is escaped; false for nearly all texts.
    fileprivate var mayNeedEscape: Bool {
        for index in indices {
            let byte = self[index]
            if byte < 0x20 || byte == ASCII.quote || byte == ASCII.backslash || byte == 0x7F { return true }
            if byte == 0xC2 || byte == 0xE2 { return true }
        }
        return false
    }
}
