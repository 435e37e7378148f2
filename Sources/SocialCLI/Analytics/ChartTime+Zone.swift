// Charts know no time zones, and time zones no charts: here they meet.

internal import Formats
internal import Terminal

extension ChartTime {
    /// A moment as clocks in a zone show it.
    init(_ milliseconds: Int64, in zone: ZoneRules) {
        let time = zone.civilTime(atMilliseconds: milliseconds)
        self.init(
            milliseconds: milliseconds, year: time.year, month: time.month, day: time.day, weekday: time.weekday,
            hour: time.hour, minute: time.minute)
    }
}
