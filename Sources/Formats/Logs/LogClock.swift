// The times of access logs. Lines follow each other closely, so the day of the last one is kept.

/// Reads times such as `17/May/2015:10:05:03 +0000`.
struct LogClock {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        .map { Array($0.utf8) }
    private static let zoneMask: UInt64 = 0xFFFF_FFFF_FFFF
    /// The length of a time.
    static let length = 26

    /// The bytes 0 to 7 and 4 to 11 of the last time, `17/May/2` and `ay/2015:`.
    private var (head, tail): (UInt64, UInt64) = (0, 0)
    /// Its ` +0000`; more than six bytes can be if there is none.
    private var zone = UInt64.max
    /// The beginning of its day, in milliseconds since 1970.
    private var midnightMilliseconds: Int64 = 0
    /// How far its zone is ahead of UTC.
    private var offsetMinutes = 0

    /// The milliseconds since 1970 of the time at the cursor, which then stands behind it.
    ///
    /// A second 60 is allowed where a leap second may be, at 23:59 UTC, and counts as the next second.
    @inline(__always)
    mutating func local(_ cursor: inout LogCursor) throws(AccessLogFault) -> Int64 {
        let start = cursor
        let isKnown =
            cursor.word(0) == head && cursor.word(4) == tail && cursor.word(20).map { $0 & Self.zoneMask } == zone
        if !isKnown {
            let date = try date(&cursor)
            midnightMilliseconds = date.dayNumber * 86_400_000
            zone = .max
        } else {
            cursor.skip(12)
        }
        let minutes = try number(&cursor, digits: 2, upTo: 23) * 60 + minuteOfHour(&cursor)
        let column = cursor.column
        let second = try number(&cursor, digits: 2, upTo: 60)
        if isKnown { cursor.skip(6) } else { try keepZone(&cursor, start) }
        if second == 60, (minutes - offsetMinutes + 1) % 1_440 != 0 {
            throw AccessLogFault(.time, column: column)
        }
        return midnightMilliseconds + Int64(minutes * 60 + second) * 1_000
    }

    /// Reads the zone, and keeps the day and the zone of the time that began at `start`.
    @inline(never)
    private mutating func keepZone(_ cursor: inout LogCursor, _ start: LogCursor) throws(AccessLogFault) {
        try expect(&cursor, ASCII.space)
        offsetMinutes = try offset(&cursor)
        midnightMilliseconds -= Int64(offsetMinutes) * 60_000
        // If there are no two bytes behind the zone it is no whole word, and the next line is read as if it were new.
        guard let head = start.word(0), let tail = start.word(4), let zone = start.word(20) else { return }
        (self.head, self.tail, self.zone) = (head, tail, zone & Self.zoneMask)
    }

    /// `:05:`.
    @inline(__always)
    private func minuteOfHour(_ cursor: inout LogCursor) throws(AccessLogFault) -> Int {
        try expect(&cursor, ASCII.colon)
        let minute = try number(&cursor, digits: 2, upTo: 59)
        try expect(&cursor, ASCII.colon)
        return minute
    }

    /// `17/May/2015:`.
    @inline(never)
    private func date(_ cursor: inout LogCursor) throws(AccessLogFault) -> CivilDate {
        let dayColumn = cursor.column
        let day = try number(&cursor, digits: 2, upTo: 31)
        try expect(&cursor, ASCII.slash)
        let name = (cursor.byte(0), cursor.byte(1), cursor.byte(2))
        let found = Self.months.firstIndex { $0[0] == name.0 && $0[1] == name.1 && $0[2] == name.2 }
        guard let found else { throw AccessLogFault(.time, column: cursor.column) }
        cursor.skip(3)
        try expect(&cursor, ASCII.slash)
        let year = try number(&cursor, digits: 4, upTo: 9_999)
        try expect(&cursor, ASCII.colon)
        let date = CivilDate(year: Int64(year), month: Int64(found) + 1, day: Int64(day))
        guard day > 0, date.day <= CivilDate.length(ofMonth: date.month, year: date.year) else {
            throw AccessLogFault(.time, column: dayColumn)
        }
        return date
    }

    /// `+0100`, in minutes.
    private func offset(_ cursor: inout LogCursor) throws(AccessLogFault) -> Int {
        let isAhead = cursor.take(UInt8(ascii: "+"))
        if !isAhead { try expect(&cursor, ASCII.minus) }
        let hours = try number(&cursor, digits: 2, upTo: 23)
        let minutes = try number(&cursor, digits: 2, upTo: 59)
        return (hours * 60 + minutes) * (isAhead ? 1 : -1)
    }

    @inline(__always)
    private func number(_ cursor: inout LogCursor, digits: Int, upTo limit: Int) throws(AccessLogFault) -> Int {
        let column = cursor.column
        var value = 0
        for _ in 0..<digits {
            guard let digit = cursor.digit() else { throw AccessLogFault(.time, column: cursor.column) }
            value = value * 10 + digit
        }
        guard value <= limit else { throw AccessLogFault(.time, column: column) }
        return value
    }

    @inline(__always)
    private func expect(_ cursor: inout LogCursor, _ byte: UInt8) throws(AccessLogFault) {
        guard cursor.take(byte) else { throw AccessLogFault(.time, column: cursor.column) }
    }

    /// The milliseconds since 1970 of a whole text: a time as above, one of RFC 3339, or seconds or milliseconds since
    /// 1970.
    ///
    /// From 100,000,000,000 on, which as seconds would be in the year 5138, a number is milliseconds.
    mutating func any(_ text: LogCursor) throws(AccessLogFault) -> Int64 {
        var cursor = text
        if cursor.byte(2) == ASCII.slash {
            let time = try local(&cursor)
            guard cursor.isAtEnd else { throw AccessLogFault(.time, column: cursor.column) }
            return time
        }
        if cursor.byte(4) == ASCII.minus { return try cursor.timestamp() }
        let column = cursor.column
        guard let number = cursor.number(), number < 100_000_000_000_000 else {
            throw AccessLogFault(.time, column: column)
        }
        let isSeconds = number < 100_000_000_000
        var milliseconds = isSeconds ? number * 1_000 : number
        if cursor.take(UInt8(ascii: ".")) {
            var unit: Int64 = isSeconds ? 100 : 0
            while let digit = cursor.digit() {
                milliseconds += unit * Int64(digit)
                unit /= 10
            }
        }
        guard cursor.isAtEnd else { throw AccessLogFault(.time, column: cursor.column) }
        return milliseconds
    }
}
