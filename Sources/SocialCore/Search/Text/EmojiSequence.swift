// An emoji with all that is joined to it (Unicode Technical Standard 51): flags of two letters, skin tones, tags, and
// families joined by zero-width joiners.

/// One emoji of a text.
struct EmojiSequence {
    /// Its scalars without variation selectors, so that ❤ and ❤️ are one.
    private(set) var scalars: [Unicode.Scalar] = []
    /// The byte behind it.
    private(set) var end: Int
    /// Whether a skin tone is among the scalars, behind something that can be without.
    private(set) var hasTone = false

    /// The sequence that begins at `start`.
    init(_ text: Span<UInt8>, at start: Int) {
        end = start
        guard let (first, next) = text.scalar(at: start) else { return }
        take(first, next)
        if Self.isRegional(first) {
            if let (second, next) = text.scalar(at: end), Self.isRegional(second) { take(second, next) }
            return
        }
        while let (scalar, next) = text.scalar(at: end) {
            switch scalar.value {
            case 0xFE0E...0xFE0F: end = next
            case 0x1F3FB...0x1F3FF:
                hasTone = !Self.isTone(first)
                take(scalar, next)
            case 0xE0020...0xE007F, 0x20E3: take(scalar, next)
            case 0x200D:
                guard let (joined, behind) = text.scalar(at: next), ScalarClass(joined) == .emoji else { return }
                take(scalar, next)
                take(joined, behind)
            default: return
            }
        }
    }

    private mutating func take(_ scalar: Unicode.Scalar, _ next: Int) {
        scalars.append(scalar)
        end = next
    }

    /// Whether a scalar is a skin tone.
    static func isTone(_ scalar: Unicode.Scalar) -> Bool { (0x1F3FB...0x1F3FF).contains(scalar.value) }

    private static func isRegional(_ scalar: Unicode.Scalar) -> Bool { (0x1F1E6...0x1F1FF).contains(scalar.value) }
}
