// A fingerprint of what a picture looks like: 256 bits that hardly change when it is scaled, compressed again, made
// brighter, darker or grey. As PDQ does (Facebook, "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing
// algorithm", 2019), it starts from the low frequencies of a small grey picture; their signs alone would be noise where
// they are weak, so `PictureSpectrum` looks at them from random directions.

/// The fingerprint of a picture; alike pictures differ in few bits, others in about half.
package struct PictureHash: Hashable, Sendable, CustomStringConvertible {
    /// Up to how many differing bits two pictures count as the same one.
    package static let nearDistance = 31

    /// Bits 0…63 in the first word, and so on.
    package let words: SIMD4<UInt64>

    /// Takes bits as they are.
    package init(words: SIMD4<UInt64>) { self.words = words }

    /// Reads what `description` writes; nil if it is something else.
    package init?(_ text: String) {
        guard text.utf8.count == 64, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
            return nil
        }
        var words = SIMD4<UInt64>()
        var rest = text[...]
        for index in 0..<4 {
            guard let word = UInt64(rest.prefix(16), radix: 16) else { return nil }
            words[index] = word
            rest = rest.dropFirst(16)
        }
        self.words = words
    }

    /// The hash of a picture; nil if it is too flat to have one.
    package init?(of picture: Picture) {
        guard let spectrum = PictureSpectrum(picture) else { return nil }
        self = spectrum.hash
    }

    /// How many bits differ, from 0 to 256.
    package func distance(to other: PictureHash) -> Int {
        let different = words ^ other.words
        return different[0].nonzeroBitCount + different[1].nonzeroBitCount + different[2].nonzeroBitCount
            + different[3].nonzeroBitCount
    }

    /// 64 hexadecimal digits.
    package var description: String {
        (0..<4).reduce(into: "") { text, index in
            let digits = String(words[index], radix: 16)
            text += String(repeating: "0", count: 16 - digits.count) + digits
        }
    }
}
