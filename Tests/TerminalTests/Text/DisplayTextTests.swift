// Nothing that a terminal obeys or hides gets through: tried with every scalar that there is.

import Terminal
import Testing

@Suite("Text for a terminal")
struct DisplayTextTests {
    @Test(
        "keeps what people can see and shows the rest",
        arguments: [
            ("plain", "plain"), ("a\nb\r\nc\td", "a⏎b⏎c d"), ("a\rb", "a\\u{D}b"),
            ("\u{1B}[31mred\u{1B}[0m", "\\u{1B}[31mred\\u{1B}[0m"),
            ("\u{1B}]52;c;eA==\u{7}", "\\u{1B}]52;c;eA==\\u{7}"),
            ("\u{9B}31m\u{7F}", "\\u{9B}31m\\u{7F}"), ("a\u{202E}b\u{2066}c", "a\\u{202E}b\\u{2066}c"),
            ("a\u{200B}b\u{FEFF}c\u{2060}", "a\\u{200B}b\\u{FEFF}c\\u{2060}"),
            ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
            ("\u{E0041}\u{E000}\u{FFFF}", "\\u{E0041}\\u{E000}\\u{FFFF}"), ("é e\u{301} ñ", "é e\u{301} ñ"),
            ("日本語 العربية עברית", "日本語 العربية עברית"), ("\u{3164}\u{115F}", "\\u{3164}\\u{115F}"), ("", ""),
        ])
    func examples(text: String, expected: String) {
        #expect(DisplayText.sanitise(text) == expected)
    }

    @Test("keeps emoji whole", arguments: ["👩‍👩‍👧", "🏳️‍🌈", "👩‍❤️‍👨", "❤️", "1️⃣#️⃣", "👍🏽", "🇩🇪", "👩🏽‍🚀", "🏃‍♂️", "☺\u{FE0E}"])
    func emoji(text: String) {
        #expect(DisplayText.sanitise(text).unicodeScalars.elementsEqual(text.unicodeScalars))
    }

    @Test(
        "hides no joiner and no selector outside emoji",
        arguments: [
            ("a\u{200D}b", "a\\u{200D}b"), ("👩\u{200D}", "👩\\u{200D}"), ("\u{200D}👩", "\\u{200D}👩"),
            ("👩\u{200D}\u{200D}👩", "👩\\u{200D}\\u{200D}👩"), ("a\u{FE0F}", "a\\u{FE0F}"), ("1\u{FE0F}2", "1\\u{FE0F}2"),
            ("❤\u{FE0F}\u{FE0F}\u{FE0F}", "❤\u{FE0F}\\u{FE0F}\\u{FE0F}"),
            ("👩\u{E0067}\u{E007F}", "👩\\u{E0067}\\u{E007F}"), ("a\u{FE0E}", "a\\u{FE0E}"),
            ("葛\u{E0100}城", "葛\u{E0100}城"), ("葛\u{E0100}\u{E0101}", "葛\u{E0100}\\u{E0101}"),
            ("a\u{E0100}", "a\\u{E0100}"), ("\u{FE00}", "\\u{FE00}"),
        ])
    func outsideEmoji(text: String, expected: String) {
        #expect(DisplayText.sanitise(text) == expected)
    }

    @Test("is safe for each of the 1,112,064 scalars, behind a letter and between emoji")
    func allScalars() {
        var count = 0
        var leaks: [Unicode.Scalar] = []
        var unstable = 0
        for start in stride(from: UInt32(0), to: 0x11_0000, by: 0x1000) {
            let scalars = (start..<start + 0x1000).compactMap { Unicode.Scalar($0) }
            count += scalars.count
            var text = ""
            for scalar in scalars { text.unicodeScalars.append(contentsOf: ["👩", scalar, "👩", "a", scalar]) }
            let safe = DisplayText.sanitise(text)
            var former: Unicode.Scalar = "a"
            for scalar in safe.unicodeScalars where scalar.value < 0x20 || scalar.value > 0x7E || former == "👩" {
                let isInEmoji = former == "👩" && ["\u{200D}", "\u{FE0E}", "\u{FE0F}"].contains(scalar)
                if isDangerous(scalar), !isInEmoji { leaks.append(scalar) }
                former = scalar
            }
            if start < 0x3_0000, DisplayText.sanitise(safe) != safe { unstable += 1 }
        }
        #expect(count == 1_112_064)
        #expect(leaks.isEmpty)
        #expect(unstable == 0)
    }

    /// What must never reach a terminal, written out independently of the tables that the code uses.
    private func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x180E: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF, 0xFFF9...0xFFFB: true
        case 0x115F, 0x1160, 0x3164, 0xFFA0, 0xE000...0xF8FF, 0xE0000...0x10FFFF: true
        default: scalar.value & 0xFFFE == 0xFFFE
        }
    }
}
