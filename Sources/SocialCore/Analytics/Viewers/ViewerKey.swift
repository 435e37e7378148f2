// Who accesses something, as a number of 48 bits: enough to tell viewers apart, too little to be worth stealing.

/// A hash of whoever accesses something.
///
/// The same viewer has the same key in every shard and every directory, so that sketches can be merged anywhere.
package struct ViewerKey: Hashable, Comparable, Sendable {
    /// The bits that count.
    static let bits: UInt64 = 48
    static let mask: UInt64 = (1 << bits) - 1

    /// The key, of 48 bits.
    package let rawValue: UInt64

    /// A key from its lower 48 bits.
    package init(rawValue: UInt64) { self.rawValue = rawValue & ViewerKey.mask }

    /// An account.
    package init(_ account: UserID) {
        self.init(rawValue: Mixing.finalize(UInt64(bitPattern: account.rawValue) ^ 0x7573_6572))
    }

    /// Whatever tells viewers apart, such as an address and a browser.
    package init(_ text: String) {
        var text = text
        self = text.withUTF8 { ViewerKey($0) }
    }

    /// The same, as bytes.
    package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.init(rawValue: ViewerKey.hash(bytes, seed: 0x7465_7874)) }

    /// Mixes bytes into a number, eight at a time.
    @inline(__always)
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
        let buffer = UnsafeRawBufferPointer(bytes)
        var hash = Mixing.finalize(seed ^ UInt64(truncatingIfNeeded: buffer.count))
        var offset = 0
        // Safety: eight bytes from the offset on lie in the buffer.
        while offset + 8 <= buffer.count {
            hash = Mixing.finalize(hash ^ buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < buffer.count {
            rest = rest << 8 | UInt64(buffer[offset])
            offset += 1
        }
        return Mixing.finalize(hash ^ rest)
    }

    /// By number.
    package static func < (left: ViewerKey, right: ViewerKey) -> Bool { left.rawValue < right.rawValue }
}
