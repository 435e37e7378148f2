// What a page of counts knows of one resource.

/// How often something was accessed, and the sum of the amounts.
package struct Tally: Equatable, Sendable {
    /// Accesses.
    package var count: Int64 = 0
    /// Bytes or milliseconds.
    package var amount: Int64 = 0

    /// A tally.
    package init(count: Int64 = 0, amount: Int64 = 0) {
        self.count = count
        self.amount = amount
    }

    /// Adds another.
    package static func += (left: inout Tally, right: Tally) {
        left.count = left.count.addingClamped(right.count)
        left.amount = left.amount.addingClamped(right.amount)
    }
}

extension Int64 {
    /// The sum, or the end of the range of numbers.
    func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }
}

/// What a page knows of one resource.
struct RollupEntry: Equatable, Sendable {
    /// The accesses in one bucket of the day.
    struct Bucket: Equatable, Sendable {
        /// Which bucket of the day.
        var index: Int
        var tally: Tally
    }

    /// Those who accessed it in one hour of the day; in pages of whole days, in the day.
    struct Viewers: Equatable, Sendable {
        var hour: Int
        var sketch: ViewerSketch
    }

    var resource: ResourceNumber
    /// In ascending order.
    var buckets: [Bucket]
    /// In ascending order.
    var viewers: [Viewers]

    var tally: Tally { buckets.reduce(into: Tally()) { $0 += $1.tally } }

    /// Adds what another page knows of the same resource.
    mutating func merge(_ other: RollupEntry) {
        buckets = RollupEntry.merged(buckets, other.buckets, by: \.index) { $0.tally += $1.tally }
        viewers = RollupEntry.merged(viewers, other.viewers, by: \.hour) { $0.sketch.merge($1.sketch) }
    }

    private static func merged<Element>(
        _ one: [Element], _ two: [Element], by key: KeyPath<Element, Int>, _ join: (inout Element, Element) -> Void
    ) -> [Element] {
        if two.isEmpty { return one }
        if let last = one.last?[keyPath: key], let first = two.first?[keyPath: key], last < first { return one + two }
        var merged: [Element] = []
        merged.reserveCapacity(one.count + two.count)
        var (left, right) = (one[...], two[...])
        while let first = left.first, let second = right.first {
            if first[keyPath: key] < second[keyPath: key] {
                merged.append(first)
                left = left.dropFirst()
            } else if second[keyPath: key] < first[keyPath: key] {
                merged.append(second)
                right = right.dropFirst()
            } else {
                var joined = first
                join(&joined, second)
                merged.append(joined)
                left = left.dropFirst()
                right = right.dropFirst()
            }
        }
        return merged + left + right
    }

    /// The same, told less finely.
    func coarsened(from grain: RollupGrain, to coarse: RollupGrain) -> RollupEntry {
        let factor = Int(coarse.rawValue / grain.rawValue)
        var entry = RollupEntry(resource: resource, buckets: [], viewers: [])
        for bucket in buckets {
            let index = bucket.index / factor
            if let last = entry.buckets.indices.last, entry.buckets[last].index == index {
                entry.buckets[last].tally += bucket.tally
            } else {
                entry.buckets.append(Bucket(index: index, tally: bucket.tally))
            }
        }
        guard coarse == .day else {
            entry.viewers = viewers
            return entry
        }
        var sketch = ViewerSketch()
        for part in viewers { sketch.merge(part.sketch) }
        if !viewers.isEmpty { entry.viewers = [Viewers(hour: 0, sketch: sketch)] }
        return entry
    }
}
