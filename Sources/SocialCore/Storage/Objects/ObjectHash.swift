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

    /// A hash from its 64 hexadecimal digits in lower case.
    package init?(_ text: some StringProtocol) {
        guard text.utf8.count == 2 * Self.byteCount else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, digit) in text.utf8.enumerated() {
            guard let value = Hexadecimal.value(of: digit) else { return nil }
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

    /// The first eight bytes as a number, the highest first: as good as chance, to tell where an object belongs.
    package var leadingBits: UInt64 { first }

    private var words: [UInt64] { [first, second, third, fourth] }

    /// The 32 bytes.
    package var bytes: [UInt8] { words.flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } } }

    /// 64 lower-case hexadecimal digits.
    package var description: String { text(after: "", slashAt: nil) }

    /// Where the object lies in its folder: `ab/cdef…`.
    package var path: String { text(after: "", slashAt: 2) }

    /// The file of the object in a folder.
    package func path(in folder: String) -> String { text(after: folder, slashAt: 2) }

    /// The folder within its folder: `ab`.
    var group: String { Hexadecimal.text([UInt8(truncatingIfNeeded: first >> 56)]) }

    /// The digits, behind a folder unless that is empty.
    private func text(after folder: String, slashAt slash: Int?) -> String {
        let folderBytes = folder.utf8.count
        let count = (folderBytes == 0 ? 0 : folderBytes + 1) + 2 * Self.byteCount + (slash == nil ? 0 : 1)
        return String(unsafeUninitializedCapacity: count) { buffer in
            // Safety: the folder, 64 digits and at most two slashes are written, for which the buffer has room.
            var place = 0
            if folderBytes > 0 {
                place = buffer.update(fromContentsOf: folder.utf8)
                buffer[place] = UInt8(ascii: "/")
                place += 1
            }
            func put(_ word: UInt64, slashAt slash: Int?) {
                for digit in 0..<16 {
                    if digit == slash {
                        buffer[place] = UInt8(ascii: "/")
                        place += 1
                    }
                    buffer[place] = Hexadecimal.digit(UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * digit)) & 15)
                    place += 1
                }
            }
            put(first, slashAt: slash)
            put(second, slashAt: nil)
            put(third, slashAt: nil)
            put(fourth, slashAt: nil)
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
