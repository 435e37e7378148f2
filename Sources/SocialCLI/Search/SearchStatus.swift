// `search status`: how far the search indexes have come.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum SearchStatus {
    static let fields = [
        Field("shard", .integer, "the shard"), Field("source", .string, "what is indexed: posts, users or media"),
        Field("segments", .integer, "segments on disk"), Field("documents", .integer, "documents in them"),
        Field("dead", .integer, "documents that they still hold and that are no more, or say something else now"),
        Field("bytes", .integer, "bytes of the files"),
        Field(
            "behind", .integer, nullable: true,
            "commits that are read along with it; null: it is made by the next search"
        ),
    ]

    static let command = Command(
        ["search", "status"], "Show how far search indexes have come",
        discussion: """
            An index that is behind is as good as one that is not: what it lacks is read along with it, and written \
            into it when that is much.
            """,
        examples: [
            Example("social search status --json | jq 'map(.bytes) | add'", "Print the bytes of all indexes")
        ], fields: fields, handler: Verb(run))

    private static func run(_ session: Session) throws { try print(session, session.network().search.status()) }

    /// Prints how indexes are.
    static func print(_ session: Session, _ rows: [Search.IndexStatus]) throws {
        try session.printList(fields) { emit in
            for row in rows {
                let cells: [Cell] = [
                    .integer(Int64(row.shard)), .text(row.source.rawValue), .integer(Int64(row.segments)),
                    .integer(Int64(row.documents)), .integer(Int64(row.dead)), .integer(Int64(row.bytes)),
                    .integer(orNull: row.behind),
                ]
                guard try emit(cells) else { return }
            }
        }
    }
}
