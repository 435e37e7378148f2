// `feed status`: how far the cached feeds have come.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FeedStatus {
    static let command = Command(
        ["feed", "status"], "Show how far cached feeds have come",
        examples: [Example("social feed status --json | jq 'map(.lag) | max'", "The largest lag of any shard")],
        fields: [
            Field("shard", .integer, "the shard"), Field("feeds", .integer, "cached feeds"),
            Field("bytes", .integer, "bytes of the cache file"),
            Field("lag", .integer, nullable: true, "commits not applied yet; null: the cache must be rebuilt"),
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let rows = try session.network().feeds.status()
        try session.printList(command.fields) { emit in
            for row in rows {
                let cells: [Cell] = [
                    .integer(Int64(row.shard)), .integer(Int64(row.feeds)), .integer(Int64(row.bytes)),
                    .integer(orNull: row.lag),
                ]
                guard try emit(cells) else { return }
            }
        }
    }
}
