// Times for charts: a calendar that counts day by day, so that no other module is needed.

import Terminal

extension ChartTime {
    /// The moment that many hours after the beginning of 2026, a Thursday.
    static func hours(_ hours: Int) -> ChartTime { minutes(hours * 60) }

    /// The moment that many minutes after the beginning of 2026.
    static func minutes(_ minutes: Int) -> ChartTime {
        var day = minutes / 1_440
        let weekday = (day + 3) % 7 + 1
        var (year, month) = (2_026, 1)
        func length() -> Int {
            switch month {
            case 2: year % 4 == 0 ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        }
        while day >= length() {
            day -= length()
            (year, month) = month == 12 ? (year + 1, 1) : (year, month + 1)
        }
        return ChartTime(
            milliseconds: 1_767_225_600_000 + Int64(minutes) * 60_000, year: Int64(year), month: month, day: day + 1,
            weekday: weekday, hour: minutes / 60 % 24, minute: minutes % 60)
    }
}

extension String {
    /// The lines of a text.
    var lines: [String] { split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

    /// The text without styles.
    var unstyled: String { replacing(/\u{1B}\[[0-9;]*m/, with: "") }
}
