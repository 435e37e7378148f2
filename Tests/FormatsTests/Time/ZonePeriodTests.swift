// Days without midnight, hours that come twice, and a model that looks at every quarter of an hour.

import Formats
import Testing

@Suite("Periods of a time zone")
struct ZonePeriodTests {
    @Test(
        "have as many hours as there really are",
        arguments: [
            (ZonePeriod.day, "2026-03-29T12:00:00Z", "2026-03-29T00:00:00+00:00 2026-03-30T00:00:00+01:00 1380"),
            (.day, "2026-10-25T12:00:00Z", "2026-10-25T00:00:00+01:00 2026-10-26T00:00:00+00:00 1500"),
            (.hour, "2026-10-25T00:30:00Z", "2026-10-25T01:00:00+01:00 2026-10-25T01:00:00+00:00 60"),
            (.hour, "2026-10-25T01:30:00Z", "2026-10-25T01:00:00+00:00 2026-10-25T02:00:00+00:00 60"),
            (.hour, "2026-03-29T00:30:00Z", "2026-03-29T00:00:00+00:00 2026-03-29T02:00:00+01:00 60"),
            (.week, "2026-10-25T23:59:59Z", "2026-10-19T00:00:00+01:00 2026-10-26T00:00:00+00:00 10140"),
            (.month, "2026-10-31T23:59:59Z", "2026-10-01T00:00:00+01:00 2026-11-01T00:00:00+00:00 44700"),
            (.year, "2026-06-01T00:00:00Z", "2026-01-01T00:00:00+00:00 2027-01-01T00:00:00+00:00 525600"),
            (.minute, "2026-06-01T00:00:59Z", "2026-06-01T01:00:00+01:00 2026-06-01T01:01:00+01:00 1"),
        ])
    func lisbon(period: ZonePeriod, utc: String, expected: String) throws {
        #expect(try ZoneRules(rule: "WET0WEST,M3.5.0/1,M10.5.0").period(period, utc) == expected)
    }

    /// São Paulo in 2018: clocks went from midnight to one o'clock.
    private static let saoPaulo = ZoneBytes(
        offsets: [-10_800, -7_200], changes: [(1_541_300_400, 1), (1_550_368_800, 0)], rule: "<-03>3")

    @Test("begin later than at midnight where that does not exist")
    func withoutMidnight() throws {
        let zone = try Self.saoPaulo.zone
        let day = try zone.period(.day, "2018-11-04T12:00:00Z")
        #expect(day == "2018-11-04T01:00:00-02:00 2018-11-05T00:00:00-02:00 1380")
        #expect(
            try zone.period(.day, "2018-11-04T02:59:59Z") == "2018-11-03T00:00:00-03:00 2018-11-04T01:00:00-02:00 1440")
        // Back again: the day before has its last hour twice.
        #expect(
            try zone.period(.day, "2019-02-17T02:30:00Z") == "2019-02-16T00:00:00-02:00 2019-02-17T00:00:00-03:00 1500")
        let beirut = try ZoneRules(rule: "EET-2EEST,M3.5.0/0,M10.5.0/0")
        let spring = try beirut.period(.day, "2026-03-29T12:00:00Z")
        #expect(spring == "2026-03-29T01:00:00+03:00 2026-03-30T00:00:00+03:00 1380")
    }

    @Test("follow each other where clocks are set by half an hour, or stand half an hour apart")
    func halfHours() throws {
        let lordHowe = try ZoneRules(rule: "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0")
        let expected = [
            ("2026-04-04T14:30:00Z", "2026-04-05T01:00:00+11:00 2026-04-05T01:30:00+10:30 60"),
            ("2026-04-04T15:10:00Z", "2026-04-05T01:30:00+10:30 2026-04-05T02:00:00+10:30 30"),
            ("2026-10-03T15:40:00Z", "2026-10-04T02:30:00+11:00 2026-10-04T03:00:00+11:00 30"),
        ]
        for (utc, range) in expected { #expect(try lordHowe.period(.hour, utc) == range) }
        let nepal = try #require(ZoneRules(offset: "+05:45"))
        #expect(
            try nepal.period(.hour, "2026-01-01T00:00:00Z")
                == "2026-01-01T05:00:00+05:45 2026-01-01T06:00:00+05:45 60")
    }

    @Test("do not come twice where clocks go back over midnight, nor at all where a day is left out")
    func overMidnight() throws {
        // Newfoundland in 2006: at one minute past midnight back to one past eleven.
        let newfoundland = try ZoneBytes(offsets: [-9_000, -12_600], changes: [(1_162_089_060, 1)]).zone
        let saturday = "2006-10-28T00:00:00-02:30 2006-10-29T00:00:00-02:30 1440"
        let sunday = "2006-10-29T00:00:00-02:30 2006-10-30T00:00:00-03:30 1500"
        #expect(try newfoundland.period(.day, "2006-10-29T02:29:59Z") == saturday)
        #expect(try newfoundland.period(.day, "2006-10-29T02:30:30Z") == sunday)
        #expect(try newfoundland.period(.day, "2006-10-29T03:00:00Z") == sunday)
        // Samoa went over the date line: 30 December 2011 never was.
        let samoa = try ZoneBytes(offsets: [-36_000, 50_400], changes: [(1_325_239_200, 1)]).zone
        let thursday = "2011-12-29T00:00:00-10:00 2011-12-31T00:00:00+14:00 1440"
        #expect(try samoa.period(.day, "2011-12-30T09:59:59Z") == thursday)
        #expect(
            try samoa.period(.day, "2011-12-30T10:00:00Z") == "2011-12-31T00:00:00+14:00 2012-01-01T00:00:00+14:00 1440"
        )
    }

    @Test("never trap at the ends of time", arguments: ZonePeriod.allCases)
    func extremes(period: ZonePeriod) throws {
        let zones = [
            ZoneRules.utc, try ZoneRules(rule: "EST5EDT,M3.2.0,M11.1.0"),
            try ZoneBytes(offsets: [0, 93_599, -93_599], changes: [(.min, 1), (0, 2), (.max, 0)]).zone,
        ]
        for zone in zones {
            for time in [Int64.min, .min + 1, 0, .max - 1, .max] {
                let range = zone.range(of: period, containing: time)
                #expect(range.lowerBound <= time && range.upperBound >= time)
            }
        }
    }

    @Test("are those of a model that looks at every quarter of an hour")
    func model() throws {
        var random = SeededGenerator("periods of time zones")
        for _ in 0..<40 {
            let zone = RandomZone(&random)
            let rules = try zone.bytes.zone
            let model = ZoneModel(zone)
            for _ in 0..<6 {
                let time = Int64(random.below(86_400 * 40)) + ZoneModel.first + 86_400 * 40
                for period in [ZonePeriod.hour, .day, .week, .month] {
                    let range = rules.range(of: period, containing: time * 1_000 + Int64(random.below(1_000)))
                    let expected = model.range(period, time)
                    #expect(
                        range == expected.lowerBound * 1_000..<expected.upperBound * 1_000,
                        "seed \(random.seed): \(period) at \(time) in \(zone)")
                }
            }
        }
    }
}

/// A zone whose clocks are set now and then by quarters of an hour, also over midnight and the date line.
private struct RandomZone {
    let offsets: [Int]
    let changes: [(seconds: Int64, offset: Int)]

    init(_ random: inout SeededGenerator) {
        let steps = [900, 1_800, 3_600, 3_600, 3_600, 7_200, 86_400]
        var all = [(random.below(97) - 48) * 900]
        var changes: [(seconds: Int64, offset: Int)] = []
        var time = ZoneModel.first
        while true {
            time += Int64(1 + random.below(96 * 20)) * 900
            if time > ZoneModel.last { break }
            let step = steps[random.below(steps.count)] * (random.below(2) == 0 ? 1 : -1)
            // Often at midnight, where it matters most.
            let last = all[all.count - 1]
            let local = time + Int64(last)
            let midnight = local - local % 86_400 - Int64(last)
            if random.below(2) == 0, midnight > changes.last?.seconds ?? ZoneModel.first { time = midnight }
            let offset = last + step
            all.append(abs(offset) > 90_000 ? last - step : offset)
            changes.append((time, all.count - 1))
        }
        (offsets, self.changes) = (all, changes)
    }

    var bytes: ZoneBytes { ZoneBytes(offsets: offsets, changes: changes) }

    func offset(_ seconds: Int64) -> Int64 {
        Int64(offsets[changes.last { $0.seconds <= seconds }?.offset ?? 0])
    }
}

/// What the clocks of a zone have shown at the latest, at every quarter of an hour of four months.
private struct ZoneModel {
    /// 2026-01-01 and four months later.
    static let first: Int64 = 1_767_225_600
    static let last: Int64 = first + 86_400 * 120

    private let zone: RandomZone
    private let latest: [Int64]

    init(_ zone: RandomZone) {
        self.zone = zone
        var latest: [Int64] = []
        for time in stride(from: Self.first - 86_400 * 3, through: Self.last, by: 900) {
            latest.append(max(latest.last ?? .min, time + zone.offset(time)))
        }
        self.latest = Array(latest.dropFirst(96 * 3))
    }

    func range(_ period: ZonePeriod, _ time: Int64) -> Range<Int64> {
        let place = Int((time - Self.first) / 900)
        if period == .hour { return hour(place) }
        var names: [Int64: String] = [:]
        func name(_ place: Int) -> String {
            let day = latest[place] / 86_400
            if let name = names[day] { return name }
            let text = RFC3339.format(day * 86_400_000)
            let name = period == .day ? "\(day)" : period == .week ? "\((day + 3) / 7)" : String(text.prefix(7))
            names[day] = name
            return name
        }
        var (start, end) = (place, place)
        while start > 0, name(start - 1) == name(place) { start -= 1 }
        while end < latest.count, name(end) == name(place) { end += 1 }
        return moment(start)..<moment(end)
    }

    /// A quarter begins an hour if the clock shows a whole one, or has just been set by a part of one.
    private func hour(_ place: Int) -> Range<Int64> {
        func begins(_ place: Int) -> Bool {
            let time = moment(place)
            let offset = zone.offset(time)
            return (time + offset) % 3_600 == 0 || (offset - zone.offset(time - 900)) % 3_600 != 0
        }
        var (start, end) = (place, place + 1)
        while !begins(start) { start -= 1 }
        while !begins(end) { end += 1 }
        return moment(start)..<moment(end)
    }

    private func moment(_ place: Int) -> Int64 { Self.first + Int64(place) * 900 }
}
