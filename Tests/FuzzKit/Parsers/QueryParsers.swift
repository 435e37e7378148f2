// What people look for, and the texts in which it is found.

internal import SocialCore

/// What reads queries and posts.
enum QueryParsers {
    static let all = [
        FuzzSubject("query", query), FuzzSubject("posts", posts), FuzzSubject("spelling", spelling),
    ]

    private static let queries = [
        "cats AND (dogs OR \"big birds\") -mice", "from:ana since:2026-01-01 until:3d #music has:media order:top",
        "+must NOT this wor* \"unclosed", "likes:>5 lang:en @bob thread:1234567890123456789 https://x.example/a?b=c",
        "colour:#ff8800 type:image near:1234567890123456789 width:>100", "((((a))))", "🙂 日本語 e\u{301}tude",
    ]
    private static let words = [
        "AND", "OR", "NOT", "(", ")", "((((((((((((((((", "\"", "-", "+", "*", ":", "from:", "has:", "since:", "#", "@",
        "order:", "likes:", ">", "..", "a OR b OR ", "\\",
    ]

    private struct Nobody: Error {}

    private static func query() -> FuzzParser {
        FuzzParser(texts: queries, words: words) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            var isTaken = false
            for source in SearchSource.allCases {
                do {
                    let query = try QueryParser.parse(text, of: source)
                    isTaken = true
                    for stems in [false, true] {
                        let plan = try? SearchPlanner.plan(
                            query, stems: stems, now: Timestamp(milliseconds: 1_767_323_045_000)
                        ) { handle in
                            if handle.count > 4 { throw Nobody() }
                            return UserID(rawValue: 1)
                        }
                        for word in plan?.words ?? [] {
                            try FuzzFault.expect(
                                word.range.upperBound <= text.utf8.count, "a word lies in the query")
                        }
                    }
                } catch let fault as QueryError {
                    try FuzzFault.expect(
                        fault.range.upperBound <= text.utf8.count && !fault.message.isEmpty,
                        "an error lies in the query")
                }
            }
            return isTaken
        }
    }

    private static func posts() -> FuzzParser {
        let texts = [
            "Hello @ana, look at https://x.example/a_(b)?c=d#e and #music or #日本! **bold** `code` [a](b)",
            "Running runners ran easily; the connections' connectivity. İstanbul ß ﬁ e\u{301} 👍🏽 👨‍👩‍👧 1,000.5",
            "the of and a in to is was he for it with as his on be at by", "```\ncode\n``` > quote\n# title\n- item",
        ]
        return FuzzParser(texts: texts, words: ["#", "@", "https://", "http://", "`", "**", "_", "[", "](", ")", "\n"])
        {
            bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            let count = UInt32(text.utf8.count)
            for stems in [false, true] {
                var (tokenizer, list) = (Tokenizer(stems: stems), TermList())
                tokenizer.tokenize(text, into: &list)
                for term in list.terms {
                    try FuzzFault.expect(
                        term.source.upperBound <= count && Int(term.stored.upperBound) <= list.bytes.count,
                        "a term lies in its text")
                    _ = list.text(of: term)
                }
                _ = LanguageGuess.language(of: list)
                let terms = list.terms.prefix(2).map { Array(list.text(of: $0).utf8) }
                let marks = HighlightTerms(terms: terms, prefixes: [[0x61]], phrases: [], stems: stems)
                let snippet = marks.snippet(of: text, maxCharacters: 20)
                let length = snippet.text.utf8.count
                try FuzzFault.expect(
                    snippet.ranges.allSatisfy { $0.upperBound <= length }, "marks lie in their snippet")
            }
            _ = Markup.blanked(bytes.span)
            _ = PostText(text)
            _ = PostRecord.media(in: text)
            _ = EnglishStemmer.stem(text)
            return (try? Posts.check(text)) != nil
        }
    }

    private static func spelling() -> FuzzParser {
        let words = ["because", "receive", "separate", "definitely", "tomorrow", "beginning", "été", "naïve", "straße"]
        let index = DeletionIndex(words.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { ($0, 3) })
        let wrong = ["becuase", "recieve", "seperate", "definately", "tommorow", "begining", "ete", "naive", "strase"]
        return FuzzParser(texts: wrong, words: ["e", "i", "ss", "\u{301}"]) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            var search = SpellingSearch()
            let candidates = (try? search.candidates(for: text, in: [index])) ?? []
            try FuzzFault.expect(
                candidates.allSatisfy { words.contains($0.text) && $0.edits <= 2 }, "candidates are near words")
            _ = Spelling.choose(frequency: 0, among: candidates)
            return !candidates.isEmpty
        }
    }
}
