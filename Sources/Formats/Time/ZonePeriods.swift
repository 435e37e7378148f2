// Hours, days, weeks, months and years of a zone. Its days may have 23 or 25 hours, or no midnight; a day, a week, a
// month begins at the first moment at which the clock shows its date or a later one, so that the periods of a kind
// follow each other without gap or overlap, whatever clocks do. Hours are real ones: when clocks go back, the hour that
// is shown twice is two.

/// A kind of period.
package enum ZonePeriod: String, Sendable, CaseIterable {
    /// 60 seconds.
    case minute
    /// 60 minutes, fewer only where clocks are set by a part of an hour.
    case hour
    /// From midnight to midnight.
    case day
    /// From Monday to Monday.
    case week
    /// A month of the calendar.
    case month
    /// A year of the calendar.
    case year
}

extension ZoneRules {
    /// The period in which a moment lies: from its first millisecond to the first of the next.
    ///
    /// At the ends of representable time the range is cut off. A caller that sorts many moments into periods keeps the
    /// range, and asks again when a moment lies outside.
    package func range(of period: ZonePeriod, containing milliseconds: Int64) -> Range<Int64> {
        let seconds = milliseconds.flooredQuotient(1_000)
        let range =
            switch period {
            case .minute: clockRange(60, seconds)
            case .hour: clockRange(3_600, seconds)
            case .day, .week, .month, .year: calendarRange(period, seconds)
            }
        return Self.milliseconds(range.lowerBound)..<max(Self.milliseconds(range.upperBound), milliseconds)
    }

    /// The first millisecond of the period in which a moment lies.
    package func start(of period: ZonePeriod, containing milliseconds: Int64) -> Int64 {
        range(of: period, containing: milliseconds).lowerBound
    }

    /// The first millisecond of the period behind the one in which a moment lies.
    package func next(_ period: ZonePeriod, after milliseconds: Int64) -> Int64 {
        range(of: period, containing: milliseconds).upperBound
    }

    private static func milliseconds(_ seconds: Int64) -> Int64 {
        let (product, isOver) = seconds.multipliedReportingOverflow(by: 1_000)
        return isOver ? (seconds < 0 ? .min : .max) : product
    }

    // MARK: Hours and minutes

    /// The stretch of so many seconds by the clock.
    ///
    /// A change of the clock ends it only if the clock is set by a part of it: otherwise the minutes go on as if
    /// nothing had happened.
    private func clockRange(_ size: Int64, _ seconds: Int64) -> Range<Int64> {
        let offset = offset(at: seconds)
        var start = (seconds + offset).flooredQuotient(size) * size - offset
        var end = start + size
        var before = self.offset(at: start)
        for change in changes(after: start, through: end - 1) {
            let isShifted = (change.offsetSeconds - before) % size != 0
            before = change.offsetSeconds
            guard isShifted else { continue }
            if change.seconds <= seconds {
                start = change.seconds
            } else {
                end = change.seconds
                break
            }
        }
        return start..<end
    }

    // MARK: Days and more

    private func calendarRange(_ period: ZonePeriod, _ seconds: Int64) -> Range<Int64> {
        let day = (seconds + offset(at: seconds)).flooredQuotient(86_400)
        var first = Self.firstDay(of: period, containing: day)
        var next = Self.dayAfter(period, beginningAt: first)
        var end = start(ofDay: next)
        // Where clocks went back over midnight, the next period has begun though the clock shows this one again.
        while end <= seconds {
            first = next
            next = Self.dayAfter(period, beginningAt: first)
            end = start(ofDay: next)
        }
        return start(ofDay: first)..<end
    }

    /// The first second at which the clock shows the midnight of a day, or a later time.
    private func start(ofDay day: Int64) -> Int64 {
        let midnight = day * 86_400
        var start = midnight - Self.offsetSecondsMax - 1
        var offset = offset(at: start)
        for change in changes(after: start, through: midnight + Self.offsetSecondsMax + 1) {
            let moment = max(start, midnight - offset)
            if moment < change.seconds { return moment }
            (start, offset) = (change.seconds, change.offsetSeconds)
        }
        return max(start, midnight - offset)
    }

    /// The number of the first day of a period, counted from 1970-01-01.
    private static func firstDay(of period: ZonePeriod, containing day: Int64) -> Int64 {
        let date = CivilDate(dayNumber: day)
        return switch period {
        case .minute, .hour, .day: day
        // The first day of 1970 was a Thursday.
        case .week: (day + 3).flooredQuotient(7) * 7 - 3
        case .month: CivilDate(year: date.year, month: date.month, day: 1).dayNumber
        case .year: CivilDate(year: date.year, month: 1, day: 1).dayNumber
        }
    }

    /// The number of the first day behind a period.
    private static func dayAfter(_ period: ZonePeriod, beginningAt first: Int64) -> Int64 {
        let date = CivilDate(dayNumber: first)
        return switch period {
        case .minute, .hour, .day: first + 1
        case .week: first + 7
        case .month: first + CivilDate.length(ofMonth: date.month, year: date.year)
        case .year: first + (CivilDate.isLeap(date.year) ? 366 : 365)
        }
    }
}
