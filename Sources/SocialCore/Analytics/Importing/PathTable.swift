// Bytes that stand for something, found again without making a text of them: each line of a log asks for its path.

internal import Glibc

/// A hash table from bytes to numbers.
struct PathTable {
    private struct Slot {
        var hash: UInt64 = 0
        var start = 0
        var length = -1
        var value = 0
    }

    private var slots: [Slot] = Array(repeating: Slot(), count: 1_024)
    private var bytes: [UInt8] = []
    private(set) var count = 0

    /// The value of some bytes; nil when they have none.
    func value(_ key: UnsafeRawBufferPointer, hash: UInt64) -> Int? {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place].length >= 0 {
            let slot = slots[place]
            if slot.hash == hash, slot.length == key.count, isEqual(slot.start, key) { return slot.value }
            place = (place + 1) & mask
        }
        return nil
    }

    private func isEqual(_ start: Int, _ key: UnsafeRawBufferPointer) -> Bool {
        guard let other = key.baseAddress, key.count > 0 else { return key.count == 0 }
        return bytes.withUnsafeBytes { buffer in
            // Safety: a slot names bytes that have been appended.
            buffer.baseAddress.map { memcmp($0 + start, other, key.count) == 0 } ?? false
        }
    }

    /// Gives some bytes, which have no value yet, a value.
    mutating func insert(_ key: UnsafeRawBufferPointer, hash: UInt64, value: Int) {
        if 2 * (count + 1) > slots.count { grow() }
        put(Slot(hash: hash, start: bytes.count, length: key.count, value: value))
        bytes.append(contentsOf: key)
        count += 1
    }

    private mutating func put(_ slot: Slot) {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: slot.hash) & mask
        while slots[place].length >= 0 { place = (place + 1) & mask }
        slots[place] = slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(), count: 2 * old.count)
        for slot in old where slot.length >= 0 { put(slot) }
    }
}
