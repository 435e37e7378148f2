// `search explain`: every stage of a search, from the text of the query to each part of each score.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum SearchExplain {
    static let command = Command(
        ["search", "explain"], "Show how a query is understood, and why posts are found in that order",
        discussion: """
            The stages of "social search posts": the query without markup; its terms, folded, and as the index has \
            them; what may be misspelled; the tree in which they are combined; each list of posts that this needs, in \
            how many posts of the whole network it is, and what that makes it worth; the same on every shard; and each \
            post that is found, with what each list gives to its score: worth times share, where the share grows with \
            the frequency in the post and falls with its length. On a terminal the stages are sections.
            """,
        operands: [SearchNoun.query],
        options: [
            SearchNoun.rank, SearchNoun.reader, SearchNoun.exact, SearchPosts.paging.after, CommonOptions.limit,
        ],
        examples: [
            Example("social search explain 'one OR two' --json | jq -r .tree", "Print how words are combined"),
            Example(
                "social search explain two --json | jq '.found[] | {id, score, terms}'", "Print what scores are made of"
            ),
        ],
        fields: [
            Field("query", .string, "the query"),
            Field("rank", .string, "the order of what is found"),
            Field("plain", .string, "the query without markup, character references and addresses"),
            Field("terms", .array, "its terms: text, stem, kind, and start and end in code points"),
            Field("corrections", .array, "what may be misspelled: written, meant, applied"),
            Field("tree", .string, "how they are combined"),
            Field("lists", .array, "lists of posts: list, documents, worth; null for what does not rank"),
            Field("documents", .integer, "posts of the network"),
            Field("average_length", .number, "terms of a post on average"),
            Field("shards", .array, "what each shard was asked: shard, segments, documents, matches"),
            Field("found", .array, "posts in order: id, author, text, score, length, and terms with their scores"),
        ], exits: SearchNoun.exits, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let request = try SearchNoun.request(session, limit: CommonOptions.limit(session.invocation))
        let stages = try session.network().search.explain(request)
        try session.printSheet(
            command.fields,
            [
                .text(request.query), .text(request.rank.map { "\($0)" } ?? ""), .text(stages.plainText),
                .list(stages.terms) { json($0, in: request.query) }, .list(stages.corrections, json),
                .text(stages.tree), .list(stages.lists, json), .integer(Int64(stages.statistics.documents)),
                .measure(stages.statistics.averageLength), .list(stages.shards, json), .list(stages.found, json),
            ])
    }

    private static func json(_ term: SearchExplanation.TermStage, in query: String) -> JSONValue {
        let range = Excerpt(query, bytes: term.range).range
        return [
            "text": .string(term.text), "stem": .string(term.stem), "kind": .string(term.kind),
            "start": .integer(Int64(range.lowerBound)), "end": .integer(Int64(range.upperBound)),
        ]
    }

    private static func json(_ correction: Correction) -> JSONValue {
        [
            "written": .string(correction.written), "meant": .string(correction.meant),
            "applied": .bool(correction.isApplied),
        ]
    }

    private static func json(_ list: SearchExplanation.ListStage) -> JSONValue {
        [
            "list": .string(list.description), "documents": list.documents.map { .integer(Int64($0)) } ?? .null,
            "worth": .measure(list.worth),
        ]
    }

    private static func json(_ shard: SearchExplanation.ShardStage) -> JSONValue {
        [
            "shard": .integer(Int64(shard.shard)), "segments": .integer(Int64(shard.segments)),
            "documents": .integer(Int64(shard.documents)), "matches": .integer(Int64(shard.matches)),
        ]
    }

    private static func json(_ found: SearchExplanation.Scored) -> JSONValue {
        [
            "id": .string(found.hit.item.id.description), "author": .string(found.hit.item.author.handle.display),
            "text": .string(found.hit.item.subject.text), "score": .measure(found.hit.score),
            "length": .integer(Int64(found.length)), "terms": .array(found.terms.map(json)),
        ]
    }

    private static func json(_ term: SearchExplanation.ScoreTerm) -> JSONValue {
        [
            "list": .string(term.description), "frequency": .integer(Int64(term.frequency)),
            "documents": .integer(Int64(term.documents)), "worth": .measure(term.worth),
            "share": .measure((term.share * 10_000).rounded() / 10_000),
            "score": .measure(term.score),
        ]
    }
}
