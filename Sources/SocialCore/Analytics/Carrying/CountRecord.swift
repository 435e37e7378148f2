// All accesses to one resource of one kind, by people or by bots, on one day, whichever pages and shards they lie in:
// what of the counts goes from one network to another. Sums over resources and over days follow from it, viewers too,
// because sketches of sketches are what they are of all viewers.

/// How often a resource was accessed in one way on one day, and by whom, as finely as that is kept.
package struct CountRecord: Equatable, Sendable {
    /// What was accessed.
    package var resource: AccessedResource
    /// How.
    package var kind: AccessKind
    /// By whom.
    package var audience: Audience
    /// On which day, or on days that are forgotten.
    package var span: RollupSpan
    /// By how finely it is told, the finest first; what is told is no more than that.
    private(set) var parts: [Part] = []

    /// What is told equally finely.
    struct Part: Equatable, Sendable {
        var grain: RollupGrain
        /// Whose resource is nobody's.
        var entry: RollupEntry
    }

    init(_ resource: AccessedResource, _ kind: AccessKind, _ audience: Audience, _ span: RollupSpan) {
        (self.resource, self.kind, self.audience, self.span) = (resource, kind, audience, span)
    }

    /// Which pages it belongs to, however fine they are.
    var key: RollupKey { RollupKey(kind, audience, span, .day) }

    /// How many accesses there are.
    var events: Int64 { parts.reduce(0) { $0.addingClamped($1.entry.tally.count) } }

    /// About how many bytes it takes in memory.
    var sizeBytes: Int {
        parts.reduce(0) { size, part in
            part.entry.viewers.reduce(size + 24 * part.entry.buckets.count) { $0 + $1.sketch.sizeBytes }
        }
    }

    /// Adds what a page tells.
    mutating func add(_ entry: RollupEntry, _ grain: RollupGrain) {
        var entry = entry
        entry.resource = .all
        if let index = parts.firstIndex(where: { $0.grain == grain }) {
            parts[index].entry.merge(entry)
        } else {
            parts.insert(Part(grain: grain, entry: entry), at: parts.firstIndex { grain < $0.grain } ?? parts.count)
        }
    }

    /// Adds what another shard tells.
    mutating func merge(_ other: CountRecord) { for part in other.parts { add(part.entry, part.grain) } }

    /// By days, those that are forgotten last; then by kinds, audiences and the bytes of the names.
    static func precedes(_ left: RollupKey, _ right: RollupKey) -> Bool {
        if left.span != right.span {
            if left.span == .before || right.span == .before { return right.span == .before }
            return left.span.rawValue < right.span.rawValue
        }
        return left.kind == right.kind ? left.audience.rawValue < right.audience.rawValue : left.kind < right.kind
    }
}
