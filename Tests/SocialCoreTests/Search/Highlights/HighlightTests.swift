// What is marked in a text that was found.

import TestKit
import Testing

@testable import SocialCore

@Suite("Highlights")
struct HighlightTests {
    /// What a query looks for.
    private func wanted(_ query: String, stems: Bool = false) throws -> HighlightTerms {
        let plan = try SearchPlanner.plan(try QueryParser.parse(query), stems: stems, now: noon) { _ in
            UserID(rawValue: 1)
        }
        return plan.highlights(stems: stems)
    }

    /// A text with brackets around what is marked.
    private func marked(_ text: String, _ ranges: [Range<Int>]) -> String {
        var bytes = Array(text.utf8)
        for range in ranges.reversed() {
            bytes.insert(UInt8(ascii: "]"), at: range.upperBound)
            bytes.insert(UInt8(ascii: "["), at: range.lowerBound)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func marked(_ text: String, _ wanted: HighlightTerms) -> String { marked(text, wanted.ranges(in: text)) }

    @Test(
        "Terms are marked as they are written",
        arguments: [
            ("Hello, World. hello!", ["hello"], "[Hello], World. [hello]!"),
            ("The CAFÉ's cafe\u{301}s", ["café"], "The [CAFÉ's] cafe\u{301}s"),
            ("CAFE\u{301}!", ["café"], "[CAFE\u{301}]!"),
            ("<b>Zoë</b> &amp; caf&#xE9;", ["zoë", "café"], "<b>[Zoë]</b> &amp; [caf&#xE9;]"),
            ("#Swift is swift", ["swift"], "#[Swift] is [swift]"), ("#Swift is swift", ["#swift"], "[#Swift] is swift"),
            ("#Swift", ["#swift", "swift"], "[#Swift]"), ("@Ana@b.org @ana", ["@ana"], "[@Ana]@b.org [@ana]"),
            ("熱力学の熱力", ["熱力", "力学"], "[熱力学]の[熱力]"), ("熱力学", ["力学"], "熱[力学]"),
            ("한글은", ["한글"], "[한글]은"), ("👍🏽👍", ["👍"], "[👍🏽👍]"), ("I ❤️ it", ["❤"], "I [❤️] it"),
            ("👩‍👩‍👧", ["👩"], "👩‍👩‍👧"), ("https://swift.org swift", ["swift", "org"], "https://swift.org [swift]"),
            ("nothing", ["no"], "nothing"), ("", ["a"], ""), ("a", [], "a"),
            // A vowel sign is a character of its own to the index, but not to the reader.
            ("กี่ครั้ง", ["ก\u{E35}"], "[กี่]ครั้ง"),
        ] as [(String, [String], String)])
    func terms(text: String, terms: [String], expected: String) {
        let terms = HighlightTerms(terms: terms.map { Array($0.utf8) }, stems: false)
        #expect(marked(text, terms) == expected)
    }

    @Test("Stems are marked in every form that they have")
    func stems() throws {
        let text = "Flows flowed flowing flower #flows"
        let marked = "[Flows] [flowed] [flowing] flower #[flows]"
        #expect(try self.marked(text, wanted("flowing", stems: true)) == marked)
        #expect(try self.marked(text, wanted("flowing")) == "Flows flowed [flowing] flower #flows")
    }

    @Test(
        "Beginnings mark the words as they are written, and of texts without spaces what they are themselves",
        arguments: [
            ("Swift swiftly swing Őr", "swif", "[Swift] [swiftly] swing Őr"), ("Őrség őr", "őr", "[Őrség] [őr]"),
            ("happy happier", "happie", "happy [happier]"), ("#swift @swift", "#sw", "[#swift] @swift"),
            ("熱力学は熱い", "熱", "[熱]力学は[熱]い"), ("力学", "学", "力[学]"), ("熱力学", "熱力", "[熱力]学"),
        ])
    func prefixes(text: String, prefix: String, expected: String) throws {
        for stems in [false, true] { #expect(try marked(text, wanted(prefix + "*", stems: stems)) == expected) }
    }

    @Test("A beginning may be that of the stem by which the text was found")
    func stemPrefix() throws {
        #expect(try marked("happy hippo", wanted("happi*", stems: true)) == "[happy] hippo")
        #expect(try marked("happy hippo", wanted("happi*")) == "happy hippo")
    }

    @Test(
        "A phrase is marked only where the whole of it stands",
        arguments: [
            ("New York, new times, York new york", "new york", "[New] [York], new times, York [new] [york]"),
            ("new <b>york</b>", "new york", "[new] <b>[york]</b>"), ("new old york", "new york", "new old york"),
            ("the the end", "the end", "the [the] [end]"), ("熱力学 ok, 熱力 ok", "熱力学 ok", "[熱力学] [ok], 熱力 ok"),
            ("熱力学学 熱力 力学", "熱力学", "[熱力学]学 熱力 力学"),
            ("#big data, big data", "#big data", "[#big] [data], big data"), ("big #data", "big data", "[big] #[data]"),
            ("go 👍🏽 now", "👍🏽 now", "go [👍🏽] [now]"), ("go 👍🏽 now", "👍 now", "go [👍🏽] [now]"),
            ("new", "new york", "new"), ("ok", ".", "ok"),
        ])
    func phrases(text: String, words: String, expected: String) throws {
        #expect(try marked(text, wanted("\"\(words)\"")) == expected)
    }

    @Test("The words of a phrase are stemmed where words are")
    func stemmedPhrase() throws {
        let wanted = try wanted("time \"flowing waters\"", stems: true)
        #expect(marked("Water flows; the flow water times", wanted) == "Water flows; the [flow] [water] [times]")
    }

    @Test("What a result must not have, and what is no text, is not marked")
    func meaning() throws {
        let query = """
            one -two (three AND NOT four) from:ana since:2020-01-01 lang:en (five OR "six seven") to:eve eigh*
            """
        let text = "@ana en 2020 one two three four five six, seven, six and @eve eight"
        let expected = "@ana en 2020 [one] two [three] four [five] [six], [seven], six and [@eve] [eight]"
        #expect(try marked(text, wanted(query)) == expected)
    }

    @Test("Offsets in scalars are what Python and jq count")
    func scalars() throws {
        let text = "é👍🏽 cafe\u{301} x"
        let ranges = try wanted("👍🏽 café x").ranges(in: text)
        #expect(marked(text, ranges) == "é[👍🏽] [cafe\u{301}] [x]")
        #expect(HighlightRanges.scalars(ranges, in: text) == [1..<3, 4..<9, 10..<11])
        #expect(HighlightRanges.scalars([], in: text) == [])
    }

    @Test("Whatever the text, ranges ascend, do not touch and keep characters whole")
    func anyText() {
        let chance = Chance("highlights of any text")
        let pieces = HighlightTests.pieces
        var count = 0
        for _ in 0..<TestRun.times(4_000) {
            let text = (0..<chance.below(14)).map { _ in pieces[chance.below(pieces.count)] }.joined()
            func word() -> [UInt8] { Array(pieces[chance.below(pieces.count)].utf8) }
            let phrase = (0..<2).map { SearchPlan.PlacedTerm(text: word(), offset: $0) }
            let wanted = HighlightTerms(
                terms: [word(), word()], prefixes: [word()], phrases: [phrase], stems: chance.isOne(in: 2))
            let ranges = wanted.ranges(in: text)
            let borders = Set(text.indices.map { $0.utf16Offset(in: text) } + [text.utf16.count])
            var end = -1
            for range in ranges {
                #expect(range.lowerBound > end && !range.isEmpty && range.upperBound <= text.utf8.count)
                end = range.upperBound
                for offset in [range.lowerBound, range.upperBound] {
                    let index = text.utf8.index(text.startIndex, offsetBy: offset)
                    #expect(borders.contains(index.utf16Offset(in: text)), "\(text.debugDescription) \(range)")
                }
            }
            let scalars = Array(text.unicodeScalars)
            for (range, other) in zip(ranges, HighlightRanges.scalars(ranges, in: text)) {
                var part = String.UnicodeScalarView()
                part.append(contentsOf: scalars[other])
                #expect(Array(String(part).utf8) == Array(Array(text.utf8)[range]))
            }
            count += ranges.count
        }
        #expect(count > 100)
    }

    /// Pieces of texts that are hard to cut.
    static let pieces = [
        "a", "ab", " ", "#", "@", "'", "<b>", "&amp;", "http://", "é", "e\u{301}", "\u{301}", "熱", "力", "한", "\u{1112}",
        "\u{1161}", "👍", "🏽", "\u{200D}", "🇫", "\u{FE0F}", "\u{20E3}", "ß", "\0", ".", "か", "ก", "\u{E35}", "1", "\r",
        "\n",
    ]
}
