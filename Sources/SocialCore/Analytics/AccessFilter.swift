// Which accesses a question is about.

/// The accesses that a question is about.
package struct AccessFilter: Sendable {
    /// Which resources.
    package enum Resources: Sendable {
        /// Everything together.
        case all
        /// Each of some types.
        case types([ResourceType])
        /// These.
        case named([AccessedResource])
    }

    /// Which kinds; nil for all.
    package var kinds: [AccessKind]?
    /// Whose; nil for people and bots.
    package var audience: Audience?
    /// Which resources.
    package var resources = Resources.all
    /// From when on; nil for all time.
    package var since: Timestamp?
    /// Until when, which is left out.
    package var until: Timestamp?

    /// Everything.
    package init() {}

    /// The days of UTC that the time touches, from 1970 on; nil when it is all time.
    var days: ClosedRange<Int64>? {
        guard since != nil || until != nil else { return nil }
        let first = max(0, (since?.milliseconds ?? 0) / Self.dayMilliseconds)
        let end = max(0, until?.milliseconds ?? .max)
        let last = end == 0 ? 0 : (end - 1) / Self.dayMilliseconds
        return first...max(first, last)
    }

    static let dayMilliseconds: Int64 = 86_400_000

    /// Whether a moment belongs to the time.
    func contains(_ milliseconds: Int64) -> Bool {
        milliseconds >= since?.milliseconds ?? .min && milliseconds < until?.milliseconds ?? .max
    }

    /// Whether any part of a stretch does.
    func overlaps(_ stretch: ClosedRange<Int64>) -> Bool {
        stretch.upperBound >= since?.milliseconds ?? .min && stretch.lowerBound < until?.milliseconds ?? .max
    }

    /// Whether all of a day does.
    func containsAll(of day: Int64) -> Bool {
        let start = day * Self.dayMilliseconds
        return contains(start) && contains(start + Self.dayMilliseconds - 1)
    }
}

/// How often something was accessed, by people and by bots.
package struct AccessCount: Equatable, Sendable {
    /// By people.
    package var people: Int64 = 0
    /// By bots.
    package var bots: Int64 = 0
    /// Bytes or milliseconds.
    package var amount: Int64 = 0

    /// Nothing.
    package init() {}

    /// By anybody.
    package var count: Int64 { people.addingClamped(bots) }

    /// Adds a tally.
    mutating func add(_ tally: Tally, _ audience: Audience) {
        switch audience {
        case .people: people = people.addingClamped(tally.count)
        case .bots: bots = bots.addingClamped(tally.count)
        }
        amount = amount.addingClamped(tally.amount)
    }

    /// Adds another.
    package static func += (left: inout AccessCount, right: AccessCount) {
        left.people = left.people.addingClamped(right.people)
        left.bots = left.bots.addingClamped(right.bots)
        left.amount = left.amount.addingClamped(right.amount)
    }
}
