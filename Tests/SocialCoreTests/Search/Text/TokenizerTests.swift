// Texts and the terms they become: the conformance list of search.

import SocialCore
import Testing

@Suite("The tokenizer")
struct TokenizerTests {
    private func list(_ text: String, _ purpose: Tokenizer.Purpose = .index, stems: Bool = false) -> TermList {
        var tokenizer = Tokenizer(purpose, stems: stems)
        var list = TermList()
        tokenizer.tokenize(text, into: &list)
        return list
    }

    private func terms(_ text: String, _ purpose: Tokenizer.Purpose = .index, stems: Bool = false) -> [String] {
        let list = list(text, purpose, stems: stems)
        return list.terms.map { list.text(of: $0) }
    }

    @Test(
        "Texts become these terms",
        arguments: [
            ("", []), (" .,- ", []), ("Hello, World", ["hello", "world"]),
            ("boundary-layer 3.5", ["boundary", "layer", "3", "5"]),
            ("don't Ana's we'll l'avion O'Neil", ["don't", "ana", "we'll", "l", "avion", "o", "neil"]),
            ("don’t Zoë’s", ["don't", "zoë"]),
            ("Café CAFE\u{301}", ["café", "café"]), ("ΣΊΣΥΦΟΣ σίσυφος", ["σίσυφοσ", "σίσυφοσ"]),
            ("Straße STRASSE", ["strasse", "strasse"]), ("ＡＢＣ１", ["abc1"]), ("Привет Ёж", ["привет", "ёж"]),
            ("İstanbul ISTANBUL", ["istanbul", "istanbul"]),
            ("#SwiftLang", ["#swiftlang", "swiftlang"]), ("#big_data", ["#big_data", "big", "data"]),
            ("#1 #2a", ["1", "#2a", "2a"]), ("a#b c#", ["a", "b", "c"]),
            ("#日本 ＃日本", ["#日本", "日本", "本", "#日本", "日本", "本"]),
            ("@Ana, @bob. x@y.org", ["@ana", "@bob", "x", "y", "org"]),
            ("@ana@social.example!", ["@ana", "@ana@social.example"]), ("@ @@ana", ["@ana"]),
            ("熱力学", ["熱力", "力学", "学"]), ("熱", ["熱"]), ("パリ ハリー バリ", ["パリ", "リ", "ハリ", "リー", "ー", "バリ", "リ"]),
            ("한글은 good", ["한글", "글은", "은", "good"]), ("ok熱力b", ["ok", "熱力", "力", "b"]),
            ("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", ["한글", "글"]), ("\u{30CF}\u{309A}リ", ["パリ", "リ"]),
            ("👍❤️❤", ["👍", "❤", "❤"]), ("👍🏽", ["👍🏽", "👍"]), ("🇫🇷🇩🇪", ["🇫🇷", "🇩🇪"]),
            ("👩‍👩‍👧x", ["👩‍👩‍👧", "x"]), ("hi😂#yes", ["hi", "😂", "#yes", "yes"]),
            (
                "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}!",
                ["🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}"]
            ),
            ("co\u{AD}operate zero\u{200B}width", ["cooperate", "zerowidth"]),
            ("<p>One<br>two</p> Array<Int> a < b", ["one", "two", "array", "int", "a", "b"]),
            ("caf&#xE9;s &amp; R&#68; &nope;", ["cafés", "rd", "nope"]),
            ("see https://a.example/b?c=d#e www.x.org. HTTP://Y ok", ["see", "ok"]),
            ("www. shttp://x", ["www", "shttp", "x"]),
        ] as [(String, [String])])
    func conformance(text: String, expected: [String]) {
        #expect(terms(text) == expected)
    }

    @Test("A query needs no last character of its own, but takes as many positions")
    func query() {
        #expect(terms("熱力学 ok", .query) == ["熱力", "力学", "ok"])
        #expect(terms("熱", .query) == ["熱"])
        #expect(list("熱力学 ok", .query).terms.last?.position == list("熱力学 ok").terms.last?.position)
    }

    @Test("English words lose their endings; tags and mentions keep them")
    func stems() {
        #expect(terms("Flowing #Flows @flows", stems: true) == ["flow", "#flows", "flow", "@flows"])
    }

    @Test("Each term knows its kind, its position, and where in the original it stands")
    func places() {
        let text = "<b>Zoë</b> saw #Cats &amp; 熱力 👍🏽"
        let list = list(text)
        let bytes = Array(text.utf8)
        let found = list.terms.map { term in
            let source = bytes[Int(term.source.lowerBound)..<Int(term.source.upperBound)]
            return "\(term.position) \(term.kind) \(String(decoding: source, as: UTF8.self))"
        }
        #expect(
            found == [
                "0 word Zoë", "1 word saw", "2 tag #Cats", "2 word Cats", "3 bigram 熱力", "4 bigram 力", "5 emoji 👍🏽",
                "5 emoji 👍🏽",
            ])
    }

    @Test("A list goes on counting with the next text, behind a position that stays free")
    func several() {
        var tokenizer = Tokenizer()
        var list = TermList()
        tokenizer.tokenize("one two", into: &list)
        tokenizer.tokenize("#three", into: &list)
        #expect(list.terms.map(\.position) == [0, 1, 3, 3])
        list.removeAll()
        #expect(list.terms.isEmpty && list.bytes.isEmpty)
    }

    @Test("Whatever the text, every term stands inside of it, in order")
    func anyText() {
        var generator = SplitMix(seed: 6)
        let pieces = [
            "a", "Z", "9", " ", "#", "@", "'", "’", "<b>", "&amp;", "&", "http://", "www.", "é", "e\u{301}", "\u{301}",
            "熱", "ﾊ", "한", "\u{1112}", "\u{1161}", "👍", "🏽", "\u{200D}", "🇫", "\u{FE0F}", "\u{20E3}", "ß", "\0", "_",
            ".",
            "ﬁ", "＃", "＠", "\u{3099}", "か", "ก", "1",
        ]
        for _ in 0..<20_000 {
            let text = (0..<generator.next() % 12).map { _ in pieces[Int(generator.next() % UInt64(pieces.count))] }
                .joined()
            let list = list(text, stems: true)
            var position: UInt32 = 0
            for term in list.terms {
                #expect(
                    term.source.lowerBound < term.source.upperBound && Int(term.source.upperBound) <= text.utf8.count)
                #expect(!list.text(of: term).isEmpty && !list.text(of: term).contains("\u{FFFD}"))
                #expect(term.position >= position)
                position = term.position
            }
        }
    }
}
