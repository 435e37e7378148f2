// `feed status`: how far the cached feeds have come.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FeedStatus {
    static let command = Command(
        ["feed", "status"], "Show how far cached feeds have come",
        examples: [Example("social feed status --json | jq 'map(.lag) | max'", "The largest lag of any shard")],
        fields: [
            Field("shard", .integer, "the shard"), Field("accounts", .integer, "accounts, each of which has a feed"),
            Field("feeds", .integer, "feeds that are read from the cache; the others are read from the truth"),
            Field("entries", .integer, "posts in them"),
            Field("pulled_authors", .integer, "authors whose posts are fetched when feeds are read"),
            Field("bytes", .integer, "bytes of the cache file"),
            Field("oldest", .time, nullable: true, "when the feed that was filled longest ago was filled"),
            Field("lag", .integer, nullable: true, "commits not applied yet; null: the cache must be rebuilt"),
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let rows = try session.network().feeds.status()
        try session.printList(command.fields) { emit in
            for row in rows {
                let cells: [Cell] = [
                    .integer(Int64(row.shard)), .integer(Int64(row.accounts)), .integer(Int64(row.feeds)),
                    .integer(Int64(row.entries)), .integer(Int64(row.pulledAuthors)), .integer(Int64(row.bytes)),
                    .time(orNull: row.oldest), .integer(orNull: row.lag),
                ]
                guard try emit(cells) else { return }
            }
        }
    }
}
