// The second stage, second half: canonical composition (NFC, Unicode Standard Annex 15). Texts come composed nearly
// always; a table is made only when the first combining mark is met, from what `String` knows of canonical equivalence.

/// A scalar of a text, and where in the original it stands.
package struct PlacedScalar: Equatable, Sendable {
    /// The scalar.
    package var scalar: Unicode.Scalar
    /// Its first byte.
    package let start: Int
    /// The byte behind it, or behind what was joined with it.
    package var end: Int

    /// A scalar at a place.
    package init(scalar: Unicode.Scalar, start: Int, end: Int) {
        self.scalar = scalar
        self.start = start
        self.end = end
    }
}

/// Joins letters with the marks behind them.
package enum Composition {
    /// Whether a scalar may be joined with the one before it, or stand for another one.
    package static func mayChange(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x300: false
        case 0x300..<0x370, 0x1100..<0x1200, 0x3099...0x309A, 0x1F00..<0x2000, 0x2126...0x212B, 0x1AB0..<0x1B00: true
        case 0x370..<0x590, 0x3000..<0xA640, 0xAC00..<0xD7B0, 0x1F000...: false
        default: scalar.properties.canonicalCombiningClass != .notReordered || (0x900..<0xE00).contains(scalar.value)
        }
    }

    /// Composes scalars in place.
    package static func compose(_ scalars: inout [PlacedScalar]) {
        sortMarks(&scalars)
        var output: [PlacedScalar] = []
        output.reserveCapacity(scalars.count)
        var starter: Int?
        var lastClass: UInt8 = 0
        for var next in scalars {
            if let same = table[String(next.scalar)] { next.scalar = same }
            let own = next.scalar.properties.canonicalCombiningClass.rawValue
            if let starter, lastClass < own || output.count == starter + 1,
                let joined = join(output[starter].scalar, next.scalar)
            {
                output[starter].scalar = joined
                output[starter].end = max(output[starter].end, next.end)
                continue
            }
            if own == 0 { starter = output.count }
            lastClass = own
            output.append(next)
        }
        scalars = output
    }

    /// Puts the marks of each letter into canonical order; the places stay in the order of the text.
    private static func sortMarks(_ scalars: inout [PlacedScalar]) {
        for index in scalars.indices.dropFirst() {
            let own = scalars[index].scalar.properties.canonicalCombiningClass
            guard own != .notReordered else { continue }
            var place = index
            while place > 0, own < scalars[place - 1].scalar.properties.canonicalCombiningClass {
                (scalars[place].scalar, scalars[place - 1].scalar) = (scalars[place - 1].scalar, scalars[place].scalar)
                place -= 1
            }
        }
    }

    private static func join(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        if let syllable = hangul(first.value, second.value) { return Unicode.Scalar(syllable) }
        guard mayChange(second) else { return nil }
        var pair = String(first)
        pair.unicodeScalars.append(second)
        return table[pair]
    }

    /// The Hangul syllable of two parts (Unicode Standard, section 3.12).
    private static func hangul(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if first &- 0x1100 < 19, second &- 0x1161 < 21 {
            return 0xAC00 + ((first - 0x1100) * 21 + second - 0x1161) * 28
        }
        if first &- 0xAC00 < 11_172, (first - 0xAC00) % 28 == 0, second &- 0x11A8 < 27 {
            return first + second - 0x11A7
        }
        return nil
    }

    /// The composed scalar of each text that has one: strings are equal when they are canonically equivalent.
    ///
    /// Compatibility ideographs are left as they are. Of scalars that are equivalent the first is the composed one.
    private static let table: [String: Unicode.Scalar] = {
        let blocks: [ClosedRange<UInt32>] = [
            0xC0...0x24F, 0x370...0x57F, 0x622...0x6D3, 0x900...0x957, 0x980...0x9DB, 0xB40...0xDDF, 0x1E00...0x1FFE,
            0x2126...0x212B, 0x3041...0x30FE,
        ]
        var table: [String: Unicode.Scalar] = [:]
        for value in [0x4B] + blocks.joined() {
            guard let scalar = Unicode.Scalar(value), scalar.properties.canonicalCombiningClass == .notReordered
            else { continue }
            let text = String(scalar)
            if table[text] == nil { table[text] = scalar }
        }
        return table
    }()
}
