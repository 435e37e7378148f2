// The part of a long text that is shown.

import TestKit
import Testing

@testable import SocialCore

@Suite("Snippets")
struct SnippetTests {
    private func snippet(_ text: String, _ terms: [String], _ maxCharacters: Int) -> String {
        let terms = HighlightTerms(terms: terms.map { Array($0.utf8) }, stems: false)
        let snippet = terms.snippet(of: text, maxCharacters: maxCharacters)
        var bytes = Array(snippet.text.utf8)
        for range in snippet.ranges.reversed() {
            bytes.insert(UInt8(ascii: "]"), at: range.upperBound)
            bytes.insert(UInt8(ascii: "["), at: range.lowerBound)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("A short text is shown whole")
    func short() {
        #expect(snippet("the quick fox", ["quick"], 13) == "the [quick] fox")
        #expect(snippet("ééééé", [], 5) == "ééééé")
        #expect(snippet("", ["a"], 5) == "")
    }

    @Test(
        "The window is cut where words end",
        arguments: [
            ("one two three four five six seven", [], 15, "one two three…"),
            ("one two three four five six seven", ["four"], 16, "…[four] five six…"),
            ("one two three four five six seven", ["four"], 21, "…three [four] five six…"),
            ("one two three four five six seven", ["one"], 10, "[one] two…"),
            ("one two three four five six seven", ["seven"], 12, "…six [seven]"),
            ("one two three four five six seven", ["two", "five"], 12, "…[two] three…"),
            ("one two three four five six seven", ["two", "five", "six"], 12, "…[five] [six]…"),
            ("one two one two two three one", ["one", "two", "three"], 16, "…[two] [three] [one]"),
            ("abcdefghijklmnop", [], 8, "abcdef…"), ("xx abcdefghijklmnop yy", ["abcdefghijklmnop"], 8, "…[abcdef]…"),
            ("熱力学第二法則について", ["法則"], 8, "…第二[法則]につ…"), ("👍👍👍👍👍👍👍👍", [], 5, "👍👍👍…"),
            ("한국어 문장을 자르는 방법", ["방법"], 10, "…자르는 [방법]"), ("one\ntwo \n three", ["two"], 7, "…[two]…"),
        ] as [(String, [String], Int, String)])
    func windows(text: String, terms: [String], maxCharacters: Int, expected: String) {
        #expect(snippet(text, terms, maxCharacters) == expected)
    }

    @Test("Whatever the text, a snippet is short, whole and has the most different terms")
    func anyText() {
        let chance = Chance("snippets of any text")
        let terms = ["one", "two", "熱力", "👍"]
        let pieces =
            terms + ["three ", " ", "\n", "word", "one ", "e\u{301}", "学", "ก\u{E35}", "🇫🇷", "a b ", "longer words "]
        for _ in 0..<TestRun.times(3_000) {
            let text = (0..<chance.below(60)).map { _ in pieces[chance.below(pieces.count)] }.joined()
            let size = 5 + chance.below(60)
            let wanted = HighlightTerms(terms: terms.map { Array($0.utf8) }, stems: false)
            let snippet = wanted.snippet(of: text, maxCharacters: size)
            guard text.count > size else {
                #expect(snippet == Snippet(text: text, ranges: wanted.ranges(in: text)))
                continue
            }
            #expect(snippet.text.count <= size)
            var part = Substring(snippet.text)
            if part.first == "…" { part = part.dropFirst() }
            if part.last == "…" { part = part.dropLast() }
            let characters = Array(text)
            let places = characters.indices.filter { characters[$0...].starts(with: part) }
            #expect(!part.isEmpty && !places.isEmpty, "\(text.debugDescription) \(snippet.text.debugDescription)")
            #expect(snippet.text.hasPrefix("…") || places.first == 0)
            #expect(snippet.text.hasSuffix("…") || places.last == characters.count - part.count)
            // As many different terms as any window has, by looking at every window.
            let matches = wanted.matches(in: text)
            let bytes = characters.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.utf8.count) }
            let most = characters.indices.map { start in
                let window = bytes[start]..<bytes[min(characters.count, start + size - 2)]
                return Set(matches.filter { window.contains($0.source) }.map(\.wanted)).count
            }
            let marked = wanted.ranges(in: text)
            let moved = snippet.text.hasPrefix("…") ? 3 : 0
            let isRight = places.contains { place in
                let window = bytes[place]..<bytes[place + part.count]
                let shown = Set(matches.filter { window.contains($0.source) }.map(\.wanted)).count
                let ranges = marked.map { $0.clamped(to: window) }.filter { !$0.isEmpty }
                    .map { $0.lowerBound - window.lowerBound + moved..<$0.upperBound - window.lowerBound + moved }
                return shown >= most.max() ?? 0 && ranges == snippet.ranges
            }
            #expect(isRight, "\(text.debugDescription) \(snippet.text.debugDescription)")
        }
    }
}

extension Range<Int> {
    fileprivate func contains(_ other: Range<Int>) -> Bool {
        lowerBound <= other.lowerBound && other.upperBound <= upperBound
    }
}
