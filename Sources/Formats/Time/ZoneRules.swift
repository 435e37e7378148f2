// What clocks show somewhere, and when days, weeks and months begin there. A zone is a list of moments at which its
// offset from UTC changes, and a rule for the time behind the last of them. The file of a zone is found and read by
// others; here are its bytes and the arithmetic.
//
//     let zone = try ZoneRules(timeZoneFile: bytes)      // or ZoneRules(offset: "+02:00"), or ZoneRules.utc
//     let day = zone.range(of: .day, containing: milliseconds)
//     let next = zone.range(of: .day, containing: day.upperBound)
//
// The room: `TimeZoneFile` reads the bytes of a zone (RFC 9636), `PosixTimeRule` the rule at its end; `ZonePeriods`
// divides time; `CivilTime` is what calendar and clock show.

/// What clocks show in a time zone.
package struct ZoneRules: Sendable {
    /// A moment at which the offset changes.
    struct Change: Equatable, Sendable {
        /// The seconds since 1970-01-01T00:00:00Z.
        let seconds: Int64
        /// What is added to UTC from then on.
        let offsetSeconds: Int64
    }

    /// No zone is as far from UTC as this; RFC 9636 (section 3.2) gives the same bounds.
    static let offsetSecondsMax: Int64 = 93_599

    /// The offset before the first change.
    let offsetAtFirst: Int64
    /// The changes, ascending.
    let changes: [Change]
    /// What holds from the last change on; nil when nothing changes any more.
    let rule: PosixTimeRule?

    init(offsetAtFirst: Int64, changes: [Change], rule: PosixTimeRule?) {
        (self.offsetAtFirst, self.changes, self.rule) = (offsetAtFirst, changes, rule)
    }

    /// Coordinated universal time.
    package static let utc = ZoneRules(offsetAtFirst: 0, changes: [], rule: nil)

    /// A zone that is always so far from UTC, to the east; nil beyond 24 hours.
    package init?(offsetSeconds: Int) {
        guard abs(Int64(clamping: offsetSeconds)) <= 86_400 else { return nil }
        self.init(offsetAtFirst: Int64(offsetSeconds), changes: [], rule: nil)
    }

    /// A zone that is written as its offset: `UTC`, `Z`, `+02:00`, `-0330` or `+5`; nil for any other text.
    package init?(offset text: String) {
        if text == "UTC" || text == "utc" || text == "Z" || text == "z" {
            self = .utc
            return
        }
        let bytes = Array(text.utf8)
        guard let sign = bytes.first, sign == UInt8(ascii: "+") || sign == ASCII.minus else { return nil }
        let hasColon = bytes.count == 6 && bytes[3] == ASCII.colon
        let digits = bytes.dropFirst().filter { $0 != ASCII.colon || !hasColon }
        guard [1, 2, 4].contains(digits.count), digits.allSatisfy(ASCII.isDigit) else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - ASCII.zero) }
        let (hours, minutes) = digits.count < 4 ? (number, 0) : (number / 100, number % 100)
        guard hours < 24, minutes < 60 else { return nil }
        let seconds = hours * 3_600 + minutes * 60
        self.init(offsetSeconds: sign == ASCII.minus ? -seconds : seconds)
    }

    /// A zone whose file has been read, such as `/usr/share/zoneinfo/Europe/Lisbon`.
    ///
    /// - Throws: `DataError` with the place of the damage.
    package init(timeZoneFile bytes: [UInt8]) throws(DataError) {
        self = try TimeZoneFile(bytes).zone()
    }

    /// Whether a text may name a zone's file below the folder of zones: it leads nowhere else.
    package static func isName(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard text.utf8.count <= 100 else { return false }
        return parts.allSatisfy { part in
            guard let first = part.first, ASCII.isLetter(first) else { return false }
            return part.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || "+-_".utf8.contains($0) }
        }
    }

    // MARK: Clocks

    /// What is added to UTC at a moment, in seconds.
    ///
    /// - Complexity: O(log of the changes).
    package func offsetSeconds(atMilliseconds milliseconds: Int64) -> Int {
        Int(offset(at: milliseconds.flooredQuotient(1_000)))
    }

    /// What calendar and clock show at a moment.
    package func civilTime(atMilliseconds milliseconds: Int64) -> CivilTime {
        let seconds = milliseconds.flooredQuotient(1_000)
        let offset = offset(at: seconds)
        return CivilTime(localSeconds: seconds + offset, offsetSeconds: Int(offset))
    }

    /// The offset at a second; a moment is at most 2^63 milliseconds from 1970, so that sums of seconds are safe.
    func offset(at seconds: Int64) -> Int64 {
        guard let last = changes.last, seconds < last.seconds else {
            return rule?.offset(at: seconds) ?? changes.last?.offsetSeconds ?? offsetAtFirst
        }
        let index = firstChange(after: seconds)
        return index == 0 ? offsetAtFirst : changes[index - 1].offsetSeconds
    }

    /// The changes after a second, up to another and with it.
    func changes(after start: Int64, through end: Int64) -> [Change] {
        var found: [Change] = []
        var index = firstChange(after: start)
        while index < changes.count, changes[index].seconds <= end {
            found.append(changes[index])
            index += 1
        }
        guard index == changes.count, let rule else { return found }
        let from = max(start, changes.last?.seconds ?? start)
        return found + rule.changes(after: from, through: end)
    }

    /// The place of the first change after a second.
    private func firstChange(after seconds: Int64) -> Int {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].seconds <= seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
