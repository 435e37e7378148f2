// A moment as people in some place name it.

/// What calendar and clock show.
package struct CivilTime: Equatable, Sendable {
    /// The year, counted through zero.
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
    /// The second, from 0.
    package let second: Int
    /// What has been added to UTC.
    package let offsetSeconds: Int

    /// The moment at which clocks show so many seconds more than at the beginning of 1970.
    init(localSeconds: Int64, offsetSeconds: Int) {
        let dayNumber = localSeconds.flooredQuotient(86_400)
        let time = Int(localSeconds - dayNumber * 86_400)
        let date = CivilDate(dayNumber: dayNumber)
        (year, month, day) = (date.year, Int(date.month), Int(date.day))
        // The first day of 1970 was a Thursday.
        weekday = Int(dayNumber + 3 - (dayNumber + 3).flooredQuotient(7) * 7) + 1
        (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60)
        self.offsetSeconds = offsetSeconds
    }

    /// `2026-11-02T14:00:00+01:00`, as RFC 3339 writes it.
    package var text: String {
        var bytes: [UInt8] = []
        let seconds = CivilDate(year: year, month: Int64(month), day: Int64(day)).dayNumber * 86_400
        RFC3339.append((seconds + Int64(hour * 3_600 + minute * 60 + second)) * 1_000, to: &bytes)
        let minutes = abs(offsetSeconds) / 60
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let zone = "\(offsetSeconds < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))"
        // Without milliseconds and `Z`.
        return String(decoding: bytes.dropLast(5), as: UTF8.self) + zone
    }
}
