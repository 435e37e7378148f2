// Time zones as bytes, written after RFC 9636, section 3: tests bring their own and need none of the system.

import Formats

/// The bytes of a time zone.
struct ZoneBytes {
    /// The version: nil for the first, which has times of 32 bits and no rule.
    var version: Character? = "2"
    /// The offsets from UTC in seconds; the first holds before all changes.
    var offsets: [Int]
    /// When which offset begins.
    var changes: [(seconds: Int64, offset: Int)] = []
    /// What holds behind the last change.
    var rule = ""
    /// How many leap seconds the header speaks of.
    var leapSeconds = 0

    var bytes: [UInt8] {
        guard version != nil else { return block(timeBytes: 4) }
        return ZoneBytes(version: version, offsets: [0]).block(timeBytes: 4) + block(timeBytes: 8)
            + Array("\n\(rule)\n".utf8)
    }

    var zone: ZoneRules {
        get throws { try ZoneRules(timeZoneFile: bytes) }
    }

    private func block(timeBytes: Int) -> [UInt8] {
        let mark: UInt8 = version?.asciiValue ?? 0
        var bytes: [UInt8] = Array("TZif".utf8)
        bytes.append(mark)
        bytes += [UInt8](repeating: 0, count: 15)
        for count in [0, 0, leapSeconds, changes.count, offsets.count, 4] { bytes += Self.number(Int64(count), 4) }
        for change in changes { bytes += Self.number(change.seconds, timeBytes) }
        for change in changes { bytes.append(UInt8(change.offset)) }
        for offset in offsets { bytes += Self.number(Int64(offset), 4) + [0, 0] }
        bytes += Array("ABC\0".utf8)
        return bytes + [UInt8](repeating: 0, count: leapSeconds * (timeBytes + 4))
    }

    private static func number(_ number: Int64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * Int64($0))) }
    }
}

extension ZoneRules {
    /// The zone that follows a rule from the beginning.
    init(rule: String) throws { self = try ZoneBytes(offsets: [0], rule: rule).zone }

    /// What clocks show at a moment in UTC.
    func text(_ utc: String) throws -> String { civilTime(atMilliseconds: try RFC3339.parse(utc)).text }

    /// The beginning and the end of a period, as clocks show them, and its length in minutes.
    func period(_ period: ZonePeriod, _ utc: String) throws -> String {
        let range = range(of: period, containing: try RFC3339.parse(utc))
        let ends = [range.lowerBound, range.upperBound].map { civilTime(atMilliseconds: $0).text }
        return "\(ends[0]) \(ends[1]) \((range.upperBound - range.lowerBound) / 60_000)"
    }
}
