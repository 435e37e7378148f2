// How a new id is chosen: no central service and no machine number. Each slot keeps its last id in its own shard and
// advances it in the transaction that uses it, so a clock that steps back, any number of processes and restarts still
// give unique ids that increase per slot.

/// The arithmetic of minting; pure, so that every store engine shares it.
package enum Minting {
    /// The id after `last` in a slot.
    ///
    /// - Parameters:
    ///   - last: the slot's last id, 0 when there was none.
    ///   - now: the clock.
    ///   - slot: the slot, which the id will name.
    /// - Throws: `clockAhead` when the slot has run more than ten minutes ahead of the clock.
    package static func next(after last: Int64, now: Timestamp, slot: Slot) throws(MintingError) -> Int64 {
        var time = now
        var sequence: Int64 = 0
        if last > 0 {
            let lastTime = IdentityLayout.time(of: last)
            if lastTime >= now {
                time = lastTime
                sequence = IdentityLayout.sequence(of: last) + 1
                if sequence > IdentityLayout.lastSequence {
                    time = lastTime.advanced(byMilliseconds: 1)
                    sequence = 0
                }
            }
        }
        guard time.milliseconds - now.milliseconds <= Limits.clockLeadMilliseconds else { throw .clockAhead }
        guard let id = IdentityLayout.compose(time, slot, sequence: sequence) else { throw .outOfRange }
        return id
    }

    /// The range of ids that a slot can mint within one millisecond.
    package static func range(at time: Timestamp, slot: Slot) throws(MintingError) -> ClosedRange<Int64> {
        guard let first = IdentityLayout.compose(time, slot, sequence: 0) else { throw .outOfRange }
        return first...(first | IdentityLayout.lastSequence)
    }
}

/// Why no id could be minted.
package enum MintingError: Error, Equatable {
    /// The slot's last id is more than ten minutes ahead of the clock.
    case clockAhead
    /// The time lies before 2004 or after 2073.
    case outOfRange
    /// All 1,024 ids of an imported millisecond are taken.
    case exhausted
}
