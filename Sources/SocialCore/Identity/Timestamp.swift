// A point in time: milliseconds since 1970-01-01T00:00:00Z, the resolution of every id.

/// A point in time in milliseconds since 1970, UTC.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    package let milliseconds: Int64

    /// A point in time from milliseconds since 1970.
    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Earlier comes first.
    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// This time moved by a number of milliseconds; stops at the ends of the number range.
    package func advanced(byMilliseconds amount: Int64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(amount)
        return Timestamp(milliseconds: overflow ? (amount > 0 ? .max : .min) : sum)
    }
}

extension Timestamp {
    /// Whether something imported may have this time: ids begin with 2004, and nothing comes from the future.
    func isImportable(at now: Timestamp) -> Bool {
        self >= IdentityLayout.earliest && self <= now.advanced(byMilliseconds: Limits.futureMilliseconds)
    }
}
