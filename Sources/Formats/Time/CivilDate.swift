// The calendar in integers: a day number since 1970-01-01 to year, month and day, and back. Proleptic Gregorian, as
// ISO 8601 and RFC 3339 count; the method is that of Reingold and Dershowitz, "Calendrical Calculations", chapter 2.

/// A day of the Gregorian calendar.
struct CivilDate: Equatable {
    var year: Int64
    /// 1 to 12.
    var month: Int64
    /// 1 to 31.
    var day: Int64

    /// The days from 0001-01-01 to 1970-01-01.
    private static let daysBeforeEpoch: Int64 = 719_162
    private static let daysOfFourCenturies: Int64 = 146_097
    private static let daysOfCentury: Int64 = 36_524
    private static let daysOfFourYears: Int64 = 1_461

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date that is `dayNumber` days after 1970-01-01.
    init(dayNumber: Int64) {
        let days = dayNumber + Self.daysBeforeEpoch
        let fourCenturies = days.flooredQuotient(Self.daysOfFourCenturies)
        var rest = days - fourCenturies * Self.daysOfFourCenturies
        // The last day of a leap century and of a leap year would count as a fifth part: hence the bounds.
        let centuries = min(rest / Self.daysOfCentury, 3)
        rest -= centuries * Self.daysOfCentury
        let fourYears = rest / Self.daysOfFourYears
        rest -= fourYears * Self.daysOfFourYears
        let years = min(rest / 365, 3)
        rest -= years * 365
        year = fourCenturies * 400 + centuries * 100 + fourYears * 4 + years + 1
        month = 1
        while month < 12, rest >= Self.length(ofMonth: month, year: year) {
            rest -= Self.length(ofMonth: month, year: year)
            month += 1
        }
        day = rest + 1
    }

    /// The days since 1970-01-01.
    var dayNumber: Int64 {
        let before = year - 1
        var days = before * 365 + before.flooredQuotient(4) - before.flooredQuotient(100) + before.flooredQuotient(400)
        for earlier in 1..<month { days += Self.length(ofMonth: earlier, year: year) }
        return days + day - 1 - Self.daysBeforeEpoch
    }

    /// The days of a month; 0 for what is no month.
    static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 1, 3, 5, 7, 8, 10, 12: 31
        case 4, 6, 9, 11: 30
        case 2: isLeap(year) ? 29 : 28
        default: 0
        }
    }

    static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}

extension Int64 {
    /// The quotient rounded down, also for negative numbers; the divisor is positive.
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
