// What happened, and who has seen it? The façade of the room: how far a view has come in each log. An offset counts
// commits and belongs to one incarnation of a log; an offset of another incarnation means nothing.

/// A place in one log.
package struct LogPosition: Equatable, Hashable, Sendable {
    /// Which life of the log.
    package var incarnation: UInt64
    /// The number of commits.
    package var n: Int64

    /// A place in one log.
    package init(incarnation: UInt64, n: Int64) {
        self.incarnation = incarnation
        self.n = n
    }
}

extension SourceState {
    /// The place before everything that was ever in the log; nil when that is no longer there.
    package var beginning: LogPosition? { oldest == 1 ? LogPosition(incarnation: incarnation, n: 0) : nil }

    /// Whether the log holds everything that came after a place.
    package func goesOn(from place: LogPosition) -> Bool {
        place.incarnation == incarnation && place.n <= head && place.n + 1 >= oldest
    }
}

extension Event {
    /// The commits of other logs that come before it and have not been read: those that released slots which it adopts.
    func releases(after offsets: OffsetVector) -> [(shard: Int, n: Int64)] {
        entries.compactMap { entry in
            guard case .adopted(_, let giver, let n) = entry, (offsets[giver]?.n ?? 0) < n else { return nil }
            return (giver, n)
        }
    }
}

/// A place in each of several logs.
///
/// Shards are few, so it is a sorted array.
package struct OffsetVector: Equatable, Sendable {
    /// A place in one of the logs.
    package struct Entry: Equatable, Sendable {
        /// The shard whose log it is.
        package var shard: Int
        /// The place.
        package var position: LogPosition
    }

    /// The places, in the order of the shards.
    package private(set) var entries: [Entry] = []

    /// A place in no log.
    package init() {}

    /// The place in a shard's log.
    package subscript(shard: Int) -> LogPosition? {
        get { entries.first { $0.shard == shard }?.position }
        set {
            let index = entries.firstIndex { $0.shard >= shard } ?? entries.count
            let isThere = index < entries.count && entries[index].shard == shard
            switch (newValue, isThere) {
            case (let position?, true): entries[index].position = position
            case (let position?, false): entries.insert(Entry(shard: shard, position: position), at: index)
            case (nil, true): entries.remove(at: index)
            case (nil, false): break
            }
        }
    }

    /// Whether it has come at least as far as another in each of the other's logs, in the same lives of them.
    package func covers(_ other: OffsetVector) -> Bool {
        for entry in other.entries {
            guard let position = self[entry.shard], position.incarnation == entry.position.incarnation,
                position.n >= entry.position.n
            else { return false }
        }
        return true
    }
}

extension OffsetVector: LosslessStringConvertible {
    /// For each log its shard, its life in base 36 and the number of commits: `0:3w5e11264sgsf:41,1:9gk2s0xq1vbn:7`.
    package var description: String {
        entries.map { "\($0.shard):\(String($0.position.incarnation, radix: 36)):\($0.position.n)" }
            .joined(separator: ",")
    }

    /// The places that a text names, in the form of `description`.
    package init?(_ text: String) {
        for place in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = place.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 3, let shard = Int(parts[0]), (0..<Limits.shards.upperBound).contains(shard),
                let incarnation = UInt64(parts[1], radix: 36), let n = Int64(parts[2]), n >= 0, self[shard] == nil
            else { return nil }
            self[shard] = LogPosition(incarnation: incarnation, n: n)
        }
    }
}

extension OffsetVector: ExpressibleByDictionaryLiteral {
    /// Places by shard.
    package init(dictionaryLiteral places: (Int, LogPosition)...) {
        for (shard, position) in places { self[shard] = position }
    }
}
