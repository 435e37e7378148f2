// The name of an object: the SHA-256 of its bytes. The same bytes have the same name everywhere, so an object is kept
// once, and whoever reads it can prove what it got.

internal import Crypto

/// The SHA-256 of an object's bytes.
package struct ObjectHash: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The bytes of a hash.
    package static let byteCount = 32

    // Four words, the first byte highest, so that numbers compare as their bytes do.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    private init(words: [UInt64]) {
        first = words[0]
        second = words[1]
        third = words[2]
        fourth = words[3]
    }

    /// A hash from its 32 bytes; nil when they are not as many.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.init(words: words)
    }

    /// A hash from its 64 hexadecimal digits, in either case.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 2 * Self.byteCount else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, digit) in text.utf8.enumerated() {
            guard let value = HexDigits.value(of: digit) else { return nil }
            words[index / 16] = words[index / 16] << 4 | UInt64(value)
        }
        self.init(words: words)
    }

    init(_ digest: SHA256Digest) {
        func word(_ index: Int) -> UInt64 {
            // Safety: the digest has 32 bytes, and the index is below 4.
            digest.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)) }
        }
        first = word(0)
        second = word(1)
        third = word(2)
        fourth = word(3)
    }

    /// The hash of bytes.
    package init(of bytes: some Sequence<UInt8>) {
        var hash = SHA256()
        // Safety: the hash reads the bytes within the call.
        if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            Array(bytes).withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        self.init(hash.finalize())
    }

    private var words: [UInt64] { [first, second, third, fourth] }

    /// The 32 bytes.
    package var bytes: [UInt8] { words.flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } } }

    /// 64 lower-case hexadecimal digits.
    package var description: String { text(slashAt: nil) }

    /// Where the object lies in its folder: `ab/cdef…`.
    package var path: String { text(slashAt: 2) }

    /// The name of the object in a store that has no folders: `objects/ab/cdef…`.
    package var key: String { "objects/\(path)" }

    /// The first twelve bits.
    package var prefix12: UInt16 { UInt16(truncatingIfNeeded: first >> 52) }

    /// The folder within its folder: `ab`.
    var group: String { HexDigits.pair(UInt8(truncatingIfNeeded: first >> 56)) }

    private func text(slashAt slash: Int?) -> String {
        let count = 2 * Self.byteCount + (slash == nil ? 0 : 1)
        return String(unsafeUninitializedCapacity: count) { buffer in
            // Safety: 64 digits and at most one slash are written, and the buffer has room for as many.
            var place = 0
            func put(_ word: UInt64) {
                for shift in stride(from: 60, through: 0, by: -4) {
                    if place == slash {
                        buffer[place] = UInt8(ascii: "/")
                        place += 1
                    }
                    buffer[place] = HexDigits.digit(UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15)
                    place += 1
                }
            }
            put(first)
            put(second)
            put(third)
            put(fourth)
            return place
        }
    }

    /// The order of the bytes.
    package static func < (left: ObjectHash, right: ObjectHash) -> Bool {
        if left.first != right.first { return left.first < right.first }
        if left.second != right.second { return left.second < right.second }
        if left.third != right.third { return left.third < right.third }
        return left.fourth < right.fourth
    }
}

/// Hexadecimal digits of bytes.
enum HexDigits {
    /// The lower-case digit of a value below 16.
    static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    /// Whether something is a digit, and none of the upper case.
    static func isLowercase(_ digit: UInt8) -> Bool { value(of: digit) != nil && !(65...70).contains(digit) }

    /// Two digits.
    static func pair(_ byte: UInt8) -> String { String(decoding: [digit(byte >> 4), digit(byte & 15)], as: UTF8.self) }

    /// The value of a digit; nil when it is none.
    static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
