// Points in time as text (RFC 3339) and as milliseconds since 1970. Pure integers: no time zone, no locale, no library.

/// Reads and writes RFC 3339 timestamps.
package enum RFC3339 {
    fileprivate static let dayMilliseconds: Int64 = 86_400_000

    /// The milliseconds since 1970-01-01T00:00:00Z of `2026-01-02T03:04:05.678Z`, of the same with an offset such as
    /// `+01:00`, or of `2026-01-02`, which is that day's midnight in UTC.
    ///
    /// `t`, `z` and a space instead of `T` are allowed, as the RFC does; digits after the third of a fraction are cut
    /// off. A second 60 is allowed where a leap second may be, at 23:59 UTC, and counts as the next second.
    package static func parse(_ text: String) throws(DataError) -> Int64 {
        try parse(text.utf8.span)
    }

    /// The times of the years 0000 to 9999, in milliseconds.
    fileprivate static let range: Range<Int64> = -62_167_219_200_000..<253_402_300_800_000

    /// The same for the bytes of a text.
    static func parse(_ text: Span<UInt8>) throws(DataError) -> Int64 {
        var scanner = TimestampScanner()
        return try scanner.parse(text)
    }

    /// `2026-01-02T03:04:05.678Z`: always UTC, always three digits.
    package static func format(_ milliseconds: Int64) -> String {
        var bytes: [UInt8] = []
        append(milliseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text of `format` to a byte buffer.
    ///
    /// Years outside 0000 to 9999, for which the RFC has no form, get a sign and nine digits, an expanded form of ISO
    /// 8601.
    package static func append(_ milliseconds: Int64, to bytes: inout [UInt8]) {
        let dayNumber = milliseconds.flooredQuotient(dayMilliseconds)
        let time = (milliseconds % dayMilliseconds + dayMilliseconds) % dayMilliseconds
        let date = CivilDate(dayNumber: dayNumber)
        bytes.reserveCapacity(bytes.count + 24)
        if date.year >= 0 && date.year <= 9_999 {
            bytes.appendDigits(date.year, width: 4)
        } else {
            bytes.append(date.year < 0 ? ASCII.minus : UInt8(ascii: "+"))
            bytes.appendDigits(abs(date.year), width: 9)
        }
        bytes.append(ASCII.minus)
        bytes.appendDigits(date.month, width: 2)
        bytes.append(ASCII.minus)
        bytes.appendDigits(date.day, width: 2)
        bytes.append(UInt8(ascii: "T"))
        bytes.appendDigits(time / 3_600_000, width: 2)
        bytes.append(ASCII.colon)
        bytes.appendDigits(time / 60_000 % 60, width: 2)
        bytes.append(ASCII.colon)
        bytes.appendDigits(time / 1_000 % 60, width: 2)
        bytes.append(UInt8(ascii: "."))
        bytes.appendDigits(time % 1_000, width: 3)
        bytes.append(UInt8(ascii: "Z"))
    }
}

/// Goes once through a timestamp; an error names the column at which it stands.
private struct TimestampScanner {
    private var position = 0

    mutating func parse(_ text: Span<UInt8>) throws(DataError) -> Int64 {
        let dayNumber = try date(text).dayNumber
        let midnight = dayNumber * RFC3339.dayMilliseconds
        if position == text.count { return midnight }
        guard text[position] | 0x20 == UInt8(ascii: "t") || text[position] == ASCII.space else {
            throw fault("expected `T` and a time, or nothing, after the date")
        }
        position += 1
        let hour = try number(text, digits: 2, in: 0...23, "an hour from 00 to 23")
        try expect(text, ASCII.colon)
        let minute = try number(text, digits: 2, in: 0...59, "a minute from 00 to 59")
        try expect(text, ASCII.colon)
        let secondPosition = position
        let second = try number(text, digits: 2, in: 0...60, "a second from 00 to 59")
        let fraction = try fractionMilliseconds(text)
        let offset = try offsetMinutes(text)
        guard position == text.count else { throw fault("unexpected text after the time") }
        let utcMinute = hour * 60 + minute - offset
        if second == 60, (utcMinute + 1) % 1_440 != 0 {
            position = secondPosition
            throw fault("expected a second from 00 to 59")
        }
        let milliseconds = midnight + (utcMinute * 60 + second) * 1_000 + fraction
        // An offset leads out of the years that have a form.
        guard RFC3339.range.contains(milliseconds) else {
            position = 0
            throw fault("expected a time of the years 0000 to 9999 in UTC")
        }
        return milliseconds
    }

    private mutating func date(_ text: Span<UInt8>) throws(DataError) -> CivilDate {
        let year = try number(text, digits: 4, in: 0...9_999, "a time such as 2026-01-02T03:04:05Z or a date")
        try expect(text, ASCII.minus)
        let month = try number(text, digits: 2, in: 1...12, "a month from 01 to 12")
        try expect(text, ASCII.minus)
        let length = CivilDate.length(ofMonth: month, year: year)
        let day = try number(text, digits: 2, in: 1...length, "a day from 01 to \(length)")
        return CivilDate(year: year, month: month, day: day)
    }

    private mutating func fractionMilliseconds(_ text: Span<UInt8>) throws(DataError) -> Int64 {
        guard position < text.count, text[position] == UInt8(ascii: ".") else { return 0 }
        position += 1
        let start = position
        var value: Int64 = 0
        var unit: Int64 = 100
        while position < text.count, ASCII.isDigit(text[position]) {
            value += unit * Int64(text[position] - ASCII.zero)
            unit /= 10
            position += 1
        }
        guard position > start else { throw fault("expected a digit after `.`") }
        return value
    }

    private mutating func offsetMinutes(_ text: Span<UInt8>) throws(DataError) -> Int64 {
        guard position < text.count else { throw fault("expected `Z` or an offset such as `+01:00`") }
        let sign: Int64
        switch text[position] {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            position += 1
            return 0
        case UInt8(ascii: "+"): sign = 1
        case ASCII.minus: sign = -1
        default: throw fault("expected `Z` or an offset such as `+01:00`")
        }
        position += 1
        let hours = try number(text, digits: 2, in: 0...23, "an hour from 00 to 23")
        try expect(text, ASCII.colon)
        let minutes = try number(text, digits: 2, in: 0...59, "a minute from 00 to 59")
        return sign * (hours * 60 + minutes)
    }

    private mutating func number(
        _ text: Span<UInt8>, digits: Int, in range: ClosedRange<Int64>, _ what: String
    ) throws(DataError) -> Int64 {
        var value: Int64 = 0
        for index in position..<position + digits {
            guard index < text.count, ASCII.isDigit(text[index]) else { throw fault("expected \(what)") }
            value = value * 10 + Int64(text[index] - ASCII.zero)
        }
        guard range.contains(value) else { throw fault("expected \(what)") }
        position += digits
        return value
    }

    private mutating func expect(_ text: Span<UInt8>, _ byte: UInt8) throws(DataError) {
        guard position < text.count, text[position] == byte else {
            throw fault("expected `\(Character(Unicode.Scalar(byte)))`")
        }
        position += 1
    }

    private func fault(_ message: String) -> DataError {
        DataError(.syntax, line: 1, column: position + 1, message)
    }
}
