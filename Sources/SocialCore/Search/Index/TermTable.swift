// Numbers for texts: a hash table over one buffer of bytes, for the terms that a segment is made of. Millions of
// lookups go through it while an index is built, so it is flat and knows nothing but bytes.

/// Gives each different text a number, in the order of coming.
struct TermTable {
    /// The bytes of all texts, one behind another.
    private(set) var bytes: [UInt8] = []
    /// Where each text begins, and where the last one ends.
    private(set) var starts: [Int] = [0]
    /// Open addressing: the upper half of a text's hash above its number plus one; 0 where there is none.
    private var slots: [UInt64]

    /// An empty table.
    init() { slots = Array(repeating: 0, count: 1_024) }

    /// How many texts it has.
    var count: Int { starts.count - 1 }

    /// The bytes of a text.
    func text(_ number: Int) -> ArraySlice<UInt8> { bytes[starts[number]..<starts[number + 1]] }

    /// The number of a text; it gets one if it has none.
    mutating func number(of text: UnsafeBufferPointer<UInt8>) -> (number: Int, isNew: Bool) {
        let hash = TermTable.hash(text)
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        let upper = hash & ~0xFFFF_FFFF
        while slots[place] != 0 {
            let slot = slots[place]
            if slot & ~0xFFFF_FFFF == upper {
                let number = Int(slot & 0xFFFF_FFFF) - 1
                if isEqual(number, text) { return (number, false) }
            }
            place = (place + 1) & mask
        }
        let number = count
        slots[place] = upper | UInt64(number + 1)
        bytes.append(contentsOf: text)
        starts.append(bytes.count)
        if 2 * count > slots.count { grow() }
        return (number, true)
    }

    @inline(__always)
    private func isEqual(_ number: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let start = starts[number]
        guard starts[number + 1] - start == text.count else { return false }
        for index in 0..<text.count where bytes[start + index] != text[index] { return false }
        return true
    }

    private mutating func grow() {
        let mask = 2 * slots.count - 1
        slots = Array(repeating: 0, count: mask + 1)
        for number in 0..<count {
            let hash = bytes.withUnsafeBufferPointer { all in
                TermTable.hash(UnsafeBufferPointer(rebasing: all[starts[number]..<starts[number + 1]]))
            }
            var place = Int(truncatingIfNeeded: hash) & mask
            while slots[place] != 0 { place = (place + 1) & mask }
            slots[place] = hash & ~0xFFFF_FFFF | UInt64(number + 1)
        }
    }

    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: text.count)
        var index = 0
        let words = UnsafeRawBufferPointer(text)
        while index + 8 <= text.count {
            // Safety: eight bytes lie inside the text.
            hash = (hash ^ words.loadUnaligned(fromByteOffset: index, as: UInt64.self)) &* 0xFF51_AFD7_ED55_8CCD
            hash ^= hash >> 32
            index += 8
        }
        var rest: UInt64 = 0
        while index < text.count {
            rest = rest << 8 | UInt64(text[index])
            index += 1
        }
        return Mixing.finalize(hash ^ rest)
    }

    /// The numbers of all texts in the order of their bytes.
    func sorted() -> [Int] {
        // Eight bytes tell most texts apart, and are compared at once.
        var keys: [(head: UInt64, number: Int)] = []
        keys.reserveCapacity(count)
        for number in 0..<count {
            var head: UInt64 = 0
            let start = starts[number]
            for index in start..<start + 8 {
                head = head << 8 | (index < starts[number + 1] ? UInt64(bytes[index]) : 0)
            }
            keys.append((head, number))
        }
        keys.sort { left, right in
            if left.head != right.head { return left.head < right.head }
            return text(left.number).lexicographicallyPrecedes(text(right.number))
        }
        return keys.map(\.number)
    }
}
