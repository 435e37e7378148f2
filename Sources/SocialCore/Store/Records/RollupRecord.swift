// Which accesses a page of counts holds, and how finely it tells when they were.

/// How finely a page tells when something was accessed; the raw value is the minutes of a bucket.
package enum RollupGrain: Int64, CaseIterable, Comparable, Sendable {
    // The raw values are stored.
    case minute = 1
    case hour = 60
    case day = 1_440

    /// Finer comes first.
    package static func < (left: RollupGrain, right: RollupGrain) -> Bool { left.rawValue < right.rawValue }

    /// The buckets of a day.
    var bucketsPerDay: Int { 1_440 / Int(rawValue) }
}

/// The days that pages are about.
package enum RollupSpan: Hashable, Sendable {
    /// A day of UTC, counted from 1970.
    case day(Int64)
    /// All time; the sum of the others.
    case ever
    /// Days that were forgotten.
    case before

    /// The number by which it is stored.
    var rawValue: Int64 {
        switch self {
        case .day(let day): day
        case .ever: -1
        case .before: -2
        }
    }

    init(rawValue: Int64) {
        switch rawValue {
        case -1: self = .ever
        case -2: self = .before
        default: self = .day(rawValue)
        }
    }
}

/// Which accesses a page holds.
package struct RollupKey: Hashable, Sendable {
    /// How was accessed.
    package var kind: AccessKind
    /// By whom.
    package var audience: Audience
    /// When.
    package var span: RollupSpan
    /// How finely that is told; a span without days has one bucket.
    package var grain: RollupGrain

    /// Which accesses a page holds.
    package init(_ kind: AccessKind, _ audience: Audience, _ span: RollupSpan, _ grain: RollupGrain) {
        self.kind = kind
        self.audience = audience
        self.span = span
        self.grain = grain
    }
}

/// The number that stands for a resource in the pages of a shard: a serial number, and the type in the lower four bits.
package struct ResourceNumber: Hashable, Comparable, Sendable {
    /// The number.
    package let rawValue: Int64

    /// A number as it is stored.
    package init(rawValue: Int64) { self.rawValue = rawValue }

    /// The number of a resource.
    init(serial: Int64, _ type: ResourceType) { rawValue = serial << 4 | Int64(type.rawValue) }

    /// Stands for everything of a page.
    static let all = ResourceNumber(rawValue: 0)

    /// The serial number, from 1 on.
    var serial: Int { Int(rawValue >> 4) }
    /// What the resource is.
    var type: ResourceType { ResourceType(rawValue: UInt8(truncatingIfNeeded: rawValue & 15)) ?? .path }

    /// By number.
    package static func < (left: ResourceNumber, right: ResourceNumber) -> Bool { left.rawValue < right.rawValue }
}

/// What a page tells of 256 resources beside their sums.
package struct RollupChunk: Equatable, Sendable {
    /// When they were accessed.
    package var buckets: [UInt8] = []
    /// By whom.
    package var viewers: [UInt8] = []

    /// A chunk.
    package init(buckets: [UInt8] = [], viewers: [UInt8] = []) {
        self.buckets = buckets
        self.viewers = viewers
    }
}

/// A page of counts as it is stored.
package struct RollupPage: Equatable, Sendable {
    /// Which accesses it holds.
    package var key: RollupKey
    /// Accesses in it.
    package var events: Int64
    /// Resources in it, that for everything left out.
    package var resources: Int64
    /// The sums.
    package var totals: [UInt8]
    /// The rest; empty where it was not read.
    package var chunks: [RollupChunk]

    /// A page as it was read.
    package init(
        _ key: RollupKey, events: Int64, resources: Int64, totals: [UInt8], chunks: [RollupChunk] = []
    ) {
        self.key = key
        self.events = events
        self.resources = resources
        self.totals = totals
        self.chunks = chunks
    }
}
