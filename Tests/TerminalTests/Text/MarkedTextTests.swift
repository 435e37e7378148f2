// Texts with marked parts: what is shown of them, and what is left when there is little room.

import Terminal
import Testing

@Suite("A marked text")
struct MarkedTextTests {
    /// The cell of a table of one column, with marks as brackets.
    private func shown(_ text: String, _ marks: [Range<Int>], cells: Int? = nil) -> String {
        var table = Table(
            [.init("", isElastic: true)], terminalWidth: cells, showsHeadings: false, emphasis: .bold)
        table.row([MarkedText(text, marks: marks)])
        table.end()
        return String(decoding: table.bytes, as: UTF8.self).replacing("\u{1B}[1m", with: "[")
            .replacing("\u{1B}[0m", with: "]").replacing("\n", with: "")
    }

    @Test("shows its marked parts in the style of the table")
    func marks() {
        #expect(shown("one two three", [4..<7]) == "one [two] three")
        #expect(shown("one two three", [0..<3, 8..<13]) == "[one] two [three]")
        #expect(shown("one", []) == "one")
        #expect(shown("one", [3..<9, 1..<1]) == "one")
        var plain = Table([.init("A")], showsHeadings: false)
        plain.row([MarkedText("one two", marks: [0..<3])])
        plain.end()
        #expect(String(decoding: plain.bytes, as: UTF8.self) == "one two\n")
    }

    @Test("counts marks in scalars, and marks whole characters")
    func scalars() {
        #expect(shown("é👩‍👩‍👧 日本", [1..<2]) == "é[👩‍👩‍👧] 日本")
        #expect(shown("e\u{301}a", [1..<2]) == "[e\u{301}]a")
        #expect(shown("日本語", [1..<3]) == "日[本語]")
    }

    @Test("is safe to show, inside of marks too")
    func safety() {
        #expect(shown("a\u{1B}[2J b", [0..<2]) == "[a\\u{1B}][2J b")
        #expect(shown("a\r\nb", [0..<2]) == "[a⏎]b")
    }

    @Test("keeps its first mark in sight when it is cut")
    func cutting() {
        let text = "the quick brown fox jumps over the lazy dog"
        #expect(shown(text, [4..<9], cells: 20) == "the [quick] brown fox…")
        #expect(shown(text, [20..<25], cells: 20) == "… fox [jumps] over th…")
        #expect(shown(text, [40..<43], cells: 20) == "…s over the lazy [dog]")
        #expect(shown(text, [20..<25, 31..<34], cells: 20) == "… fox [jumps] over [th]…")
        #expect(shown(text, [], cells: 20) == "the quick brown fox…")
        #expect(shown("日本語の長い文章です", [12..<13], cells: 11) == "日本語の長…")
        #expect(shown("日本語の長い文章です", [6..<8], cells: 11) == "…い[文章]です")
        #expect(shown("a word of too many letters", [2..<26], cells: 10) == "a [word of]…")
    }

    @Test("takes no more cells than there are, wherever the mark is", arguments: 8...30)
    func width(cells: Int) {
        let text = "ein 日本語 text, 👩‍👩‍👧 with \u{202E} all e\u{301} sorts of things"
        for start in 0..<text.unicodeScalars.count {
            let line = shown(text, [start..<start + 3], cells: cells)
            let bare = line.replacing("[", with: "").replacing("]", with: "")
            #expect(bare.cellWidth <= cells && line.contains("["), "\(start): \(line)")
        }
    }
}
