// Damaged files of time zones: each fault is told, and none is a trap.

import Formats
import Testing

@Suite("Files of time zones")
struct TimeZoneFileTests {
    private static let sample = ZoneBytes(
        offsets: [0, 3_600], changes: [(1_000_000_000, 1), (1_100_000_000, 0)], rule: "WET0WEST,M3.5.0/1,M10.5.0")

    private func fault(_ bytes: [UInt8]) -> String? {
        do {
            _ = try ZoneRules(timeZoneFile: bytes)
            return nil
        } catch {
            return error.message
        }
    }

    @Test("are refused with what is wrong")
    func faults() {
        func changed(_ offset: Int, _ byte: UInt8) -> [UInt8] {
            var bytes = Self.sample.bytes
            bytes[offset] = byte
            return bytes
        }
        // The second header stands at 54, its changes at 98, their offsets at 114, and these at 116.
        #expect(fault(changed(0, 0)) == "the time zone is no file of a time zone")
        #expect(fault(changed(4, 1)) == "the time zone has an unknown version")
        #expect(fault(changed(54, 0)) == "the time zone is no file of a time zone")
        #expect(fault(changed(114, 2)) == "the time zone names an offset that it does not have")
        #expect(fault(changed(106, 0xFF)) == "the time zone goes back in time")
        #expect(fault(changed(116, 1)) == "the time zone is too far from UTC")
        #expect(fault(changed(132, 65)) == "the time zone is cut off")
        #expect(fault(changed(133, 0)) == "the time zone ends with a rule that is none")
        var leaping = Self.sample
        leaping.leapSeconds = 1
        #expect(fault(leaping.bytes) == "the time zone counts leap seconds, as the time of a computer does not")
        #expect(fault(ZoneBytes(offsets: []).bytes) == "the time zone has no offset from UTC")
        #expect(fault([]) == "the time zone is cut off")
    }

    @Test("are refused wherever they are cut off, and when they speak of more than there is")
    func truncation() {
        for version in [nil, "2"] as [Character?] {
            var sample = Self.sample
            sample.version = version
            let bytes = sample.bytes
            #expect(fault(bytes) == nil)
            for count in 0..<bytes.count {
                #expect(fault(Array(bytes.prefix(count))) == "the time zone is cut off", "\(count)")
            }
            for offset in version == nil ? stride(from: 20, to: 44, by: 4) : stride(from: 74, to: 98, by: 4) {
                var large = bytes
                large.replaceSubrange(offset..<offset + 4, with: [0xFF, 0xFF, 0xFF, 0xFF])
                #expect(fault(large) == "the time zone is cut off", "\(offset)")
            }
        }
    }

    @Test("never trap, however damaged")
    func damage() {
        var random = SeededGenerator("damaged time zones")
        let sample = Self.sample.bytes
        var readable = 0
        for _ in 0..<4_000 {
            var bytes = sample
            for _ in 0..<1 + random.below(3) {
                bytes[random.below(bytes.count)] = random.below(3) == 0 ? 0xFF : UInt8(random.below(256))
            }
            guard let zone = try? ZoneRules(timeZoneFile: bytes) else { continue }
            readable += 1
            for time in [Int64.min, -1, 1_000_000_000_000, 1_767_225_600_000, .max] {
                for period in [ZonePeriod.hour, .day, .month] {
                    let range = zone.range(of: period, containing: time)
                    #expect(range.lowerBound <= time && time <= range.upperBound, "seed \(random.seed): \(bytes)")
                }
            }
        }
        #expect(readable > 100)
    }
}
