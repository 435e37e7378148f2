// Slots are the 4,096 places that keys hash to; shards own slots, and ids name them. A slot never changes.

internal import CZlib

/// One of the 4,096 slots.
package struct Slot: Hashable, Comparable, Sendable {
    /// The number of slots.
    package static let count = 1 << IdentityLayout.slotBits

    /// The number of the slot, 0 to 4,095.
    package let rawValue: UInt16

    /// A slot from its number; nil beyond 4,095.
    package init?(_ number: Int) {
        guard (0..<Slot.count).contains(number) else { return nil }
        rawValue = UInt16(number)
    }

    /// The slot in the low 12 bits of a number.
    package init(masking bits: Int64) { rawValue = UInt16(truncatingIfNeeded: bits & Int64(Slot.count - 1)) }

    /// The number of the slot, as an index into tables of slots.
    package var index: Int { Int(rawValue) }

    /// Slots order by number.
    package static func < (left: Slot, right: Slot) -> Bool { left.rawValue < right.rawValue }

    /// The slot of an account: CRC-32 of its lower-cased handle, as any tool can compute it.
    package init(of handle: Handle) { self.init(ofKey: handle.key) }

    /// The slot of a handle's key, or of what is left of one.
    package init(ofKey key: String) {
        if let slot = Handle.slot(ofRemnant: key) { self = slot } else { self.init(checksumOf: Array(key.utf8)) }
    }

    /// The slot of a post when posts are spread (`--shard-by post`): CRC-32 of the author's id, eight bytes big-endian,
    /// followed by the idempotency key or a nonce.
    package init(ofPostBy author: UserID, distinguishedBy nonce: [UInt8]) {
        var bytes = [UInt8]()
        bytes.reserveCapacity(8 + nonce.count)
        for shift in stride(from: Int64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: author.rawValue >> shift))
        }
        self.init(checksumOf: bytes + nonce)
    }

    private init(checksumOf bytes: [UInt8]) {
        // Safety: zlib reads exactly `count` bytes of the buffer, which lives for the call.
        let sum = bytes.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
        self.init(masking: Int64(sum))
    }
}
