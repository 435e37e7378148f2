// Which backups stay: the last few, and the last one of each of so many days, weeks and months.

internal import Formats

/// Rules by which backups are kept; a backup that any of them keeps stays.
package struct BackupRules: Sendable {
    /// The newest.
    package var last = 0
    /// The newest of each day, of so many days that have one; days begin at midnight UTC.
    package var daily = 0
    /// The newest of each week from Monday on.
    package var weekly = 0
    /// The newest of each month.
    package var monthly = 0

    /// Rules that keep nothing but the newest backup.
    package init() {}

    /// Which of some backups stay, from their moments in order; the newest always does.
    package func kept(_ times: [Timestamp]) -> [Bool] {
        var kept = times.indices.map { $0 >= times.count - max(1, last) }
        let periods: [(count: Int, name: (Timestamp) -> String)] = [
            // 1970-01-01 was a Thursday.
            (daily, { "\($0.day)" }), (weekly, { "\(($0.day + 3) / 7)" }),
            (monthly, { String(RFC3339.format($0.milliseconds).prefix(7)) }),
        ]
        for (count, period) in periods {
            var (latest, left) = ("", count)
            for index in times.indices.reversed() where left > 0 && period(times[index]) != latest {
                kept[index] = true
                latest = period(times[index])
                left -= 1
            }
        }
        return kept
    }
}
