// The calendar of the place that `--tz` names: when its hours, days, weeks and months begin, and what its clocks show.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

/// A stretch of the calendar.
enum CalendarUnit: String, CaseIterable, Sendable {
    case hour, day, week, month

    fileprivate var period: ZonePeriod {
        switch self {
        case .hour: .hour
        case .day: .day
        case .week: .week
        case .month: .month
        }
    }
}

/// The calendar of a place.
struct LocalCalendar {
    /// What the place is called.
    let name: String
    private let rules: ZoneRules

    /// The calendar that a line asks for.
    init(_ session: Session) throws {
        name = session.invocation[AnalyticsNoun.zone]
        rules = try LocalCalendar.rules(name, session)
    }

    private static func rules(_ name: String, _ session: Session) throws -> ZoneRules {
        let environment = session.world.environment
        var place = name == "local" ? environment("TZ") ?? "/etc/localtime" : name
        // As the C library reads TZ: a colon may stand before a name, and nothing at all is UTC.
        if place.hasPrefix(":") { place.removeFirst() }
        if let fixed = ZoneRules(offset: place.isEmpty ? "UTC" : place) { return fixed }
        let isPath = name == "local" && place.hasPrefix("/")
        let folder = environment("TZDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/share/zoneinfo"
        let what = name == "local" ? "TZ names no time zone: \"\(place)\"" : "there is no time zone \"\(name)\""
        let unknown = session.invocation.error(
            .invalidValue, what, about: AnalyticsNoun.zone,
            hint: "names are those of the files in \(folder), such as Europe/Lisbon; or give +02:00 or local")
        guard isPath || ZoneRules.isName(place) else { throw unknown }
        let path = isPath ? place : "\(folder)/\(place)"
        let bytes: [UInt8]
        do { bytes = try FileSystem().contents(of: path) } catch {
            // A machine that does not say where it is has UTC.
            if path == "/etc/localtime", error.code == .noSuchFile { return .utc }
            throw unknown
        }
        do { return try ZoneRules(timeZoneFile: bytes) } catch { throw FileError(file: path, error) }
    }

    /// When a date begins that in UTC begins at so many milliseconds.
    func startOfDate(_ midnight: Int64) -> Timestamp {
        let noon = midnight + 43_200_000
        let local = noon - Int64(rules.offsetSeconds(atMilliseconds: noon)) * 1_000
        return Timestamp(milliseconds: rules.start(of: .day, containing: local))
    }

    /// When the hour, day, week or month begins in which a moment lies.
    func start(of unit: CalendarUnit, containing time: Timestamp) -> Timestamp {
        Timestamp(milliseconds: rules.start(of: unit.period, containing: time.milliseconds))
    }

    /// When the next one begins.
    func start(of unit: CalendarUnit, after time: Timestamp) -> Timestamp {
        Timestamp(milliseconds: rules.next(unit.period, after: time.milliseconds))
    }

    /// A moment as the clocks of the place show it: `2026-03-29 02:00 +01:00`.
    func label(_ time: Timestamp) -> String {
        let text = rules.civilTime(atMilliseconds: time.milliseconds).text
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) \(text.suffix(6))"
    }

    /// A moment as charts name it.
    func chartTime(_ time: Timestamp) -> ChartTime { ChartTime(time.milliseconds, in: rules) }
}
