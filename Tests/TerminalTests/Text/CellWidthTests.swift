// Widths, sampled from every kind of script that differs.

import Terminal
import Testing

@Suite("The width of text")
struct CellWidthTests {
    @Test(
        "counts cells, not characters",
        arguments: [
            ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2),
            ("ｱ", 1), ("Ａ", 2), ("。", 2), ("…", 1), ("⏎", 1), ("€", 1), ("Ω", 1), ("العربية", 7), ("नमस्ते", 4), ("की", 2),
            ("😀", 2), ("👩‍👩‍👧", 2), ("👍🏽", 2), ("🇩🇪", 2), ("🇩", 1), ("1️⃣", 2), ("❤", 1), ("❤️", 2), ("⌚", 2),
            ("🏳️‍🌈", 2), ("\u{200B}", 0), ("\u{20000}", 2), ("〿", 1), ("☰", 2), ("a😀日", 5), ("𝄞", 1), ("\u{AD}", 0),
            ("☺\u{FE0E}", 1), ("葛\u{E0100}城", 4), ("🇵🇹🇩🇪", 4), ("👩🏽‍💻!", 3), ("a\u{300}\u{316}\u{302}", 1),
        ] as [(String, Int)])
    func widths(text: String, expected: Int) {
        #expect(text.cellWidth == expected)
    }

    @Test(
        "is cut to fit, with no character cut apart",
        arguments: [
            ("hello", 5, "hello"), ("hello", 4, "hel…"), ("hello", 1, "…"), ("hello", 0, ""), ("日本語", 6, "日本語"),
            ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("", 3, ""),
        ])
    func truncation(text: String, cells: Int, expected: String) {
        #expect(text.truncated(toCells: cells) == expected)
    }

    @Test("never exceeds the cells it is cut to")
    func truncationProperty() {
        let alphabet: [Character] = ["a", "日", "é", "👩‍👩‍👧", "🇩🇪", "한", "❤️", "\u{301}", " "]
        for first in alphabet {
            for second in alphabet {
                for third in alphabet {
                    let text = String([first, second, third, first])
                    for cells in 0...9 {
                        let cut = text.truncated(toCells: cells)
                        #expect(cut.cellWidth <= cells)
                        #expect(cut == text || cells == 0 || text.hasPrefix(cut.dropLast()))
                    }
                }
            }
        }
    }
}
