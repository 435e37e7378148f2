// `search posts`: the posts that answer a query.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum SearchPosts {
    static let paging = Paging(.searchCursor, .descending, isRanked: true)

    static let command = Command(
        ["search", "posts"], "Find posts by what they say",
        discussion: """
            A query is words; posts that have more of them, and rarer ones, come first. It may also hold "phrases", \
            word*, +must, -not, AND, OR, parentheses, #tags, @mentions, emoji and filters such as from:ana, \
            since:2026-01-31, has:link and sort:recent: see "social help queries". What a command before this one has \
            changed is found already.

            With --rank relevance posts are ranked by their words (BM25 with the statistics of the whole network: the \
            number of shards changes no score). With --rank top the \(Limits.searchCandidates) that answer best and \
            the \(Limits.searchCandidates) newest are ranked by relevance · log2(2 + points) · 2^(-age / 7 days), \
            where a like is a point, an answer and a repost are two. With --rank recent the newest come first, without \
            a score. --rank goes before sort: in the query.

            Where words occur nowhere, what was probably meant is looked for instead, which the standard error says; \
            words in quotes are never changed, and no word with --exact. Reposts are found as what they pass on. A \
            cursor goes on in the same query under the same --rank.
            """,
        operands: [SearchNoun.query],
        options: [SearchNoun.rank, SearchNoun.reader, SearchNoun.exact] + paging.options,
        groups: [ExclusiveGroup(CommonOptions.limit, CommonOptions.all)],
        examples: [
            Example("social search posts two --json | jq -r '.[].text'", "Print the texts of posts that say two"),
            Example("social search posts 'one OR two -three' --rank recent", "Find the newest that say either"),
            Example("social search posts '\"one\" from:ana since:2026-01-31'", "Find what ana said since then"),
            Example("social search posts one --for ana --format ids", "Leave out whom ana does not see"),
            Example("social search posts -- -three one", "Write a query that begins with a sign"),
        ],
        fields: PostOutput.fields + [
            Field("score", .number, nullable: true, "how well it answers; null under --rank recent"),
            Field("highlights", .array, "what of the text was looked for: start and end, in Unicode code points"),
            CommonOutput.cursor,
        ], exits: SearchNoun.exits, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let request = try SearchNoun.request(session, limit: paging.limit(line))
        try checkCursors(line, request)
        let output = FoundPostOutput(session, try session.network())
        let search = output.network.search
        var shown = 0
        var answer: Search.Answer?
        try session.printList(command.fields) { emit in
            try paging.forEach(
                line, cursor: \.cursor,
                fetch: { page in
                    let found = try search.posts(request, page)
                    answer = found
                    return found.hits
                }
            ) { hits in
                let highlights = answer.map { search.highlights(of: $0.run) }
                for cells in try output.rows(hits, highlights) { guard try emit(cells) else { return false } }
                shown += hits.count
                return true
            }
        }
        guard let answer else { return }
        try session.note(answer.corrections, in: request.query)
        guard paging.goesDown(line), answer.hasMore else { return }
        try session.noteCut(after: shown, of: request.limit) { max(1, try search.count(answer.run) - shown) }
    }

    /// A cursor is a place in one order only.
    private static func checkCursors(_ line: Invocation, _ request: Search.Request) throws {
        for option in [paging.after, paging.before] {
            guard let cursor = line[option], (cursor.place == nil) != (request.rank == .recent) else { continue }
            let origin = cursor.place == nil ? "under --rank recent" : "that is not under --rank recent"
            throw line.error(.invalidValue, "this cursor belongs to a search \(origin)", about: option)
        }
    }
}

extension Search {
    /// A piece of what a query finds.
    fileprivate func posts(_ request: Request, _ page: Page<Cursor>) throws -> Answer {
        var request = request
        request.after = page.after
        request.limit = page.limit
        guard page.takesEnd, let end = page.before else { return try posts(request) }
        // Whoever goes back up is shown the last of what comes from the beginning to there.
        request.limit = Limits.firstPageRows
        var last: [Hit] = []
        while true {
            var answer = try posts(request)
            let part = answer.hits.prefix { $0.cursor > end }
            last = (last + part).suffix(page.limit)
            guard part.count == answer.hits.count, answer.hasMore else {
                answer.hits = last
                return answer
            }
            request.after = part.last?.cursor
        }
    }
}

/// Found posts as they are printed.
private struct FoundPostOutput {
    let network: Network
    /// Whether long texts are shown in part.
    private let cutsTexts: Bool

    init(_ session: Session, _ network: Network) {
        self.network = network
        cutsTexts = session.format == .table && session.world.terminal.columns != nil
    }

    /// A row for each post.
    func rows(_ hits: [Search.Hit], _ highlights: HighlightTerms?) throws -> [[Cell]] {
        try zip(hits, PostOutput.rows(hits.map(\.item), network)).map { hit, cells in
            let text = hit.item.subject.text
            let marks = HighlightRanges.scalars(highlights?.ranges(in: text) ?? [], in: text)
            let ranges = marks.map { mark in
                JSONValue.object([
                    .init("start", .integer(Int64(mark.lowerBound))), .init("end", .integer(Int64(mark.upperBound))),
                ])
            }
            var cells = cells
            cells[2] = shown(text, marks, highlights)
            return cells + [.measure(hit.score), .json(.array(ranges)), .text(hit.cursor.description)]
        }
    }

    /// The text with what was looked for, on a terminal the part in which most of it stands.
    private func shown(_ text: String, _ marks: [Range<Int>], _ highlights: HighlightTerms?) -> Cell {
        guard cutsTexts, let snippet = highlights?.snippet(of: text) else { return .marked(text, marks) }
        return .marked(snippet.text, HighlightRanges.scalars(snippet.ranges, in: snippet.text))
    }
}

extension ValueType where Value == Search.Cursor {
    /// What `search posts` prints as the cursor of an item.
    static var searchCursor: ValueType<Search.Cursor> {
        ValueType(.custom("search"), placeholder: "CURSOR", expecting: "a cursor of \"search posts\"") {
            (word) throws(ValueError) in
            guard let cursor = Search.Cursor(word) else { throw ValueError() }
            return cursor
        }
    }
}
