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
            CommonOutput.cursor,
        ], exits: SearchNoun.exits, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let request = try SearchNoun.request(session, limit: paging.limit(line))
        try checkCursors(line, request)
        let network = try session.network()
        let search = network.search
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
                for (hit, cells) in zip(hits, try PostOutput.rows(hits.map(\.item), network)) {
                    guard try emit(cells + [.measure(hit.score), .text(hit.cursor.description)]) else { return false }
                }
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
