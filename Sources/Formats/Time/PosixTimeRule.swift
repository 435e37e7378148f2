// The rule by which a zone goes on, as POSIX writes it in the variable TZ, with the hours beyond a day of RFC 9636
// (section 3.3.1): `WET0WEST,M3.5.0/1,M10.5.0`.

/// A standard time, and perhaps a summer time in a part of each year.
struct PosixTimeRule: Equatable, Sendable {
    /// A day of the year at which clocks are set, and the time that they show then.
    struct Turn: Equatable, Sendable {
        enum Day: Equatable, Sendable {
            /// A day from 1 to 365; 29 February is never counted.
            case julian(Int64)
            /// A day from 0 to 365; 29 February is counted.
            case ordinal(Int64)
            /// The so manieth weekday (0 is Sunday) of a month; the fifth is the last.
            case weekday(month: Int64, week: Int64, day: Int64)
        }

        let day: Day
        let seconds: Int64

        /// The moment in a year, in seconds of the clock that is valid until then.
        func localSeconds(inYear year: Int64) -> Int64 {
            let number: Int64 =
                switch day {
                case .julian(let day):
                    CivilDate(year: year, month: 1, day: day + (CivilDate.isLeap(year) && day > 59 ? 1 : 0)).dayNumber
                case .ordinal(let day): CivilDate(year: year, month: 1, day: day + 1).dayNumber
                case .weekday(let month, let week, let day): Self.dayNumber(year, month, week, day)
                }
            return number * 86_400 + seconds
        }

        private static func dayNumber(_ year: Int64, _ month: Int64, _ week: Int64, _ day: Int64) -> Int64 {
            let first = CivilDate(year: year, month: month, day: 1).dayNumber
            // The first day of 1970 was a Thursday, which is 4.
            let weekday = first + 4 - (first + 4).flooredQuotient(7) * 7
            let place = (day - weekday + 7) % 7 + (week - 1) * 7
            return first + (place < CivilDate.length(ofMonth: month, year: year) ? place : place - 7)
        }
    }

    let standardOffset: Int64
    /// The offset of the summer time, and when it begins and ends.
    private let summer: Summer?

    private struct Summer: Equatable, Sendable {
        let offset: Int64
        let start: Turn
        let end: Turn
    }

    /// Reads a rule; nil when the text is none.
    init?(_ text: some Collection<UInt8>) {
        var scanner = Scanner(rest: Array(text)[...])
        guard scanner.name(), let standard = scanner.offset() else { return nil }
        standardOffset = -standard
        if scanner.rest.isEmpty {
            summer = nil
            return
        }
        guard scanner.name() else { return nil }
        var offset = standardOffset + 3_600
        if scanner.rest.first != UInt8(ascii: ",") {
            guard let given = scanner.offset() else { return nil }
            offset = -given
        }
        guard let start = scanner.turn(), let end = scanner.turn(), scanner.rest.isEmpty else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }

    /// The offset at a second.
    func offset(at seconds: Int64) -> Int64 {
        guard let summer else { return standardOffset }
        let year = CivilDate(dayNumber: (seconds + standardOffset).flooredQuotient(86_400)).year
        return turns(summer, year - 1...year + 1).last { $0.seconds <= seconds }?.offsetSeconds ?? standardOffset
    }

    /// The moments after a second, up to another and with it, at which the offset changes.
    func changes(after start: Int64, through end: Int64) -> [ZoneRules.Change] {
        guard let summer, start < end else { return [] }
        let first = CivilDate(dayNumber: start.flooredQuotient(86_400)).year - 1
        let last = CivilDate(dayNumber: end.flooredQuotient(86_400)).year + 1
        var offset = offset(at: start)
        var changes: [ZoneRules.Change] = []
        for turn in turns(summer, first...last) where turn.seconds > start && turn.seconds <= end {
            if turn.offsetSeconds == offset { continue }
            changes.append(turn)
            offset = turn.offsetSeconds
        }
        return changes
    }

    /// The turns of some years, ascending; where summer begins as another ends, only its beginning.
    private func turns(_ summer: Summer, _ years: ClosedRange<Int64>) -> [ZoneRules.Change] {
        var turns: [(change: ZoneRules.Change, isStart: Bool)] = []
        for year in years {
            let start = summer.start.localSeconds(inYear: year) - standardOffset
            let end = summer.end.localSeconds(inYear: year) - summer.offset
            turns.append((.init(seconds: start, offsetSeconds: summer.offset), true))
            turns.append((.init(seconds: end, offsetSeconds: standardOffset), false))
        }
        turns.sort { ($0.change.seconds, $0.isStart ? 1 : 0) < ($1.change.seconds, $1.isStart ? 1 : 0) }
        var kept: [ZoneRules.Change] = []
        for (turn, _) in turns {
            if kept.last?.seconds == turn.seconds { kept.removeLast() }
            kept.append(turn)
        }
        return kept
    }
}

/// Goes once through a rule.
private struct Scanner {
    var rest: ArraySlice<UInt8>

    /// Goes past a name of at least three letters, or of letters, digits and signs in angle brackets.
    mutating func name() -> Bool {
        if take(UInt8(ascii: "<")) {
            let name = rest.prefix { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 0x2B || $0 == ASCII.minus }
            rest = rest.dropFirst(name.count)
            return name.count >= 3 && take(UInt8(ascii: ">"))
        }
        let name = rest.prefix(while: ASCII.isLetter)
        rest = rest.dropFirst(name.count)
        return name.count >= 3
    }

    /// An offset of less than 25 hours, in seconds to the west.
    mutating func offset() -> Int64? { time(hoursMax: 24) }

    /// `,M10.5.0/3`; without a time it is two o'clock.
    mutating func turn() -> PosixTimeRule.Turn? {
        guard take(UInt8(ascii: ",")), let day = day() else { return nil }
        guard take(UInt8(ascii: "/")) else { return .init(day: day, seconds: 7_200) }
        return time(hoursMax: 167).map { .init(day: day, seconds: $0) }
    }

    private mutating func day() -> PosixTimeRule.Turn.Day? {
        if take(UInt8(ascii: "J")) { return number(1...365).map { .julian($0) } }
        guard take(UInt8(ascii: "M")) else { return number(0...365).map { .ordinal($0) } }
        guard let month = number(1...12), take(UInt8(ascii: ".")), let week = number(1...5), take(UInt8(ascii: ".")),
            let day = number(0...6)
        else { return nil }
        return .weekday(month: month, week: week, day: day)
    }

    private mutating func time(hoursMax: Int64) -> Int64? {
        let isNegative = take(ASCII.minus)
        if !isNegative { _ = take(UInt8(ascii: "+")) }
        guard let hours = number(0...hoursMax) else { return nil }
        var seconds = hours * 3_600
        for unit: Int64 in [60, 1] where take(ASCII.colon) {
            guard let part = number(0...59) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    private mutating func number(_ range: ClosedRange<Int64>) -> Int64? {
        let digits = rest.prefix(while: ASCII.isDigit)
        guard !digits.isEmpty, digits.count <= 3 else { return nil }
        rest = rest.dropFirst(digits.count)
        let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - ASCII.zero) }
        return range.contains(number) ? number : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }
}
