// The leaves of a JSON text: strings with their escapes, and numbers.

extension JSONParser {
    /// The string that begins with the quote at the current position.
    mutating func string(_ text: Span<UInt8>) throws(DataError) -> String {
        let start = position
        position += 1
        var result = ""
        var run = position
        while position < text.count {
            let byte = text[position]
            if byte == ASCII.quote {
                let tail = try decode(text, run..<position)
                position += 1
                return result.isEmpty ? tail : result + tail
            }
            if byte == ASCII.backslash {
                result += try decode(text, run..<position)
                result.unicodeScalars.append(try escape(text))
                run = position
            } else if byte < 0x20 {
                throw fault(text, "a control character in a string must be escaped")
            } else {
                position += 1
            }
        }
        throw fault(text, "the string is not closed", at: start)
    }

    /// The bytes between two escapes as text.
    private func decode(_ text: Span<UInt8>, _ range: Range<Int>) throws(DataError) -> String {
        do {
            return String(copying: try UTF8Span(validating: text.extracting(range)))
        } catch {
            let offset = range.lowerBound + error.byteOffsets.lowerBound
            throw fault(text, "invalid UTF-8 at byte offset \(offset)", .invalidUTF8, at: offset)
        }
    }

    /// The scalar of the escape that begins at the current backslash.
    private mutating func escape(_ text: Span<UInt8>) throws(DataError) -> Unicode.Scalar {
        let start = position
        guard position + 1 < text.count else { throw fault(text, "the escape is not complete") }
        position += 2
        switch text[position - 1] {
        case ASCII.quote: return "\""
        case ASCII.backslash: return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(text, from: start)
        default: throw fault(text, "unknown escape in a string", at: start)
        }
    }

    /// The scalar of the escape at `start`, whose `\u` has been passed; a surrogate pair is two escapes.
    private mutating func unicodeEscape(_ text: Span<UInt8>, from start: Int) throws(DataError) -> Unicode.Scalar {
        let first = try hexadecimal(text, from: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let isPair =
            first < 0xDC00 && position + 1 < text.count
            && text[position] == ASCII.backslash && text[position + 1] == UInt8(ascii: "u")
        if isPair {
            position += 2
            let second = try hexadecimal(text, from: start)
            if second >= 0xDC00, second <= 0xDFFF,
                let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            {
                return scalar
            }
        }
        throw fault(text, "the escape is half of a surrogate pair", .invalidUTF8, at: start)
    }

    private mutating func hexadecimal(_ text: Span<UInt8>, from start: Int) throws(DataError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < text.count, let digit = Self.hexadecimalDigit(text[position]) else {
                throw fault(text, "`\\u` needs four hexadecimal digits", at: start)
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case ASCII.zero...ASCII.nine: UInt32(byte - ASCII.zero)
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}

extension JSONParser {
    /// The number that begins at the current position.
    mutating func number(_ text: Span<UInt8>) throws(DataError) -> JSONValue {
        let start = position
        let isNegative = text[start] == ASCII.minus
        if isNegative { position += 1 }
        let firstDigit = position
        try digits(text)
        if text[firstDigit] == ASCII.zero, position > firstDigit + 1 {
            throw fault(text, "a number must not begin with 0", at: firstDigit)
        }
        var isInteger = true
        if position < text.count, text[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            try digits(text)
        }
        if position < text.count, text[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if position < text.count, text[position] == UInt8(ascii: "+") || text[position] == ASCII.minus {
                position += 1
            }
            try digits(text)
        }
        if isInteger, let value = Self.integer(text, firstDigit..<position, isNegative: isNegative) {
            return .integer(value)
        }
        guard let value = Double(try decode(text, start..<position)), value.isFinite else {
            throw fault(text, "the number is too large", .outOfRange, at: start)
        }
        return .number(value)
    }

    /// Steps over one digit or more.
    private mutating func digits(_ text: Span<UInt8>) throws(DataError) {
        let start = position
        while position < text.count, ASCII.isDigit(text[position]) { position += 1 }
        guard position > start else { throw fault(text, "expected a digit") }
    }

    /// The integer of the digits; nil when it does not fit, or is `-0`, which only a double can hold.
    private static func integer(_ text: Span<UInt8>, _ digits: Range<Int>, isNegative: Bool) -> Int64? {
        var magnitude: UInt64 = 0
        for index in digits {
            let (product, overflows) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, carries) = product.addingReportingOverflow(UInt64(text[index] - ASCII.zero))
            if overflows || carries { return nil }
            magnitude = sum
        }
        if !isNegative { return Int64(exactly: magnitude) }
        if magnitude == 0 || magnitude > Int64.min.magnitude { return nil }
        return Int64(truncatingIfNeeded: 0 &- magnitude)
    }
}
