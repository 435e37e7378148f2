// Bytes as text of 64 letters (RFC 4648, §4 and §5).

/// Base64.
package enum Base64 {
    /// Which letters stand for 62 and 63, and whether `=` fills up the end.
    package enum Alphabet: Sendable {
        /// `+` and `/`, filled up.
        case standard
        /// `-` and `_`, not filled up: for URLs and file names.
        case url
    }

    private static func letter(_ value: UInt8, _ alphabet: Alphabet) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + value - 26
        case 52..<62: UInt8(ascii: "0") + value - 52
        case 62: UInt8(ascii: alphabet == .url ? "-" : "+")
        default: UInt8(ascii: alphabet == .url ? "_" : "/")
        }
    }

    /// The text of bytes.
    package static func encode(_ bytes: [UInt8], _ alphabet: Alphabet = .standard) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var bits: UInt32 = 0
            for index in 0..<3 { bits = bits << 8 | (index < count ? UInt32(bytes[start + index]) : 0) }
            for index in 0...count {
                text.append(letter(UInt8(bits >> UInt32(18 - 6 * index) & 63), alphabet))
            }
            if alphabet == .standard { for _ in count..<3 { text.append(UInt8(ascii: "=")) } }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text; nil when it is none of the alphabet, or its last letter says more than there is.
    package static func decode(_ text: String, _ alphabet: Alphabet = .standard) -> [UInt8]? {
        var letters = Array(text.utf8)
        if alphabet == .standard {
            guard letters.count % 4 == 0 else { return nil }
            for _ in 0..<2 where letters.last == UInt8(ascii: "=") { letters.removeLast() }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count * 3 / 4)
        var (bits, count): (UInt32, UInt32) = (0, 0)
        for letter in letters {
            guard let value = value(letter, alphabet) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            bits &= (1 << count) - 1
        }
        return bits == 0 && count < 6 ? bytes : nil
    }

    private static func value(_ letter: UInt8, _ alphabet: Alphabet) -> UInt8? {
        (0..<64).first { self.letter($0, alphabet) == letter }
    }
}
