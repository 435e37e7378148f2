// Canonical composition and folding, scalar by scalar.

import SocialCore
import Testing

@Suite("Composition and case folding")
struct CompositionTests {
    private func composed(_ text: String) -> String.UnicodeScalarView {
        var scalars = text.unicodeScalars.map { PlacedScalar(scalar: $0, start: 0, end: 0) }
        Composition.compose(&scalars)
        var result = String.UnicodeScalarView()
        result.append(contentsOf: scalars.map(\.scalar))
        return result
    }

    @Test(
        "Marks are joined with their letters",
        arguments: [
            ("e\u{301}", "\u{E9}"), ("u\u{308}\u{301}", "\u{1D8}"), ("a\u{323}\u{302}", "\u{1EAD}"),
            ("a\u{302}\u{323}", "\u{1EAD}"), ("\u{212B}", "\u{C5}"), ("\u{2126}", "\u{3A9}"),
            ("\u{30AB}\u{3099}", "\u{30AC}"),
            ("\u{1F71}", "\u{3AC}"), ("\u{1112}\u{1161}\u{11AB}", "\u{D55C}"), ("\u{D558}\u{11AB}", "\u{D55C}"),
            ("q\u{301}", "q\u{301}"), ("\u{301}e", "\u{301}e"), ("\u{915}\u{93C}", "\u{915}\u{93C}"),
        ])
    func joined(text: String, expected: String) {
        #expect(composed(text).elementsEqual(expected.unicodeScalars))
    }

    @Test("Every letter that the tables hold is what its parts are joined to")
    func roundTrip() {
        for value in Array(0xC0...0x17F) + Array(0x386...0x3CE) + Array(0x304B...0x3094) {
            guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
            #expect(composed(String(scalar)).elementsEqual([scalar]), "U+\(String(value, radix: 16))")
        }
    }

    @Test("Case is folded, and nothing else")
    func folding() {
        for (upper, lower) in zip("AÉΣЖÀȘＡ".unicodeScalars, "aéσжàșa".unicodeScalars) {
            #expect(CaseFolding.folded(upper) == lower)
            #expect(CaseFolding.folded(lower) == lower)
        }
        #expect("パバハ한熱ё".unicodeScalars.allSatisfy { CaseFolding.folded($0) == $0 })
        #expect(CaseFolding.folded("ς") == "σ")
    }
}
