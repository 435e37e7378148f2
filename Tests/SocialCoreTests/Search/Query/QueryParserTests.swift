// The query language: what is understood, what is refused, and where.

import SocialCore
import Testing

@Suite("The query language")
struct QueryParserTests {
    /// The tree of a query on one line.
    private func tree(_ text: String) throws -> String { show(try QueryParser.parse(text).root) }

    private func show(_ group: QueryGroup) -> String {
        (group.required.map { "+\(show($0))" } + group.excluded.map { "-\(show($0))" } + group.ranked.map(show))
            .joined(separator: " ")
    }

    private func show(_ node: QueryNode) -> String {
        switch node {
        case .word(let text): text.text
        case .prefix(let text): "\(text.text)*"
        case .phrase(let text): "\"\(text.text)\""
        case .filter(let filter): "\(filter)"
        case .all(let nodes): "(\(nodes.map(show).joined(separator: " & ")))"
        case .any(let nodes): "(\(nodes.map(show).joined(separator: " | ")))"
        case .not(let node): "!\(show(node))"
        case .group(let group): "[\(show(group))]"
        }
    }

    @Test(
        "These are understood",
        arguments: [
            ("cats dogs", "cats dogs"), ("+must -not ok", "+must -not ok"), ("\"a  phrase\" x", "\"a  phrase\" x"),
            ("pre*", "pre*"), ("a OR b", "(a | b)"), ("a OR b AND c", "(a | (b & c))"),
            ("(a OR b) AND c", "+((a | b) & c)"),
            ("a NOT b", "-b a"), ("a AND NOT b", "+(a & !b)"), ("a b OR c d", "a (b | c) d"), ("+(a b) c", "+[a b] c"),
            ("from:@Ana cats", "+from(\"ana\") cats"), ("-from:ana cats", "-from(\"ana\") cats"),
            ("from:ana OR from:bob", "+(from(\"ana\") | from(\"bob\"))"), ("to:bob", "+to(\"bob\")"),
            (
                "since:2026-01-02 until:1970-01-02",
                "+since(SocialCore.QueryTime.at(1767312000000)) +until(SocialCore.QueryTime.at(86400000))"
            ),
            ("since:24h", "+since(SocialCore.QueryTime.ago(86400000))"),
            ("lang:EN is:reply x", "+language(\"en\") +isReply x"), ("#tag @ana 👍", "#tag @ana 👍"),
            ("10:30 x:y http://a", "10:30 x:y http://a"), ("a - b + c -", "a b c"), ("and or not", "and or not"),
            ("((a))", "a"),
            ("-\"x y\" z", "-\"x y\" z"), ("é\u{3000}*", "é\u{3000}*"),
        ])
    func understood(text: String, expected: String) throws { #expect(try tree(text) == expected) }

    @Test("The order is no part of the tree")
    func order() throws {
        #expect(try QueryParser.parse("a sort:recent").order == .recent)
        #expect(try QueryParser.parse("sort:top a b").root.ranked.count == 2)
        #expect(try QueryParser.parse("a").order == nil)
        #expect(try tree("has:media has:link a").hasSuffix(" a"))
    }

    @Test(
        "These are refused, at these places",
        arguments: [
            ("", .empty, 0..<0), ("  ", .empty, 0..<2), ("sort:top", .empty, 0..<8), ("a \"b", .unclosedQuote, 2..<4),
            ("é (b", .unclosedParenthesis, 3..<4), ("a) b", .strayParenthesis, 1..<2), ("()", .missingOperand, 0..<2),
            ("a AND", .missingOperand, 2..<5), ("OR a", .missingOperand, 0..<2), ("a AND OR b", .missingOperand, 6..<8),
            ("+-a", .missingOperand, 0..<1), ("*", .missingOperand, 0..<1), ("-a", .onlyExclusions, 0..<2),
            ("b (-a)", .onlyExclusions, 2..<6), ("from: a", .badValue, 0..<5), ("from:a/b", .badValue, 0..<8),
            ("x since:soon", .badValue, 2..<12), ("has:legs", .badValue, 0..<8), ("is:", .badValue, 0..<3),
            ("lang:e", .badValue, 0..<6), ("a sort:up", .badValue, 2..<9), ("a sort:top sort:top", .repeated, 11..<19),
            ("a (b sort:top)", .repeated, 5..<13), ("a OR sort:top", .missingOperand, 5..<13),
            (String(repeating: "(", count: 33) + "a", .tooLarge, 32..<33),
            (String(repeating: "a", count: 4_097), .tooLarge, 0..<4_097),
        ] as [(String, QueryError.Code, Range<Int>)])
    func refused(text: String, code: QueryError.Code, range: Range<Int>) {
        let error = #expect(throws: QueryError.self) { try QueryParser.parse(text) }
        #expect(error?.code == code && error?.range == range && error?.message.isEmpty == false)
    }

    @Test("Any text is understood or refused at a place inside of it")
    func anyText() {
        var generator = SplitMix(seed: 7)
        let pieces = [
            "a", "(", ")", "\"", "+", "-", "*", " ", " AND ", " OR ", "NOT ", "from:", "since:", "2026-01-01", "sort:",
            "top",
            "has:", "media", "is:reply", ":", "é", "熱", "👍🏽", "\0", "#", "@", "\u{301}", "\n", "'", ";", "--", "lang:",
        ]
        var understood = 0
        for _ in 0..<50_000 {
            let text = (0..<generator.next() % 14).map { _ in pieces[Int(generator.next() % UInt64(pieces.count))] }
                .joined()
            do throws(QueryError) {
                _ = try QueryParser.parse(text)
                understood += 1
            } catch {
                #expect(error.range.lowerBound >= 0 && error.range.upperBound <= text.utf8.count)
            }
        }
        #expect(understood > 5_000)
    }

    @Test("Few words need one match, many a quarter")
    func minimumMatch() {
        #expect([0, 1, 4, 8, 17].map { QueryGroup.minimumMatch(of: $0) } == [0, 1, 1, 2, 4])
    }
}
