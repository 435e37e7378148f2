// The divisions of time that an axis may show: where their marks stand, and what these are called.

/// A division of time.
enum TimeRule: Equatable {
    case minutes(Int)
    case hours(Int)
    /// Each day, with its weekday if there is room.
    case days(isNamed: Bool)
    /// Each second day, beginning with the first of the month.
    case secondDays
    /// Each Monday.
    case weeks
    case months(Int)
    case years(Int64)
    /// The first and the last point, wherever they are.
    case ends(ChartTime.Precision)

    /// The divisions, from the finest to the coarsest.
    static let all: [TimeRule] =
        [1, 5, 10, 15, 30].map(minutes) + [1, 2, 3, 6, 12].map(hours)
        + [.days(isNamed: true), .days(isNamed: false), .secondDays, .weeks] + [1, 3, 6].map(months)
        + [1, 2, 5, 10, 20, 50, 100, 1_000].map(years)

    /// About how long a part is: an hour or two more than it lasts, as clocks may be set back in it.
    var milliseconds: Int64 {
        let hour: Int64 = 3_600_000
        return switch self {
        case .minutes(let count): Int64(count) * 60_000
        case .hours(let count): Int64(count) * hour
        case .days: 26 * hour
        case .secondDays: 50 * hour
        case .weeks: 170 * hour
        case .months(let count): Int64(count) * 746 * hour
        case .years(let count): count * 366 * 24 * hour
        case .ends: .max
        }
    }

    /// The points at which a part begins; nil if they are more than so many.
    func indices(_ times: [ChartTime], spacing: Int64, countMax: Int) -> [Int]? {
        guard let first = times.first else { return [] }
        var indices: [Int] = []
        var last = part(first)
        if begins(first, spacing: spacing) { indices.append(0) }
        for index in times.indices.dropFirst() {
            let part = part(times[index])
            if part == last { continue }
            last = part
            if self == .secondDays, times[index].day.isMultiple(of: 2) || times[index].day == 31 { continue }
            indices.append(index)
            if indices.count > countMax { return nil }
        }
        return indices
    }

    /// A number that is the same within a part, and another in the next.
    private func part(_ time: ChartTime) -> Int64 {
        let months = time.year &* 12 &+ Int64(time.month - 1)
        let days = months &* 31 &+ Int64(time.day - 1)
        return switch self {
        case .minutes(let count): (days &* 24 &+ Int64(time.hour)) &* 60 &+ Int64(time.minute / count * count)
        case .hours(let count): days &* 24 &+ Int64(time.hour / count * count)
        case .days, .secondDays: days
        case .weeks: time.dayNumber &- Int64(time.weekday)
        case .months(let count): months / Int64(count)
        case .years(let count): time.year / count
        case .ends: 0
        }
    }

    /// Whether a part begins at the first point, before which there is none to compare it with.
    private func begins(_ time: ChartTime, spacing: Int64) -> Bool {
        // A day may begin later than at midnight, where clocks went forward then.
        let isMidnight = time.hour == 0 && time.minute == 0 || spacing >= 72_000_000
        return switch self {
        case .minutes(let count): time.minute.isMultiple(of: count)
        case .hours(let count): time.minute == 0 && time.hour.isMultiple(of: count)
        case .days: isMidnight
        case .secondDays: isMidnight && !time.day.isMultiple(of: 2) && time.day < 31
        case .weeks: isMidnight && time.weekday == 1
        case .months(let count): isMidnight && time.day == 1 && (time.month - 1).isMultiple(of: count)
        case .years(let count): isMidnight && time.day == 1 && time.month == 1 && time.year.isMultiple(of: count)
        case .ends: true
        }
    }

    /// The name of a mark; where several points are drawn as one, the first may lie behind the round time.
    func name(_ time: ChartTime) -> String {
        switch self {
        case .minutes(let count): ChartTime.clockName(time.hour, time.minute / count * count)
        case .hours(let count): ChartTime.clockName(time.hour / count * count, 0)
        case .ends(.minute): time.clockName
        case .days(isNamed: true): "\(time.weekdayName) \(time.day)"
        case .days, .secondDays, .weeks, .ends(.day): "\(time.day)"
        case .months, .ends(.month): time.monthName
        case .years, .ends(.year): "\(time.year)"
        }
    }

    /// What the name leaves out; nil for nothing.
    func context(_ time: ChartTime) -> String? {
        switch self {
        case .minutes, .hours, .ends(.minute): "\(time.dayName) \(time.year)"
        case .days, .secondDays, .weeks, .ends(.day): "\(time.monthName) \(time.year)"
        case .months, .ends(.month): "\(time.year)"
        case .years, .ends(.year): nil
        }
    }

    /// What the name leaves out, as it is written; days have their year only the first time.
    func fullContext(_ time: ChartTime, isFirst: Bool) -> String {
        switch self {
        case .minutes, .hours, .ends(.minute): isFirst ? "\(time.dayName) \(time.year)" : time.dayName
        default: context(time) ?? ""
        }
    }
}

extension ChartTime {
    /// The number of the day, counted from any other.
    fileprivate var dayNumber: Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days =
            [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1] + day + (isLeap && month > 2 ? 1 : 0)
        let before = year &- 1
        return before &* 365 &+ before / 4 &- before / 100 &+ before / 400 &+ Int64(days)
    }
}
