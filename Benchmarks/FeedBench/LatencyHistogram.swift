// Latencies without a list of them: counts in buckets whose width grows with the value, as in Gil Tene's HdrHistogram.
// Between two powers of two lie 64 buckets of equal width, so any value is known to within 1/64 (1.6 %) of itself, from a
// nanosecond to hours, in 30 KiB, and recording one costs an index and an increment.

/// Counts of times by how long they took.
struct LatencyHistogram {
    private static let stepBits = 6
    private static let steps = 1 << stepBits

    private var counts = [UInt64](repeating: 0, count: (64 - stepBits) * steps)
    /// How many times were recorded.
    private(set) var count = 0
    /// The longest, exactly, in nanoseconds.
    private(set) var largest = 0

    /// Records a time.
    mutating func record(_ nanoseconds: Int) {
        counts[LatencyHistogram.bucket(of: nanoseconds)] += 1
        count += 1
        largest = max(largest, nanoseconds)
    }

    /// Times a piece of work.
    mutating func time<Result>(_ body: () throws -> Result) rethrows -> Result {
        let (nanoseconds, result) = try Run.timed(body)
        record(nanoseconds)
        return result
    }

    /// The time that a share of all does not exceed: the upper end of its bucket.
    func nanoseconds(at share: Double) -> Int {
        let rank = UInt64((share * Double(count)).rounded(.up))
        var seen: UInt64 = 0
        for (bucket, count) in counts.enumerated() {
            seen += count
            if seen >= rank, seen > 0 { return min(largest, LatencyHistogram.upperBound(of: bucket)) }
        }
        return largest
    }

    /// Values below `steps` have a bucket each; above, the leading bits choose the power of two and the next six the step.
    private static func bucket(of nanoseconds: Int) -> Int {
        let value = max(0, nanoseconds)
        if value < steps { return value }
        let shift = Int.bitWidth - value.leadingZeroBitCount - 1 - stepBits
        return shift * steps + (value >> shift)
    }

    private static func upperBound(of bucket: Int) -> Int {
        if bucket < 2 * steps { return bucket }
        let shift = bucket / steps - 1
        return (((bucket - shift * steps) + 1) << shift) - 1
    }
}
