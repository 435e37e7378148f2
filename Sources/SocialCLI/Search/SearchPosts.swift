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
        options: [SearchNoun.rank, SearchNoun.reader, SearchNoun.exact, AccessRecording.option] + paging.options,
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
        let request = try SearchNoun.request(session, limit: paging.limit(session.invocation))
        let network = try session.network()
        try SearchResults(
            session: session, paging: paging, query: request.query, isRecent: request.rank == .recent,
            find: { search, limit, after in
                var request = request
                request.limit = limit
                request.after = after
                return try search.posts(request)
            },
            rows: { hits, texts in
                try zip(hits, PostOutput.rows(hits.map(\.item), network)).map { hit, cells in
                    let text = hit.item.subject.text
                    var cells = cells
                    cells[2] = texts.cell(text)
                    return cells + [
                        .measure(hit.score), .json(.array(texts.json(text))), .text(hit.cursor.description),
                    ]
                }
            }
        ).print(command.fields)
        try SearchNoun.record(session, request.query)
    }
}
