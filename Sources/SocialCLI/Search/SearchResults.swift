// What `search posts` and `search media` have in common: lists of what was found that go on below a cursor, or back up
// before one, with what was looked for marked in their texts.

internal import CommandSpec
internal import Formats
internal import SocialCore

/// The printing of what one search finds.
struct SearchResults<Item: Sendable> {
    let session: Session
    let paging: Paging<Search.Cursor>
    /// The query.
    let query: String
    /// Whether the newest come first.
    let isRecent: Bool
    /// So many of what is found behind a cursor.
    let find: (Search, _ limit: Int, _ after: Search.Cursor?) throws -> Search.Answer<Item>
    /// A row for each.
    let rows: ([Search.Hit<Item>], HighlightedTexts) throws -> [[Cell]]

    /// Prints what a line asks for, and says what was looked for instead.
    func print(_ fields: [Field]) throws {
        let line = session.invocation
        try checkCursors(line)
        let search = try session.network().search
        var shown = 0
        var answer: Search.Answer<Item>?
        try session.printList(fields) { emit in
            try paging.forEach(
                line, cursor: \.cursor,
                fetch: { page in
                    let found = try piece(search, page)
                    answer = found
                    return found.hits
                }
            ) { hits in
                let texts = HighlightedTexts(session, answer.map { search.highlights(of: $0.run) })
                for cells in try rows(hits, texts) { guard try emit(cells) else { return false } }
                shown += hits.count
                return true
            }
        }
        guard let answer else { return }
        try session.note(answer.corrections, in: query)
        guard paging.goesDown(line), answer.hasMore else { return }
        try session.noteCut(after: shown, of: paging.limit(line)) { max(1, try search.count(answer) - shown) }
    }

    /// A cursor is a place in one order only.
    private func checkCursors(_ line: Invocation) throws {
        for option in [paging.after, paging.before] {
            guard let cursor = line[option], (cursor.place == nil) != isRecent else { continue }
            let origin = cursor.place == nil ? "under --rank recent" : "that is not under --rank recent"
            throw line.error(.invalidValue, "this cursor belongs to a search \(origin)", about: option)
        }
    }

    /// A piece of the list.
    private func piece(_ search: Search, _ page: Page<Search.Cursor>) throws -> Search.Answer<Item> {
        guard page.takesEnd, let end = page.before else { return try find(search, page.limit, page.after) }
        // Whoever goes back up is shown the last of what comes from the beginning to there.
        var after = page.after
        var last: [Search.Hit<Item>] = []
        while true {
            var answer = try find(search, Limits.firstPageRows, after)
            let part = answer.hits.prefix { $0.cursor > end }
            last = (last + part).suffix(page.limit)
            guard part.count == answer.hits.count, answer.hasMore else {
                answer.hits = last
                return answer
            }
            after = part.last?.cursor
        }
    }
}

/// Texts with what was looked for.
struct HighlightedTexts {
    private let terms: HighlightTerms?
    /// Whether long texts are shown in part.
    private let cutsTexts: Bool

    init(_ session: Session, _ terms: HighlightTerms?) {
        self.terms = terms
        cutsTexts = session.format == .table && session.world.terminal.columns != nil
    }

    /// A text with its marks, on a terminal the part in which most of them stand.
    func cell(_ text: String) -> Cell {
        guard cutsTexts, let snippet = terms?.snippet(of: text) else { return .marked(text, marks(text)) }
        return .marked(snippet.text, HighlightRanges.scalars(snippet.ranges, in: snippet.text))
    }

    /// The marks of a text as JSON.
    ///
    /// - Parameter field: which text it is, where there are several.
    func json(_ text: String, field: String? = nil) -> [JSONValue] {
        marks(text).map { mark in
            let name = field.map { [JSONValue.Member("field", .string($0))] } ?? []
            return .object(
                name + [
                    .init("start", .integer(Int64(mark.lowerBound))), .init("end", .integer(Int64(mark.upperBound))),
                ])
        }
    }

    private func marks(_ text: String) -> [Range<Int>] {
        HighlightRanges.scalars(terms?.ranges(in: text) ?? [], in: text)
    }
}

extension ValueType where Value == Search.Cursor {
    /// What `search posts` and `search media` print as the cursor of an item.
    static var searchCursor: ValueType<Search.Cursor> {
        ValueType(.custom("search"), placeholder: "CURSOR", expecting: "a cursor of the same search") {
            (word) throws(ValueError) in
            guard let cursor = Search.Cursor(word) else { throw ValueError() }
            return cursor
        }
    }
}
