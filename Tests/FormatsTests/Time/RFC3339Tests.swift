// Timestamps against a calendar that counts day by day.

import Formats
import Testing

@Suite("RFC 3339 timestamps")
struct RFC3339Tests {
    @Test(
        "are read",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01", 0), ("2026-01-02T03:04:05.678Z", 1_767_323_045_678),
            ("2026-01-02T03:04:05.6789Z", 1_767_323_045_678), ("2026-01-02T03:04:05.6Z", 1_767_323_045_600),
            ("2026-01-02T04:34:05+01:30", 1_767_323_045_000), ("2026-01-01T22:04:05-05:00", 1_767_323_045_000),
            ("2026-01-02 03:04:05z", 1_767_323_045_000), ("2026-01-02t03:04:05-00:00", 1_767_323_045_000),
            ("1969-12-31T23:59:59.999Z", -1), ("2016-12-31T23:59:60Z", 1_483_228_800_000),
            ("2017-01-01T00:59:60+01:00", 1_483_228_800_000), ("2000-02-29", 951_782_400_000),
            ("0000-01-01", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)])
    func parse(text: String, expected: Int64) throws {
        #expect(try RFC3339.parse(text) == expected)
    }

    @Test(
        "are refused with the column of the fault",
        arguments: [
            ("", 1), ("yesterday", 1), ("2026-1-02", 6), ("2026-13-01", 6), ("2026-02-29", 9), ("1900-02-29", 9),
            ("2026-04-31", 9), ("2026-01-00", 9), ("2026-01-02T", 12), ("2026-01-02x03:04:05Z", 11),
            ("2026-01-02T24:00:00Z", 12), ("2026-01-02T03:60:00Z", 15), ("2026-01-02T03:04Z", 17),
            ("2026-01-02T03:04:05", 20), ("2026-01-02T03:04:05.Z", 21), ("2026-01-02T03:04:05+1:00", 21),
            ("2026-01-02T03:04:05Zx", 21), ("2026-01-02T03:04:60Z", 18), ("２026-01-02", 1),
            ("2026-01-02T03:04:05+0100", 23), ("9999-12-31T23:59:60Z", 1), ("9999-12-31T23:59:59-00:01", 1),
            ("0000-01-01T00:00:00+00:01", 1),
        ] as [(String, Int)])
    func refuse(text: String, column: Int) {
        #expect(place { _ = try RFC3339.parse(text) } == "1:\(column) syntax")
    }

    @Test(
        "are written with three digits, in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (1_767_323_045_678, "2026-01-02T03:04:05.678Z"), (253_402_300_800_000, "+000010000-01-01T00:00:00.000Z"),
            (-62_167_219_200_001, "-000000001-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func format(milliseconds: Int64, expected: String) {
        #expect(RFC3339.format(milliseconds) == expected)
    }

    @Test("never trap, however far away")
    func extremes() {
        #expect(RFC3339.format(.max) == "+292278994-08-17T07:12:55.807Z")
        #expect(RFC3339.format(.min) == "-292275055-05-16T16:47:04.192Z")
    }

    @Test("agree with counting days from 0000-01-01 to 9999-12-31")
    func days() throws {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var dayNumber: Int64 = -719_528
        for year in 0...9_999 {
            let isLeap = year % 400 == 0 || year % 4 == 0 && year % 100 != 0
            for month in 1...12 {
                let length = lengths[month - 1] + (isLeap && month == 2 ? 1 : 0)
                let last = dayNumber + Int64(length) - 1
                if month <= 3 || month == 12 {
                    let text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(length, 2))"
                    #expect(RFC3339.format(last * 86_400_000 + 1) == text + "T00:00:00.001Z")
                    #expect(try RFC3339.parse(text) == last * 86_400_000)
                }
                dayNumber = last + 1
            }
        }
        #expect(dayNumber == 2_932_897)
    }

    @Test("come back as they were written")
    func roundTrip() throws {
        var random = SeededGenerator("RFC 3339 round trip")
        for _ in 0..<20_000 {
            let time = Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &random)
            #expect(try RFC3339.parse(RFC3339.format(time)) == time, "seed \(random.seed)")
        }
    }

    @Test("are read without a trap, whatever the text")
    func randomText() {
        var random = SeededGenerator("RFC 3339 random text")
        let alphabet = ["2", "0", "1", "9", "-", "T", ":", ".", "Z", "+", "é"]
        for _ in 0..<10_000 {
            var text = "2026-01-02T03:04:05.678+01:00"
            for _ in 0..<1 + random.below(3) {
                let index = text.index(text.startIndex, offsetBy: random.below(text.count))
                text.replaceSubrange(index...index, with: alphabet[random.below(alphabet.count)])
            }
            guard let time = try? RFC3339.parse(text) else { continue }
            #expect((try? RFC3339.parse(RFC3339.format(time))) == time, "seed \(random.seed): \(text)")
        }
    }

    private func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: width - digits.count) + digits
    }
}
