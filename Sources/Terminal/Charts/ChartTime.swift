// A moment as a calendar names it. This module knows no time zones: who draws a chart says what the clock showed.

/// A moment with what calendar and clock of its zone show then.
package struct ChartTime: Hashable, Sendable {
    /// The milliseconds since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64
    /// The year.
    package let year: Int64
    /// The month, from 1.
    package let month: Int
    /// The day of the month, from 1.
    package let day: Int
    /// The day of the week, from 1 for Monday to 7 for Sunday.
    package let weekday: Int
    /// The hour, from 0.
    package let hour: Int
    /// The minute, from 0.
    package let minute: Int

    /// Makes a moment; what is out of range is brought into it.
    package init(
        milliseconds: Int64, year: Int64, month: Int, day: Int, weekday: Int, hour: Int = 0, minute: Int = 0
    ) {
        self.milliseconds = milliseconds
        self.year = year
        self.month = min(max(month, 1), 12)
        self.day = min(max(day, 1), 31)
        self.weekday = min(max(weekday, 1), 7)
        self.hour = min(max(hour, 0), 23)
        self.minute = min(max(minute, 0), 59)
    }

    /// How exactly times are named, the finest first.
    package enum Precision: Int, Comparable, Sendable {
        /// `Mon 2 Nov 2026 14:00`.
        case minute
        /// `Mon 2 Nov 2026`.
        case day
        /// `Nov 2026`.
        case month
        /// `2026`.
        case year

        /// Whether one is finer than another.
        package static func < (one: Precision, other: Precision) -> Bool { one.rawValue < other.rawValue }

        /// What tells apart moments that are so far from each other.
        init(spacingMilliseconds: Int64) {
            let hours = spacingMilliseconds / 3_600_000
            self = hours < 20 ? .minute : hours < 27 * 24 ? .day : hours < 360 * 24 ? .month : .year
        }
    }

    /// The moment with its year, for a text.
    package func name(_ precision: Precision) -> String {
        switch precision {
        case .minute: "\(dayName) \(year) \(clockName)"
        case .day: "\(dayName) \(year)"
        case .month: "\(monthName) \(year)"
        case .year: "\(year)"
        }
    }

    /// `14:00`.
    var clockName: String { Self.clockName(hour, minute) }

    /// An hour and a minute as a clock shows them.
    static func clockName(_ hour: Int, _ minute: Int) -> String {
        "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }

    /// `Mon 2 Nov`.
    var dayName: String { "\(weekdayName) \(day) \(monthName)" }
    /// `Mon`.
    var weekdayName: String { ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][weekday - 1] }
    /// `Nov`.
    var monthName: String {
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
    }
}
