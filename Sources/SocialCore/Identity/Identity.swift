// Who and what is this? The façade of the room: the bit layout that every id shares.
//
// An id has 63 bits and is always positive: 41 bits of milliseconds since 2004-01-01T00:00:00Z, 12 bits of slot,
// 10 bits of sequence. Time comes first, so the primary key is the time order and needs no further index; the slot
// names where the thing lives, so a post is found from its id alone. The layout follows Instagram's ("Sharding & IDs
// at Instagram", 2012), with slots in the place of machine numbers.

/// The layout of an id, and the arithmetic on it.
package enum IdentityLayout {
    /// Bits of the sequence within one slot and millisecond.
    package static let sequenceBits = 10
    /// Bits of the slot.
    package static let slotBits = 12
    /// Bits of the milliseconds since the epoch: enough until 2073.
    package static let millisecondBits = 41
    /// 2004-01-01T00:00:00Z in milliseconds since 1970: before the first post of any archive.
    package static let epochMilliseconds: Int64 = 1_072_915_200_000
    /// The largest sequence number of a millisecond.
    package static let lastSequence: Int64 = (1 << 10) - 1
    /// The earliest time that an id can carry.
    package static let earliest = Timestamp(milliseconds: epochMilliseconds)
    /// The latest time that an id can carry.
    package static let latest = Timestamp(milliseconds: epochMilliseconds + (1 << 41) - 1)

    /// The id of a time, slot and sequence; nil when the time lies outside the 41 bits.
    package static func compose(_ time: Timestamp, _ slot: Slot, sequence: Int64) -> Int64? {
        guard time >= earliest, time <= latest, (0...lastSequence).contains(sequence) else { return nil }
        let elapsed = time.milliseconds - epochMilliseconds
        return elapsed << Int64(slotBits + sequenceBits) | Int64(slot.rawValue) << Int64(sequenceBits) | sequence
    }

    /// The millisecond in which an id was minted.
    package static func time(of raw: Int64) -> Timestamp {
        Timestamp(milliseconds: (raw >> Int64(slotBits + sequenceBits)) + epochMilliseconds)
    }

    /// The slot that an id names.
    package static func slot(of raw: Int64) -> Slot {
        Slot(masking: raw >> Int64(sequenceBits))
    }

    /// The sequence of an id within its slot and millisecond.
    package static func sequence(of raw: Int64) -> Int64 { raw & lastSequence }

    /// The smallest id of any slot at a time: the bound for "not before"; clamped to the ids that exist.
    package static func firstIdentifier(at time: Timestamp) -> Int64 {
        if time <= earliest { return 0 }
        if time > latest { return Int64.max }
        return (time.milliseconds - epochMilliseconds) << Int64(slotBits + sequenceBits)
    }
}

/// What all typed ids have in common.
package protocol EntityIdentifier: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The 63-bit id.
    var rawValue: Int64 { get }
    /// Wraps a 63-bit id.
    init(rawValue: Int64)
}

extension EntityIdentifier {
    /// The slot that the id names.
    package var slot: Slot { IdentityLayout.slot(of: rawValue) }
    /// The millisecond in which the id was minted.
    package var time: Timestamp { IdentityLayout.time(of: rawValue) }
    /// The decimal form that users see.
    package var description: String { String(rawValue) }
    /// Ids order by time, then slot, then sequence.
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// An id from its decimal form: digits only, positive, at most 63 bits.
    package init?(decimal text: some StringProtocol) {
        guard let first = text.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-"),
            let raw = Int64(text), raw > 0
        else { return nil }
        self.init(rawValue: raw)
    }
}

/// The id of an account.
package struct UserID: EntityIdentifier {
    /// The 63-bit id.
    package let rawValue: Int64
    /// Wraps a 63-bit id.
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The id of an account or a post, where either can stand.
package struct EntityID: EntityIdentifier {
    /// The 63-bit id.
    package let rawValue: Int64
    /// Wraps a 63-bit id.
    package init(rawValue: Int64) { self.rawValue = rawValue }
    /// The same id, whatever it names.
    package init(_ id: some EntityIdentifier) { self.init(rawValue: id.rawValue) }
}

/// The id of an uploaded file.
package struct MediaID: EntityIdentifier {
    /// The 63-bit id.
    package let rawValue: Int64
    /// Wraps a 63-bit id.
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The id of a post.
package struct PostID: EntityIdentifier {
    /// The least id that a post can have.
    package static let first = PostID(rawValue: 1)
    /// The 63-bit id.
    package let rawValue: Int64
    /// Wraps a 63-bit id.
    package init(rawValue: Int64) { self.rawValue = rawValue }
}
