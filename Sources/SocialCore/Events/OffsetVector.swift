// What happened, and who has seen it? How far a view has come in each log. An offset counts commits and belongs to one
// incarnation of a log; an offset of another incarnation means nothing.

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

/// A place in each of several logs, by shard.
package typealias OffsetVector = [Int: LogPosition]
