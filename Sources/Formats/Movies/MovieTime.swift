// Moments of a film as fractions. Tracks count time in units of their own, such as 1/48000 and 1001/30000 of a second;
// whatever is compared between tracks is compared exactly, so that no error grows along a film.

/// A moment or a length, as a number of units of which a second has `timescale`.
package struct MovieTime: Sendable, Comparable {
    /// How many units.
    package let value: Int64
    /// How many units a second has; above zero.
    package let timescale: Int

    /// Makes a time; timescales have 32 bits, and one below one counts as one.
    package init(_ value: Int64, _ timescale: Int) {
        self.value = value
        self.timescale = min(max(1, timescale), Int(UInt32.max))
    }

    /// The beginning of a film.
    package static let zero = MovieTime(0, 1)

    /// The time in seconds, for people and playlists.
    package var seconds: Double { Double(value) / Double(timescale) }

    /// The nearest number of units of another timescale; what lies half-way goes up.
    package func ticks(_ timescale: Int) -> Int64 { scaled(timescale, adding: UInt64(self.timescale / 2)) }

    /// The number of whole units of another timescale.
    package func wholeTicks(_ timescale: Int) -> Int64 { scaled(timescale, adding: 0) }

    /// The largest whole number that is not above (value × factor + more) / timescale; what is beyond all films comes
    /// to their limit.
    private func scaled(_ factor: Int, adding more: UInt64) -> Int64 {
        let unit = Int64(timescale)
        var (seconds, rest) = value.quotientAndRemainder(dividingBy: unit)
        if rest < 0 { (seconds, rest) = (seconds - 1, rest + unit) }
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: Int64(factor))
        if isTooLong { return clamped(value < 0 ? .min : .max) }
        // The rest is below a second, and timescales have 32 bits: the product has 64.
        return clamped(whole) + Int64((UInt64(rest) * UInt64(factor) + more) / UInt64(unit))
    }

    private func clamped(_ ticks: Int64) -> Int64 { min(max(ticks, -MovieLimits.ticks), MovieLimits.ticks) }

    /// How long after another it is, exactly where that can be said in units of the finer of both.
    package static func - (left: MovieTime, right: MovieTime) -> MovieTime {
        let timescale = max(left.timescale, right.timescale)
        return MovieTime(left.ticks(timescale) - right.ticks(timescale), timescale)
    }

    /// Whether both are the same moment, in whatever units.
    package static func == (left: MovieTime, right: MovieTime) -> Bool { !(left < right) && !(right < left) }

    /// Whether one is before the other: a/b < c/d as ad < cb, in 128 bits.
    package static func < (left: MovieTime, right: MovieTime) -> Bool {
        let (a, b) = (
            left.value.multipliedFullWidth(by: Int64(right.timescale)),
            right.value.multipliedFullWidth(by: Int64(left.timescale))
        )
        return (a.high, a.low) < (b.high, b.low)
    }
}
