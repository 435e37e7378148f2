// Time zones against changes of the clock that are on record.

import Formats
import Testing

@Suite("Time zones")
struct ZoneRulesTests {
    private static let lisbon = "WET0WEST,M3.5.0/1,M10.5.0"

    @Test(
        "are written as offsets",
        arguments: [
            ("UTC", 0), ("Z", 0), ("+02:00", 7_200), ("-0330", -12_600), ("+5", 18_000), ("-11", -39_600),
            ("+05:45", 20_700),
        ] as [(String, Int)])
    func offset(text: String, expected: Int) throws {
        let zone = try #require(ZoneRules(offset: text))
        #expect(zone.offsetSeconds(atMilliseconds: 0) == expected)
        #expect(zone.offsetSeconds(atMilliseconds: .max) == expected)
    }

    @Test(
        "are not written otherwise",
        arguments: [
            "", "+", "2", "+24", "+02:60", "+2:00", "02:00", "+02:0", "+123", "++2", "+02:00x", "Europe/Lisbon",
        ])
    func noOffset(text: String) {
        #expect(ZoneRules(offset: text) == nil)
    }

    @Test("have names that lead nowhere else")
    func names() {
        for name in ["Europe/Lisbon", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "UTC", "America/Port-au-Prince"] {
            #expect(ZoneRules.isName(name), "\(name)")
        }
        let long = String(repeating: "a", count: 101)
        for name in [
            "", "/etc/passwd", "../x", "Europe/../x", "Europe//x", "Europe/", "a b", "a\0", "Zürich", ".x", long,
        ] {
            #expect(!ZoneRules.isName(name), "\(name)")
        }
    }

    @Test(
        "change at the second that their file names, in the old form and in the new", arguments: [nil, "2", "3", "4"])
    func changes(version: Character?) throws {
        let zone = try ZoneBytes(
            version: version, offsets: [-2_205, 0, 3_600], changes: [(-1_000, 1), (5_000, 2), (9_000, 0)]
        ).zone
        let expected: [(Int64, Int)] = [
            (.min, -2_205), (-1_000_001, -2_205), (-1_000_000, 0), (4_999_999, 0), (5_000_000, 3_600),
            (8_999_999, 3_600), (9_000_000, -2_205), (.max, -2_205),
        ]
        for (time, offset) in expected { #expect(zone.offsetSeconds(atMilliseconds: time) == offset, "\(time)") }
    }

    @Test("go on by their rule behind the last change, and not before it")
    func footer() throws {
        let zone = try ZoneBytes(
            offsets: [18_000, 0], changes: [(1_600_000_000, 1)], rule: Self.lisbon
        ).zone
        #expect(try zone.text("2020-07-01T00:00:00Z") == "2020-07-01T05:00:00+05:00")
        #expect(try zone.text("2026-03-29T00:59:59Z") == "2026-03-29T00:59:59+00:00")
        #expect(try zone.text("2026-03-29T01:00:00Z") == "2026-03-29T02:00:00+01:00")
        #expect(try zone.text("2026-10-25T00:59:59Z") == "2026-10-25T01:59:59+01:00")
        #expect(try zone.text("2026-10-25T01:00:00Z") == "2026-10-25T01:00:00+00:00")
        #expect(try zone.text("9999-07-01") == "9999-07-01T01:00:00+01:00")
    }

    @Test(
        "follow rules of every form",
        arguments: [
            ("EST5EDT,M3.2.0,M11.1.0", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00-04:00"),
            ("EST5EDT,M3.2.0,M11.1.0", "2026-11-01T05:59:59Z", "2026-11-01T01:59:59-04:00"),
            ("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-01-01", "2026-01-01T13:00:00+13:00"),
            ("NZST-12NZDT,M9.5.0,M4.1.0/3", "2026-04-04T14:00:00Z", "2026-04-05T02:00:00+12:00"),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-12-01", "2026-12-01T00:00:00+00:00"),
            ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-01", "2026-07-01T01:00:00+01:00"),
            ("<+0330>-3:30", "2026-07-01", "2026-07-01T03:30:00+03:30"),
            ("XXX3EDT4,0/0,J365/23", "2026-01-01T03:30:00Z", "2025-12-31T23:30:00-04:00"),
            ("XXX3EDT4,0/0,J365/23", "2026-07-01", "2026-06-30T20:00:00-04:00"),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T00:59:59Z", "2026-03-28T22:59:59-02:00"),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026-03-29T01:00:00Z", "2026-03-29T00:00:00-01:00"),
            ("AAA0BBB,J60/0,J300/0", "2024-02-29T23:59:59Z", "2024-02-29T23:59:59+00:00"),
            ("AAA0BBB,J60/0,J300/0", "2024-03-01", "2024-03-01T01:00:00+01:00"),
            ("AAA0BBB,59/0,300/0", "2024-02-29", "2024-02-29T01:00:00+01:00"),
            ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-27T23:59:59Z", "2026-03-28T01:59:59+02:00"),
            ("EET-2EEST,M3.4.4/50,M10.4.4/50", "2026-03-28T00:00:00Z", "2026-03-28T03:00:00+03:00"),
        ])
    func rules(rule: String, utc: String, expected: String) throws {
        #expect(try ZoneRules(rule: rule).text(utc) == expected)
    }

    @Test(
        "have no other rules",
        arguments: [
            "A0", "WET", "WET25", "WET0WEST", "WET0WEST,M3.5.0", "WET0WEST,M13.5.0,M10.5.0", "WET0WEST,M3.6.0,M10.5.0",
            "WET0WEST,M3.5.7,M10.5.0", "WET0WEST,J0,J365", "WET0WEST,366,1", "WET0WEST,M3.5.0/168,M10.5.0",
            "WET0WEST,M3.5.0/1,M10.5.0x", "<WE>0", "<WET0", "WET0:60", "WET99999999999999999999",
        ])
    func noRule(rule: String) {
        #expect(throws: DataError.self) { try ZoneRules(rule: rule) }
    }
}
